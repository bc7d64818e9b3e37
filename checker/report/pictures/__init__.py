"""Memory as pictures: regions on address axes, drawn for a terminal, as SVG and as a page for a browser."""
