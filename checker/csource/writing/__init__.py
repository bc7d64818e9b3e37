"""Steps to text: an algorithm of the language, with the line of C behind each statement."""

from checker.csource.writing.forms import layout_type, number_text
from checker.csource.writing.steps import Writer

__all__ = ["Writer", "layout_type", "number_text"]
