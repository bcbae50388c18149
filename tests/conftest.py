"""Hypothesis profiles: `ci` never flakes, `deep` searches on (RELAYSIM_DEEP=1)."""

from hypothesis import HealthCheck, settings

from tests.searching import DEEP, searches

settings.register_profile(
    "ci",
    derandomize=True,
    deadline=None,
    max_examples=30,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", searches(30, settings.get_profile("ci")), derandomize=False)
settings.load_profile("deep" if DEEP else "ci")
