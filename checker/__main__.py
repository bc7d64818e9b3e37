"""``python -m checker``: the command without its script."""

from checker.cli import main

if __name__ == "__main__":
    main()
