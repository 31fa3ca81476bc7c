"""Which other sites may show the chat in a frame, and load the script that does it."""

from collections.abc import Sequence
from typing import Final

from chat_api.security_headers import content_security_policy

# Sites that isolate themselves (COEP) load nothing of another site that does not say so.
SHARED_HEADERS: Final = {"Cross-Origin-Resource-Policy": "cross-origin"}


def frame_headers(allowed_origins: Sequence[str]) -> dict[str, str]:
    """Return the headers of the page in the frame: this site and the allowed ones may be around it."""
    policy = content_security_policy(" ".join(["'self'", *allowed_origins]))
    return {**SHARED_HEADERS, "Content-Security-Policy": policy, "Cross-Origin-Embedder-Policy": "require-corp"}
