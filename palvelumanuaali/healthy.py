"""Ask the server beside us whether it is well: `python -m palvelumanuaali.healthy` ends with 0 or 1.

It is asked under the name by which the public knows it; under any other it refuses to answer.
"""

import os
import sys
import urllib.request
from urllib.parse import urlsplit


def main(address: str = "http://127.0.0.1:8000/health/") -> int:
    """Return 0 where the server answers that it is well, 1 where not."""
    host = urlsplit(os.environ.get("BASE_URL", "http://127.0.0.1:8000")).netloc
    request = urllib.request.Request(address, headers={"Host": host})  # noqa: S310 (our own server)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
            return 0 if answer.status == 200 else 1
    except OSError as error:
        print(error, file=sys.stderr)  # noqa: T201
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
