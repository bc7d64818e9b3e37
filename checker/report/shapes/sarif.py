"""The part of SARIF 2.1.0 that reports use, with the names of its specification (OASIS, section 3)."""

from __future__ import annotations

from msgspec import Struct, field


class SarifShape(Struct, frozen=True, rename="camel", omit_defaults=True):
    """An object of SARIF: what is not said is left out."""


class MessageShape(SarifShape, frozen=True):
    """A message; ``markdown`` is the same for who can show it."""

    text: str
    markdown: str | None = None


class ArtifactLocationShape(SarifShape, frozen=True):
    """A file, by its way from the folder in which the command ran, or by its full address."""

    uri: str
    uri_base_id: str | None = None


class RegionShape(SarifShape, frozen=True):
    """A stretch of a file; lines and columns count from 1, the end is exclusive."""

    start_line: int
    start_column: int
    end_line: int
    end_column: int


class PhysicalLocationShape(SarifShape, frozen=True):
    """A place in a file."""

    artifact_location: ArtifactLocationShape
    region: RegionShape | None = None


class LogicalLocationShape(SarifShape, frozen=True):
    """A place by names: a scenario, or a map."""

    fully_qualified_name: str


class LocationShape(SarifShape, frozen=True):
    """A place, and what is there."""

    physical_location: PhysicalLocationShape | None = None
    message: MessageShape | None = None
    logical_locations: list[LogicalLocationShape] = field(default_factory=list)


class SuppressionShape(SarifShape, frozen=True):
    """A reason why a result does not count."""

    kind: str
    justification: str


class SarifResultShape(SarifShape, frozen=True, kw_only=True):
    """A result: a verdict that is not as expected, or a finding."""

    rule_id: str
    rule_index: int
    level: str
    message: MessageShape
    locations: list[LocationShape] = field(default_factory=list)
    related_locations: list[LocationShape] = field(default_factory=list)
    partial_fingerprints: dict[str, str]
    baseline_state: str | None = None
    suppressions: list[SuppressionShape] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)


class DescriptorReferenceShape(SarifShape, frozen=True):
    """A reference to a rule or notification, by its code."""

    id: str
    index: int


class ReportingDescriptorShape(SarifShape, frozen=True):
    """A rule or notification: a code with its page."""

    id: str
    short_description: MessageShape
    full_description: MessageShape
    help: MessageShape


class NotificationShape(SarifShape, frozen=True):
    """A thing that kept the tool from doing what it was asked for."""

    descriptor: DescriptorReferenceShape
    level: str
    message: MessageShape


class InvocationShape(SarifShape, frozen=True):
    """The run of the command: whether it could do what it was asked for, and its exit status."""

    execution_successful: bool
    exit_code: int
    exit_code_description: str
    tool_execution_notifications: list[NotificationShape] = field(default_factory=list)


class DriverShape(SarifShape, frozen=True):
    """The tool, with all codes that the results speak of."""

    name: str
    version: str
    rules: list[ReportingDescriptorShape]
    notifications: list[ReportingDescriptorShape] = field(default_factory=list)


class ToolShape(SarifShape, frozen=True):
    """The tool."""

    driver: DriverShape


class SarifRunShape(SarifShape, frozen=True):
    """One run of the tool. Columns count characters."""

    tool: ToolShape
    invocations: list[InvocationShape]
    results: list[SarifResultShape]
    column_kind: str = field(name="columnKind")
    properties: dict[str, str] = field(default_factory=dict)


class SarifLogShape(SarifShape, frozen=True):
    """A file of SARIF."""

    schema: str = field(name="$schema")
    version: str = field(name="version")
    runs: list[SarifRunShape]
