"""The budget of an algorithm: how much a map may hold so that everything is placed, as a theorem with two sides."""
