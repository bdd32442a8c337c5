import os

import pytest


@pytest.fixture(scope="session")
def is_root():
    return os.geteuid() == 0
