"""The records: what commands have said of the whole, kept beside the tests."""
