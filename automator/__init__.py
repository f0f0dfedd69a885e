"""Follows up what schools owe under a directive: reads a workbook, judges, mails, remembers."""

__version__ = "0.1.0"
