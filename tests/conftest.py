"""What every test stands on: a quiet environment, bounded property tests, and no silent skipping in CI."""

import os
from collections.abc import Generator
from pathlib import Path
from typing import Any

# Before anything is imported that reads them.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")  # idle OpenMP threads would spin
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("ANONYMIZED_TELEMETRY", "False")
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
MUST_RUN = frozenset({"browser", "attack", "model"})  # with CI=true a skipped test with one of these marks fails

settings.register_profile("default", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", parent=settings.get_profile("default"), max_examples=100, derandomize=True)


def in_ci() -> bool:
    """Tell whether the tests run where nobody would notice a skipped one."""
    return os.environ.get("CI", "").lower() in {"1", "true", "yes"}


settings.load_profile("ci" if in_ci() else "default")


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, Any, Any]:
    """Turn a skipped browser, attack or model test into a failure where `CI=true`."""
    report = yield
    marks = MUST_RUN & {mark.name for mark in item.iter_markers()}
    if report.skipped and marks and in_ci() and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} ({', '.join(sorted(marks))}) must not be skipped in CI: {reason}"
    return report


@pytest.fixture(scope="session")
def shared() -> Path:
    """Give the folder with measured sets and documents beside the checkout; skip the test where there is none."""
    if not SHARED.is_dir():
        pytest.skip("no ../shared beside this checkout: nothing to compare with")
    return SHARED
