#!/usr/bin/env bash
# edk2-pytool-library: the DSC parser decides `!if 1 > 2 AND 3 < 4` as true; EDK II's build decides it as false.
#
# Guess: the parser of platform descriptions orders operators as EDK II's build tools do (edk2-basetools): NOT before
#   comparisons before AND before OR.
# Behaviour: == and != come first; <, >, AND and OR all have one rank and go from left to right; NOT comes last. So a
#   comparison after AND is made with the result of what stands before it ((1 > 2 AND 3) < 4), TRUE OR FALSE AND FALSE
#   is (TRUE OR FALSE) AND FALSE, and NOT FALSE AND FALSE is NOT (FALSE AND FALSE). With brackets it is right.
#   Arithmetic (1 + 1 == 2), which the build takes, raises RuntimeError.
# Seen (edk2-pytool-library 0.23.17, edk2-basetools 0.1.53; 2026-11-27):
#                                    parser   build
#   !if 1 > 2 AND 3 < 4              true     false
#   !if 1 == 2 AND 3 < 4             true     false
#   !if TRUE OR FALSE AND FALSE      false    true
#   !if NOT FALSE AND FALSE          true     false
#   !if (1 > 2) AND (3 < 4)          false    false
# What it means: a list of the modules or PCDs of a platform, made with this library in CI, can hold others than those
#   that were built. In one's own DSC files put brackets around every comparison: then both agree.
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q --disable-pip-version-check edk2-pytool-library==0.23.17 edk2-basetools==0.1.53
cd "$work"
"$work/venv/bin/python" - <<'PY'
import logging
import os
import sys
from importlib.metadata import version

import edk2basetools
from edk2toollib.uefi.edk2.parsers.dsc_parser import DscParser

sys.path.insert(0, os.path.dirname(edk2basetools.__file__))
from Common.Expression import ValueExpression

logging.disable(logging.CRITICAL)
print(*(f"{name} {version(name)}" for name in ("edk2-pytool-library", "edk2-basetools")))
DSC = """[Defines]
  PLATFORM_NAME = Demo
  SUPPORTED_ARCHITECTURES = X64
[Components]
!if {}
  Demo/Taken.inf
!else
  Demo/NotTaken.inf
!endif
"""
DIFFER = ("1 > 2 AND 3 < 4", "1 == 2 AND 3 < 4", "TRUE OR FALSE AND FALSE", "NOT FALSE AND FALSE")
AGREE = ("(1 > 2) AND (3 < 4)", "TRUE OR (FALSE AND FALSE)", "1 == 2 AND 3 == 3")


def taken(condition):
    with open("Demo.dsc", "w") as file:
        file.write(DSC.format(condition))
    parser = DscParser()
    parser.SetBaseAbsPath(".")
    parser.SetPackagePaths([])
    parser.ParseFile("Demo.dsc")
    return "Demo/Taken.inf" in parser.SixMods + parser.ThreeMods + parser.OtherMods


for condition in DIFFER + AGREE:
    said, built = taken(condition), str(ValueExpression(condition, {})(True)) == "True"
    print(f"!if {condition:28} parser {said!s:6} build {built}")
    if (said != built) != (condition in DIFFER):
        sys.exit("CHANGED: this condition is decided otherwise now")
print("as described")
PY
