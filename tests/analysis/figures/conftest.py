"""What the tests of figures share."""

from functools import partial
from pathlib import Path

import pytest
from counted import Counted, counted_results


@pytest.fixture
def counted(tmp_path: Path) -> Counted:
    return partial(counted_results, tmp_path)
