"""Other tellings of what programs mean, to hold the checker against."""
