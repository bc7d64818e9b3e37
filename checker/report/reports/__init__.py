"""The report of each command, as one value. A renderer makes text of it."""

from __future__ import annotations

from checker.report.reports.maps import (
    AgainstReport,
    CheckReport,
    CompareReport,
    IdentifyManyReport,
    IdentifyReport,
    InspectReport,
    RunReport,
    ShowReport,
    WhereReport,
)
from checker.report.reports.programs import (
    BudgetReport,
    Detail,
    DiffReport,
    ExternalReport,
    ListReport,
    MutateReport,
    ReplayReport,
    VerifyReport,
    Versions,
)
from checker.report.reports.tool import (
    CacheReport,
    DoctorReport,
    ExplainReport,
    FmtReport,
    Formatted,
    ModelsReport,
)

__all__ = [
    "AgainstReport",
    "BudgetReport",
    "CacheReport",
    "CheckReport",
    "CompareReport",
    "Detail",
    "DiffReport",
    "DoctorReport",
    "ExplainReport",
    "ExternalReport",
    "FmtReport",
    "Formatted",
    "IdentifyManyReport",
    "IdentifyReport",
    "InspectReport",
    "ListReport",
    "ModelsReport",
    "MutateReport",
    "ReplayReport",
    "Report",
    "RunReport",
    "ShowReport",
    "VerifyReport",
    "Versions",
    "WhereReport",
]

Report = (
    VerifyReport
    | ListReport
    | DiffReport
    | MutateReport
    | BudgetReport
    | ExternalReport
    | IdentifyReport
    | IdentifyManyReport
    | CompareReport
    | RunReport
    | ShowReport
    | ReplayReport
    | CheckReport
    | InspectReport
    | AgainstReport
    | WhereReport
    | DoctorReport
    | CacheReport
    | ModelsReport
    | FmtReport
    | ExplainReport
)
