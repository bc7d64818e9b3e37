"""Random programs in C: expressions of all types and operators that a solver could decide of, and a few statements."""

from __future__ import annotations

from random import Random

from tests.csource.corpus import Program

TYPES = ("u8", "u16", "u32", "u64", "s8", "s16", "s32", "s64", "bool", "int", "unsigned int", "long", "unsigned long")
PARAMETERS = (("u64", "address"), ("u64", "pages"), ("u32", "type"))
_LITERALS = (
    *("0", "1", "2", "7", "255", "4096", "0x7fffffff", "0x80000000", "4294967295", "0xffffffffU", "1UL", "3U", "5L"),
    *("0xfff", "0x200000UL", "-1", "-8", "0xffffffff00000000ULL", "1ULL"),
)


class Writer:
    """Writes the text of one function; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self.random = Random(seed)
        self.readable = [name for _, name in PARAMETERS]
        self.written: list[str] = []
        self.statics = [f"state_{number}" for number in range(self.random.randrange(3))]

    def pick(self, *choices: str) -> str:
        return self.random.choice(choices)

    def literal(self) -> str:
        text = self.pick(*_LITERALS)
        return f"({text})" if text.startswith("-") else text

    def leaf(self) -> str:
        return self.literal() if self.random.random() < 0.3 else self.pick(*self.readable)

    def expression(self, depth: int) -> str:
        """An expression; what the language has no operator for stands beside a constant."""
        if depth == 0:
            return self.leaf()
        inner = self.expression(depth - 1)
        match self.random.randrange(12):
            case 0 | 1:
                return f"({inner} {self.pick('+', '-')} {self.expression(depth - 1)})"
            case 2 | 3:
                return f"({inner} {self.pick('<', '<=', '>', '>=', '==', '!=')} {self.expression(depth - 1)})"
            case 4:
                return f"({inner} {self.pick('&', '|', '^', '*')} {self.literal()})"
            case 5:
                # The widths of the operands are not known here: by no more than a shift of any type may be.
                return f"({inner} {self.pick('<<', '>>')} {self.random.randrange(32)})"
            case 6:
                return f"({inner} {self.pick('/', '%')} {self.pick('2', '3', '8', '4096', '7U', '16UL', '(-4)')})"
            case 7:
                return f"({self.pick('-', '~', '!', '!!')}{inner})"
            case 8 | 9:
                return f"(({self.pick(*TYPES)}){inner})"
            case 10:
                return f"({inner} ? {self.expression(depth - 1)} : {self.expression(depth - 1)})"
            case _:
                return f"({inner} {self.pick('&&', '||')} {self.expression(depth - 1)})"

    def assignment(self, indent: str) -> str:
        target = self.pick(*self.written)
        if self.random.random() < 0.2:
            return f"{indent}{target}{self.pick('++', '--')};"
        operator = self.pick("=", "=", "+=", "-=")
        return f"{indent}{target} {operator} {self.expression(2)};"

    def function(self, name: str) -> str:
        """The function and the state that it has."""
        lines = [f"static {self.pick(*TYPES)} {each} = {self.literal()};" for each in self.statics]
        self.written += self.statics
        self.readable += self.statics
        lines += ["", f"u64 {name}({', '.join(f'{kind} {called}' for kind, called in PARAMETERS)})", "{"]
        for number in range(self.random.randrange(1, 4)):
            lines.append(f"\t{self.pick(*TYPES)} local_{number} = {self.expression(3)};")
            self.written.append(f"local_{number}")
            self.readable.append(f"local_{number}")
        for _ in range(self.random.randrange(3)):
            lines.append(f"\tif ({self.expression(2)}) {{")
            lines.append(self.assignment("\t\t"))
            lines += ["\t} else {", self.assignment("\t\t")] if self.random.random() < 0.5 else []
            lines.append("\t}")
        lines += [f"\treturn {self.expression(3)};", "}"]
        return "\n".join(lines).strip() + "\n"


def random_program(seed: int) -> Program:
    """Write the program of a seed; it has no twin."""
    name = f"random_{seed}"
    text = Writer(seed).function(name)
    return Program(name, "", text, text)
