"""The command line, which puts the other packages together."""
