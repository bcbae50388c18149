"""The program: ``relaysim``, and ``python -m relaysim``."""

import gc
from typing import NoReturn

__all__ = ["main"]

_COLLECT_EVERY = 50_000
"""So many new values before the collector looks for cycles among them."""


def main() -> NoReturn:
    """Run the command line and exit, as :func:`relaysim.cli.main` does."""
    # Modules and configurations are made to stay: the collector would walk over them in vain, which
    # takes a tenth of the time of a short command. Click's own modules are among them.
    gc.set_threshold(_COLLECT_EVERY, 10, 10)
    from relaysim.cli import main as run

    try:
        run()
    finally:
        # The interpreter would look for cycles once more at its end, when all memory goes anyway.
        gc.freeze()


if __name__ == "__main__":
    main()
