"""What tests share: where the shared workbooks are, and the sample company, cleaned once."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from mktanalytics import language

ROOT = Path(__file__).parents[1]
settings.register_profile("busy", deadline=None)  # a machine with other work to do is no failure
settings.load_profile("busy")


@pytest.fixture(autouse=True)
def speaks_chinese() -> None:
    """What one test speaks is not spoken in the next."""
    language.use("zh")


@pytest.fixture
def english() -> None:
    """For tests that read an English sentence."""
    language.use("en")


@pytest.fixture(scope="session")
def root() -> Path:
    return ROOT


@pytest.fixture(scope="session")
def shared_workbooks() -> Path:
    """Real spreadsheets by other people, which may not be copied into the project."""
    folder = Path(os.environ.get("MKTANALYTICS_SHARED", ROOT.parent / "shared")) / "workbooks"
    if not folder.is_dir():
        pytest.skip("the shared workbooks are not on this machine")
    return folder
