"""Where things are that tests read."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).parents[2]
SPEC = ROOT / "spec"
MODELS = ROOT / "models"
DATA = ROOT / "tests" / "data"
CAPTURES = DATA / "handover" / "captures"
FOOLING = DATA / "fooling"
FOOLING_RUNS = DATA / "fooling-runs"
SHARED = ROOT.parent / "shared"
"""What may lie beside the repository: more maps and captures, for those who have them."""
