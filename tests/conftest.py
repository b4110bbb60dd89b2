"""What all tests share: how hard hypothesis tries, and an empty home."""

import os
from pathlib import Path

import pytest
from homes import make_home
from hypothesis import HealthCheck, Phase, settings

from assets import workers
from assets.home import Home

# A file has a minute to be read in, which on a machine with much else to do may be too short for any. What takes too long is
# made to in a test of its own.
workers.SECONDS_PER_UNIT = 3_600

# Tests refresh hundreds of times, and Great Expectations and charts take seconds to import. Those that are about them
# turn them on.
os.environ.setdefault("EDGEWISE_EXPECTATIONS", "false")
os.environ.setdefault("EDGEWISE_REPORTS", "false")

_NO_SHRINKING = (Phase.explicit, Phase.generate)
_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

# An example here is a whole refresh or several, of a second each: few examples, no deadline, and no hunt for a smaller
# example where a machine waits for the verdict.
settings.register_profile("dev", max_examples=5, deadline=None, suppress_health_check=_SLOW)
settings.register_profile(
    "ci", max_examples=12, deadline=None, suppress_health_check=_SLOW, derandomize=True, print_blob=True, phases=_NO_SHRINKING
)
settings.register_profile("soak", max_examples=100, deadline=None, suppress_health_check=_SLOW, print_blob=True)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE") or ("ci" if os.environ.get("CI") else "dev"))


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return make_home(tmp_path / "home")
