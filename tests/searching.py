"""How many cases a law draws: few in the suite, many in a deep search (RELAYSIM_DEEP=1)."""

import os

from hypothesis import settings

DEEP = os.environ.get("RELAYSIM_DEEP") == "1"
DEEPER = 170


def searches(count, parent=None):
    """Return settings of a law: it draws ``count`` cases, 170 times as many in a deep search."""
    return settings(parent, max_examples=count * DEEPER if DEEP else count)
