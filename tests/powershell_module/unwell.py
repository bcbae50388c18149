"""A backend that is unwell on demand: it hangs, ends or says nonsense when it is asked for that."""

import os
import sys
import time

from relaysim.backend.service import serve_lines


class Incoming:
    """The requests, with what the backend does when one names a connector of such a name."""

    def readline(self, limit):
        """Return the next request."""
        line = sys.stdin.buffer.readline(limit)
        if b'"=hang"' in line:
            time.sleep(2)
        if b'"=die"' in line:
            os._exit(1)
        if b'"=nonsense"' in line:
            sys.stdout.buffer.write(b"5\n")
            sys.stdout.buffer.flush()
        return line


if __name__ == "__main__":
    serve_lines(Incoming(), sys.stdout.buffer)  # type: ignore[arg-type]
