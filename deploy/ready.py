"""Ends with 0 when the service of this container can answer questions, else with 1."""

import os
import sys
from http.client import HTTPConnection, HTTPException
from typing import Final

TIMEOUT_S: Final = 4.0


def main() -> int:
    """Ask `/readyz` as anybody could."""
    port = int(os.environ.get("WENGONG_PORT", "8000"))  # noqa: TID251 -- as the container was told
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT_S)
    try:
        connection.request("GET", "/readyz")
        return int(connection.getresponse().status != 200)  # noqa: PLR2004
    except (OSError, HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
