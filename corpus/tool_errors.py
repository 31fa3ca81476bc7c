"""The errors of tools for other programs; a branch of the tree of `errors.py`."""

from corpus.errors import ServingError


class McpExtraMissing(ServingError):
    """The Model Context Protocol needs the optional package of the extra `mcp`."""

    code = "mcp_extra_missing"
