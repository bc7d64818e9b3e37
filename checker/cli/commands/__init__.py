"""The commands, a file for each: reads what the command line says, calls the rooms, and has the report told."""
