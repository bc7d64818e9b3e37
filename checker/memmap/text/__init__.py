"""Lists of regions in text: lines, rows, and where a list begins and ends."""
