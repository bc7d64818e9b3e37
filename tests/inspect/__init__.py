"""Maps of one machine: what is wrong with them, and what is where in them."""
