"""The built cache, once per session, and models loaded from it.

The variables are set when pytest collects this folder: transformers reads them when it is imported and never again.
"""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from grader.checkpoints import cache

os.environ.update(cache.environment(), OMP_NUM_THREADS="1")


@pytest.fixture(scope="session")
def built() -> Path:
    return cache.ensure()


@pytest.fixture(scope="session")
def snapshots(built: Path) -> dict[str, Path]:
    assert built.is_dir()
    return {row.name: row.path for row in cache.rows() if row.path}


@pytest.fixture(scope="session")
def tokenizer_of(snapshots: dict[str, Path]) -> Callable[[str], Any]:
    from transformers import AutoTokenizer

    return lambda name: AutoTokenizer.from_pretrained(snapshots[name])
