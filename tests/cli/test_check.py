"""``mapproof check --handover``, as a process."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.helpers.command import mapproof
from tests.helpers.places import CAPTURES

GOOD = CAPTURES / "q35-512m-6.1-nodebug"


@pytest.mark.parametrize(
    ("name", "status", "heads"),
    [
        (
            "q35-512m-6.1-nodebug",
            0,
            [
                "first kernel -> kexec 1: restorable, restored, same layout, order changed, 0 attributes changed",
                "kexec 1 -> kexec 2: restorable, restored, same layout, order kept, 0 attributes changed",
            ],
        ),
        (
            "shaped-esrt-mok-6.12",
            1,
            [
                "first kernel -> kexec 1: restorable, NOT restored, layout differs (1 gone, 2 new), order kept, "
                "2 attributes changed",
                "kexec 1 -> kexec 2: not restorable, restored, same layout, order changed, 0 attributes changed",
            ],
        ),
        (
            "q35-4g-smm-6.1rt",
            1,
            ["first kernel -> kexec 1: not restorable", "kexec 1 -> kexec 2: not restorable"],
        ),
    ],
)
def test_each_kexec_of_a_capture_has_its_verdict(name: str, status: int, heads: list[str]) -> None:
    done = mapproof("check", "--handover", str(CAPTURES / name))
    assert [line for line in done.stdout.splitlines() if not line.startswith(" ")] == heads
    assert (done.returncode, done.stderr) == (status, "")


def test_findings_stand_under_their_kexec() -> None:
    done = mapproof("check", "--handover", str(CAPTURES / "q35-512m-mixed32-6.1"))
    assert "  error[M340]: the new kernel has no runtime map; the old one has 115 entries" in done.stdout.splitlines()
    assert done.returncode == 1


def test_files_are_checked_in_any_order() -> None:
    names = ("kexec1-setup_data.hex", "runtime-map.json", "kexec1-boot_params_efi.json")
    done = mapproof("check", "--handover", *(str(GOOD / name) for name in names))
    assert done.stdout.startswith("first kernel -> second kernel: restorable\n")
    assert done.returncode == 0


def test_json_holds_verdicts_findings_and_regions() -> None:
    done = mapproof("check", "--handover", "--format", "json", str(CAPTURES / "shaped-esrt-mok-6.12"))
    report = json.loads(done.stdout)
    assert report["exit_status"] == done.returncode == 1
    step = report["steps"][0]
    assert (step["restorable"], step["restored"], step["difference"]["attributes_changed"]) == (True, False, 2)
    assert step["difference"]["gone"] == [
        {
            "type": 4,
            "phys_addr": "0x3dfbf000",
            "num_pages": 2,
            "attribute": "0x800000000000000f",
            "virt_addr": "0xfffffffefdbbf000",
        }
    ]
    shared = next(finding for finding in step["findings"] if finding["code"] == "M333")
    assert shared["severity"] == "error"
    assert [region["phys_addr"] for region in shared["regions"]] == ["0x3dfbf000", "0x3dfc0000"]


def test_a_damaged_file_is_shown_with_a_caret(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path / "c")
    (tmp_path / "c" / "kexec1-setup_data.hex").write_text("0 type=0x4\n00zz\n")
    done = mapproof("check", "--handover", str(tmp_path / "c"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "kexec1-setup_data.hex:2:3: error[M212]: `z` is not a hexadecimal digit" in done.stderr
    assert "^" in done.stderr


def test_a_diagnostic_is_in_the_json_too(tmp_path: Path) -> None:
    done = mapproof("check", "--handover", "--format", "json", str(tmp_path))
    report = json.loads(done.stdout)
    assert (done.returncode, report["exit_status"], report["steps"]) == (2, 2, [])
    assert [each["code"] for each in report["diagnostics"]] == ["M230"]


def test_a_hand_over_has_to_be_named() -> None:
    done = mapproof("check", "--handover")
    assert done.returncode == 2
    assert done.stderr.endswith("Error: --handover: name the folder of a capture, or its files\n")


def test_a_hand_over_has_no_use_for_a_model() -> None:
    done = mapproof("check", "--handover", str(GOOD), "--model", "linux-x86-reversed")
    assert (done.returncode, done.stdout) == (2, "")
    assert "leave the other options out" in done.stderr


def test_checking_imports_no_solver() -> None:
    sabotage = f"import sys; sys.modules['z3'] = None; sys.argv = ['mapproof', 'check', '--handover', {str(GOOD)!r}]"
    done = mapproof(sabotage=sabotage)
    assert done.returncode == 0, done.stderr
