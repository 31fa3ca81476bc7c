"""The console for union staff: what was asked, which wordings lead where, and what is published.

It goes into the web service as an application of its own below `/console`; see `add_console`.
"""
