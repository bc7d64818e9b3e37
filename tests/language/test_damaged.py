"""Good files with a few words damaged: still a program, or one diagnostic that points into the text; never a crash."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from checker.diagnostic import Diagnostic
from checker.language import format_text, load_text
from tests.language.programs import Writer

ROOT = Path(__file__).parents[2]
SPEC = (ROOT / "spec",)
TOKEN = re.compile(r'"[^"\n]*"|[A-Za-z0-9_]+|[<>=!]=|=>|\.\.|[-+*<&|]{1,2}%?=?|\s+|.')
GOOD = [path.read_text(encoding="utf-8") for folder in ("spec", "models") for path in (ROOT / folder).glob("*.layout")]
GOOD += re.findall(r"^```layout\n(.*?)^```$", (ROOT / "spec" / "language.md").read_text("utf-8"), re.M | re.S)


def damaged(text: str, random: Random, times: int) -> str:
    """The text with words left out, doubled, exchanged, or replaced by others of it."""
    words = TOKEN.findall(text)
    names = [index for index, word in enumerate(words) if word[0].isalnum()]
    for _ in range(times):
        here, there = random.randrange(len(words)), random.randrange(len(words))
        match random.randrange(10):
            case 0:
                words[here] = ""
            case 1:
                words[here] += " " + words[here]
            case 2:
                words[here], words[there] = words[there], words[here]
            case 3:
                words[here] = words[there]
            case _:
                words[random.choice(names)] = words[random.choice(names)]
    return "".join(words)


@settings(max_examples=250, deadline=None)
@given(st.integers(0, 1 << 32), st.integers(1, 3))
def test_a_damaged_file_is_a_program_or_a_diagnostic_with_a_place_and_a_remedy(seed: int, times: int) -> None:
    random = Random(seed)
    good = random.choice(GOOD) if random.random() < 0.7 else Writer(random, 10).algorithm()
    text = damaged(good, random, times)
    result = load_text("damaged.layout", text.encode(), SPEC)
    if isinstance(result, Diagnostic):
        assert result.span is not None
        assert 0 <= result.span.start <= result.span.end <= len(result.span.source.text)
        assert result.help
        assert result.message
    else:
        assert isinstance(format_text("damaged.layout", text.encode()), str)
