"""Hypothesis profiles: `ci` never flakes, `deep` searches on (RELAYSIM_DEEP=1)."""

import gc
import os

from hypothesis import HealthCheck, settings

from tests.searching import DEEP, searches
from tests.sharing import pytest_addoption, pytest_configure

__all__ = ["pytest_addoption", "pytest_configure"]

# The suite leaves nothing in the cache folder of whoever runs it, and takes nothing from there.
os.environ.setdefault("RELAYSIM_NO_CACHE", "1")

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=20,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", searches(24, settings.get_profile("ci")), derandomize=False)
settings.load_profile("deep" if DEEP else "ci")


def pytest_collection_finish():
    """Let the collector of garbage pass over what stays to the end: all tests and modules."""
    gc.collect()
    gc.freeze()
