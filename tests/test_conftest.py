"""In CI nobody reads a list of skipped tests, so one that must not be skipped fails."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")


@pytest.mark.parametrize(
    ("mark", "ci", "outcome"),
    [
        ("browser", "true", "1 failed"),
        ("attack", "true", "1 failed"),
        ("model", "true", "1 failed"),
        ("other", "true", "1 skipped"),
        ("browser", "", "1 skipped"),
    ],
)
@pytest.mark.parametrize("how", ["inside", "before"])
def test_what_must_run_in_ci_is_not_skipped(tmp_path: Path, mark: str, ci: str, outcome: str, how: str) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text("utf-8"), "utf-8")
    skip = '@pytest.mark.skipif(True, reason="no Chromium")\n' if how == "before" else ""
    body = "pytest.skip('no Chromium')" if how == "inside" else "pass"
    test = f"import pytest\n@pytest.mark.{mark}\n{skip}def test_it():\n    {body}\n"
    (tmp_path / "test_it.py").write_text(test, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"CI": ci}, capture_output=True, text=True)
    assert outcome in done.stdout, done.stdout
    if outcome == "1 failed":
        assert "must not be skipped in CI" in done.stdout and "no Chromium" in done.stdout
