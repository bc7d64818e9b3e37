"""The reading of C against the C compiler."""
