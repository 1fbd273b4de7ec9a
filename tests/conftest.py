"""What many tests share: the sample articles, a store built from them, an assistant over it.

All three are made once per worker; a test that changes a store builds its own (``tests.corpus``).
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

import index
import rag
from index.store import Store
from index.sync import synchronise
from rag.assistant import Assistant

# A busy machine is no failure.
settings.register_profile("beleg", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beleg")


@pytest.fixture(scope="session")
def samples() -> Path:
    return Path(index.__file__).parent / "samples"


@pytest.fixture(scope="session")
def sample_store(samples: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples") / "store"
    synchronise(Store(folder), [samples], "subword")
    return folder


@pytest.fixture(scope="session")
def assistant(sample_store: Path) -> Iterator[Assistant]:
    with rag.open(sample_store) as opened:
        yield opened
