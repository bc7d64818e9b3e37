"""C to the language: a front end for the layout code of kernels, and the bindings that say what their C means.

The text that comes out is elaborated as any other, so that there is one meaning of an algorithm. What is not understood
is refused, with its place.
"""

from checker.csource.binding import Binding, read_binding
from checker.csource.imports import Argument, Imported, import_function, import_texts, import_tree, read_tree
from checker.csource.patch import MOST_BYTES as MOST_PATCH_BYTES
from checker.csource.patch import Patched, apply_patch
from checker.csource.programs import binding_of, bindings, chosen, enumerations_used, find_binding, names_used

__all__ = [
    "MOST_PATCH_BYTES",
    "Argument",
    "Binding",
    "Patched",
    "Imported",
    "apply_patch",
    "binding_of",
    "bindings",
    "chosen",
    "enumerations_used",
    "find_binding",
    "import_function",
    "import_texts",
    "import_tree",
    "names_used",
    "read_binding",
    "read_tree",
]
