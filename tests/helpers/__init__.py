"""What several tests use: files and programs, the command, logs and hand-overs to read."""
