"""Parts of ``mapproof verify``: what it leaves in files, and how it goes on when a file changes."""
