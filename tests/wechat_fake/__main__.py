"""`python -m tests.wechat_fake [--port 8900] [--latency-ms 50]`."""

import sys

from tests.wechat_fake.server import main

if __name__ == "__main__":
    main(sys.argv[1:])
