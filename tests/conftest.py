"""What holds for every test: none fails because a machine is slow, or only on some runs.

The examples of property tests are the same in every run; `--hypothesis-profile long` tries
others, and many more of them.
"""

import gc
import os
import sys

import pytest
from hypothesis import settings

settings.register_profile("automator", deadline=None, derandomize=True)
settings.register_profile("long", deadline=None, max_examples=500)
settings.load_profile("automator")

# Where the environment forbids bytecode (many containers do), each worker would compile every
# module again, and so would each of the hundreds of `automator` processes that tests start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let more be played than the few seeds that fit into every run."""
    parser.addoption("--clerks-seeds", type=int, default=1, help="how many seeds of 50 clerks")


def pytest_collection_finish() -> None:
    """Let the collector of cycles leave alone what all tests share, and come seldom."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(200_000, 20, 50)
