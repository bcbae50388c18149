"""Hypothesis profiles: `ci` never flakes, `deep` searches on (RELAYSIM_DEEP=1)."""

import os

from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=100,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("ci"), derandomize=False, max_examples=5000)
settings.load_profile("deep" if os.environ.get("RELAYSIM_DEEP") == "1" else "ci")
