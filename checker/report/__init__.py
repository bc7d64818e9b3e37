"""Results as text and JSON: pure functions that print nothing and know no particular format or model."""
