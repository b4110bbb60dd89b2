"""What all tests share: how hard hypothesis tries, and an empty home."""

import os
from pathlib import Path

import pytest
from homes import make_home
from hypothesis import HealthCheck, settings

from assets.home import Home

_SLOW = (HealthCheck.too_slow, HealthCheck.data_too_large)

# An example here is a whole refresh or several, of a second each: few examples, no deadline.
settings.register_profile("dev", max_examples=5, deadline=None, suppress_health_check=_SLOW)
settings.register_profile("ci", max_examples=12, deadline=None, suppress_health_check=_SLOW, derandomize=True, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """An empty home."""
    return make_home(tmp_path / "home")
