"""Data sets and results in other people's formats."""
