"""A language server: what an editor asks about `.layout` files, answered as one types; verdicts come from behind."""
