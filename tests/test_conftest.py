"""In CI nobody reads a list of skipped tests, so one that must not be skipped fails."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

CONFTEST = Path(__file__).with_name("conftest.py")
TESTS = """
import pytest

@pytest.mark.browser
def test_browser(): pytest.skip("no Chromium")

@pytest.mark.attack
@pytest.mark.skipif(True, reason="no strings")
def test_attack(): pass

@pytest.mark.model
def test_model(): pytest.importorskip("no_such_model")

@pytest.mark.other
def test_other(): pytest.skip("never mind")

@pytest.mark.browser
@pytest.mark.xfail
def test_expected(): assert False
"""


@pytest.mark.parametrize(("ci", "lost"), [("true", {"browser", "attack", "model"}), ("", set())])
def test_what_must_run_in_ci_is_not_skipped(tmp_path: Path, ci: str, lost: set[str]) -> None:
    (tmp_path / "conftest.py").write_text(CONFTEST.read_text("utf-8"), "utf-8")
    (tmp_path / "test_it.py").write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(tmp_path)]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"CI": ci}, capture_output=True, text=True)
    assert set(re.findall(r"^(?:FAILED|ERROR) test_it\.py::test_(\w+)", done.stdout, re.M)) == lost, done.stdout
    assert done.stdout.count("must not be skipped in CI: Skipped: no Chromium") == (2 if lost else 0)
