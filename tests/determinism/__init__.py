"""What must not change a result: how the command is run, and what chance has a part in."""
