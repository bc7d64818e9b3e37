"""Models and modules, shipped and the user's: where they are, and what is in them."""

from checker.library.explain import Explanation, explain, explanations
from checker.library.find import (
    COMMAND,
    LIMITS,
    code_pages,
    find_files,
    find_model,
    models,
    overlooked,
    search_path,
    shipped_name,
    too_much,
)
from checker.library.open import Chosen, Program, find_algorithm, idle, nothing_to_check, open_program, open_programs

__all__ = [
    "COMMAND",
    "LIMITS",
    "Chosen",
    "Explanation",
    "Program",
    "code_pages",
    "explain",
    "explanations",
    "find_algorithm",
    "find_files",
    "find_model",
    "idle",
    "models",
    "nothing_to_check",
    "open_program",
    "open_programs",
    "overlooked",
    "search_path",
    "shipped_name",
    "too_much",
]
