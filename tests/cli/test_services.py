"""The files for build services, carried out as far as that goes without them: the composite action step by step, the
hooks by pre-commit itself, the snippet for GitLab as its runner executes a script."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import sys
import time
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import checker
from tests.helpers.command import program
from tests.helpers.in_process import run
from tests.helpers.places import ROOT
from tests.helpers.reading import annotations, junit, outcome, published_schema, sarif

ACTION = ROOT / ".github" / "actions" / "verify" / "action.yml"
PAGE = ROOT / "docs" / "ci.md"


def snippets() -> dict[str, Any]:
    """The examples of the page, by the words that stand over them."""
    sections = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    found = {each.partition("\n")[0]: re.search(r"```yaml\n(.*?)```", each, re.DOTALL) for each in sections}
    return {title: yaml.safe_load(match.group(1)) for title, match in found.items() if match is not None}


@pytest.fixture
def tools(tmp_path: Path) -> dict[str, str]:
    """The environment of a job in which `mapproof` is installed."""
    folder = tmp_path / "tools"
    folder.mkdir()
    (folder / "mapproof").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m checker "$@"\n')
    (folder / "mapproof").chmod(0o755)
    return {"PATH": f"{folder}:/usr/bin:/bin", "PYTHONPATH": str(ROOT), "HOME": str(tmp_path)}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    (folder / "layouts").mkdir(parents=True)
    return folder


def write(project: Path, checks: str) -> None:
    (project / "layouts" / "cells.layout").write_text(program(checks))


def test_the_first_example_of_the_page_writes_its_reports(project: Path) -> None:
    write(project, "check none(shelf)")
    found = re.search(r"```sh\n(.*?)\n```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert found is not None
    assert run(project, *shlex.split(found[1])[1:], "--no-cache").status == 1
    assert [each["ruleId"] for each in sarif((project / "mapproof.sarif").read_text())["results"]] == ["V001"]
    assert [outcome(case) for case in junit((project / "mapproof.xml").read_text())] == ["failure V001: refuted"]
    assert (project / "summary.md").read_text().startswith("## mapproof: not as expected\n")


# --- GitHub


@dataclass(frozen=True)
class Job:
    """What a job came to: the status of the step that failed, its log, its outputs and its summary."""

    status: int
    log: str
    outputs: dict[str, str]
    summary: str


def job(project: Path, environment: dict[str, str], **inputs: str) -> Job:
    """Carry out the action as a runner does: inputs have their defaults, a step whose condition does not hold is passed
    over, the others are run by bash in the folder of the project."""
    action = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    values = {
        name: inputs.get(name.replace("-", "_"), each.get("default", "")) for name, each in action["inputs"].items()
    }
    known = {f"inputs.{name}": value for name, value in values.items()} | {"github.action_path": str(ACTION.parent)}
    kept = {name: project.parent / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    status, log = 0, ""
    for each in kept.values():
        each.write_text("")
    for step in action["runs"]["steps"]:
        if "if" in step:
            name, _, wanted = step["if"].partition(" == ")
            if known[name] != wanted.strip("'"):
                continue
        given = {
            name: re.sub(r"\$\{\{ ([\w.-]+) \}\}", lambda m: known[m[1]], text) for name, text in step["env"].items()
        }
        done = subprocess.run(
            [step["shell"], "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=project,
            env={**environment, **given, **{name: str(path) for name, path in kept.items()}},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        status, log = done.returncode, log + done.stdout + done.stderr
        if status:
            break
    outputs = dict(line.split("=", 1) for line in kept["GITHUB_OUTPUT"].read_text().splitlines())
    return Job(status, log, outputs, kept["GITHUB_STEP_SUMMARY"].read_text())


def test_the_action_is_one_and_so_is_the_workflow_that_uses_it() -> None:
    Draft7Validator(published_schema("GitHub Action")).validate(yaml.safe_load(ACTION.read_text(encoding="utf-8")))
    workflow = snippets()["GitHub Actions"]
    # A key `on` is true to this version of YAML, but not to the service.
    Draft7Validator(published_schema("GitHub Workflow")).validate({"on": workflow.pop(True), **workflow})
    (step,) = [each for each in workflow["jobs"]["verify"]["steps"] if each.get("id") == "mapproof"]
    place = step["uses"].removeprefix("OWNER/mapproof/").removesuffix("@REVISION")
    assert (ROOT / place / "action.yml") == ACTION
    assert set(step["with"]) <= set(yaml.safe_load(ACTION.read_text(encoding="utf-8"))["inputs"])


@pytest.mark.slow
def test_the_action_annotates_sums_up_and_leaves_reports(project: Path, tools: dict[str, str]) -> None:
    write(project, "check none(shelf) check low(shelf)")
    done = job(project, tools, paths="layouts", options="--timeout 30", install="false")
    assert done.status == 1
    assert [each.about["file"] for each in annotations(done.log)] == ["layouts/cells.layout"]
    assert done.summary.startswith("## mapproof: not as expected\n")
    assert "map `cells` (physical addresses, lowest first)" in done.summary
    assert done.outputs["status"] == "1"
    made = sarif((project / done.outputs["sarif"]).read_text())
    assert [each["ruleId"] for each in made["results"]] == ["V001"]
    assert [outcome(case) for case in junit((project / done.outputs["junit"]).read_text())][1:] == ["passed"]


@pytest.mark.slow
def test_the_inputs_of_the_action_are_arguments_and_no_script(project: Path, tools: dict[str, str]) -> None:
    write(project, "check none(shelf)")
    (project / "b c.json").write_text('{"format": "mapproof baseline 1", "tool": "", "known": []}')
    done = job(project, tools, paths="$(touch oops) layouts", baseline="b c.json", fail_on="unknown", install="false")
    assert (done.status, done.outputs["status"]) == (2, "2")
    assert not (project / "oops").exists()
    assert "title=refuted [V001]" in done.log


def asked_of(project: Path, environment: dict[str, str], **inputs: str) -> tuple[Job, list[str]]:
    """What comes of the action, and the words that it gives the command: here one that only keeps them."""
    command = Path(environment["PATH"].split(":")[0]) / "mapproof"
    command.write_text('#!/bin/sh\nfor word; do echo "$word"; done >"$HOME/asked"\n')
    done = job(project, environment, install="false", **inputs)
    kept = Path(environment["HOME"], "asked")
    return done, kept.read_text().splitlines() if kept.exists() else []


def test_the_inputs_of_the_action_may_have_several_lines(project: Path, tools: dict[str, str]) -> None:
    paths, options = "layouts old.layout\n\n  more\n", "--timeout 30\n--jobs\t1\n"
    done, words = asked_of(project, tools, paths=paths, options=options)
    assert done.outputs["status"] == "0"
    assert words[words.index("--") + 1 :] == ["layouts", "old.layout", "more"]
    assert words[:5] == ["verify", "--timeout", "30", "--jobs", "1"]


def test_the_action_does_not_pass_on_the_shipped_models_where_no_path_is_named(
    project: Path, tools: dict[str, str]
) -> None:
    done, words = asked_of(project, tools, paths=" \n")
    assert (done.status, done.outputs, words) == (2, {"status": "2"}, [])
    assert "::error title=wrong input::paths: name the files" in done.log


def test_the_action_names_no_report_where_there_is_none(project: Path, tools: dict[str, str]) -> None:
    """An option that is wrong ends before anything is written: code scanning must not be sent after what was left by
    the job before."""
    write(project, "check low(shelf)")
    (project / "mapproof-reports").mkdir()
    (project / "mapproof-reports" / "mapproof.sarif").write_text("{}")
    done = job(project, tools, paths="layouts", options="--no-such-option", install="false")
    assert (done.status, done.outputs) == (2, {"status": "2"})


def test_a_job_that_is_cancelled_leaves_its_reports(project: Path, tools: dict[str, str]) -> None:
    """The service tells the shell alone, and kills what is left some seconds later."""
    write(project, "check low(shelf)")
    slow = (
        "import checker.prove as p, time\nfrom pathlib import Path\n"
        "def decide(*given):\n    Path('begun').touch()\n    time.sleep(60)\n    yield\n"
        "p.decide = decide\nfrom checker.cli import main\nmain()\n"
    )
    (project / "slow.py").write_text(slow)
    Path(tools["PATH"].split(":")[0], "mapproof").write_text(f'#!/bin/sh\nexec "{sys.executable}" slow.py "$@"\n')
    (step,) = [s for s in yaml.safe_load(ACTION.read_text())["runs"]["steps"] if s.get("id") == "verify"]
    given = {"PATHS": "layouts", "OPTIONS": "--no-cache", "BASELINE": "", "FAIL_ON": "", "REPORTS": "reports"}
    kept = {name: str(project / name) for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    with subprocess.Popen(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
        cwd=project,
        env={**tools, **given, **kept},
        stdout=subprocess.PIPE,
        text=True,
    ) as shell:
        deadline = time.monotonic() + 60
        while not (project / "begun").exists() and time.monotonic() < deadline:
            time.sleep(0.05)
        shell.send_signal(signal.SIGINT)
        log, _ = shell.communicate(timeout=30)
    assert shell.returncode == 143
    assert "status=143\n" in (project / "GITHUB_OUTPUT").read_text()
    assert [each.about["title"] for each in annotations(log)] == ["error [C056]", "not decided [V009]"]
    assert (project / "GITHUB_STEP_SUMMARY").read_text().startswith("## mapproof: interrupted\n")
    assert [each["ruleId"] for each in sarif((project / "reports" / "mapproof.sarif").read_text())["results"]] == [
        "V009"
    ]


def test_the_action_installs_the_version_that_it_is_of(project: Path, tools: dict[str, str]) -> None:
    python = Path(tools["PATH"].split(":")[0]) / "python3"
    python.write_text('#!/bin/sh\necho "$@" >"$HOME/asked"; exit 9\n')
    python.chmod(0o755)
    assert job(project, tools, paths="layouts").status == 9
    asked = Path(tools["HOME"], "asked").read_text().split()
    assert asked[:3] == ["-m", "pip", "install"]
    described = tomllib.loads((Path(asked[-1]) / "pyproject.toml").read_text(encoding="utf-8"))
    assert described["project"]["scripts"] == {"mapproof": "checker.cli:main"}


# --- GitLab


@pytest.mark.slow
def test_the_snippet_for_gitlab_fails_on_what_is_refuted_and_leaves_its_report(
    project: Path, tools: dict[str, str]
) -> None:
    pipeline = snippets()["GitLab CI"]
    Draft7Validator(published_schema("gitlab-ci")).validate(pipeline)
    write(project, "check none(shelf)")
    place = project / "layouts" / "cells.layout"
    formatted = checker.format_text(place.read_text(encoding="utf-8"))
    assert isinstance(formatted, str)
    place.write_text(formatted, encoding="utf-8")
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(pipeline["mapproof"]["script"])],
        cwd=project,
        env=tools,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    report = project / pipeline["mapproof"]["artifacts"]["reports"]["junit"]
    assert "failure V001: refuted" in [outcome(case) for case in junit(report.read_text())]


# --- pre-commit


@pytest.mark.slow
def test_the_hooks_format_what_a_commit_changes_and_verify_what_uses_it(project: Path, tools: dict[str, str]) -> None:
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    Draft7Validator(published_schema(".pre-commit-hooks.yml")).validate(hooks)
    asked = snippets()["pre-commit"]["repos"][0]["hooks"]
    assert [each["id"] for each in asked] == [each["id"] for each in hooks]
    # As they are, but in the environment that is there: to make another one takes the network.
    local = [{**each, "language": "system"} for each in hooks]
    (project / ".pre-commit-config.yaml").write_text(yaml.safe_dump({"repos": [{"repo": "local", "hooks": local}]}))
    module, scenario = program("check none(shelf)").split("scenario s", 1)
    (project / "layouts" / "cells.layout").write_text(module)
    (project / "layouts" / "user.layout").write_text(f"use cells\nscenario s{scenario}")
    (project / "notes.txt").write_text("nothing for the hooks\n")
    environment = {**os.environ, **tools, "PRE_COMMIT_HOME": str(project.parent / "kept")}

    def hook(name: str, *files: str) -> subprocess.CompletedProcess[str]:
        which = ["--files", *files] if files else ["--all-files"]
        command = [sys.executable, "-m", "pre_commit", "run", *which, "--color", "never", name]
        return subprocess.run(
            command, cwd=project, env=environment, capture_output=True, text=True, timeout=60, check=False
        )

    subprocess.run(["git", "init", "--quiet"], cwd=project, check=True)
    subprocess.run(["git", "add", "."], cwd=project, check=True)
    first, second = hook("mapproof-fmt"), hook("mapproof-fmt")
    assert (first.returncode, second.returncode) == (1, 0), first.stdout + first.stderr
    assert "files were modified by this hook" in first.stdout
    assert "Skipped" in hook("mapproof-verify", "notes.txt").stdout
    verified = hook("mapproof-verify", "layouts/cells.layout")
    assert verified.returncode == 1
    assert "error" not in verified.stdout
    assert "refuted  none(shelf)" in verified.stdout
