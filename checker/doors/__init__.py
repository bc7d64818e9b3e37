"""The functions that `import checker` promises; each loads what it needs when it is called."""
