"""The prompts of a language model, read from prompts/ and checked before anything is asked (prompts/README.md)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from errors import UsageError
from settings import ROOT

FOLDER = ROOT / "prompts"
# What the code fills in, by prompt.
INPUTS = {
    "understand": frozenset({"earlier", "question", "language"}),
    "answer": frozenset({"passages", "boundary", "question", "language"}),
}

_LONGEST = 50_000  # characters of a file; more is no prompt
_FIELDS = ("name", "version", "inputs", "called by", "output")
_FILE = re.compile(r"---\n(?P<head>.*?)\n---\n\s*# System\n(?P<system>.*?)\n# User\n(?P<user>.*)", re.DOTALL)
_INPUT = re.compile(r"\{([a-z_]+)\}")  # JSON in a prompt has quotes or nothing behind its brace


@dataclass(frozen=True, slots=True)
class Prompt:
    """One prompt. `system` has no inputs, `user` has `{input}` where each of `inputs` is to stand."""

    name: str
    version: int
    inputs: frozenset[str]
    system: str
    user: str

    def filled(self, **values: str) -> str:
        """Return the user's part with its inputs, each put in once as it is. :raises KeyError: where one is missing."""
        return _INPUT.sub(lambda found: values[found[1]], self.user)


def load(name: str, folder: Path = FOLDER) -> Prompt:
    """Read one prompt. :raises UsageError: naming the file and what is wrong with it."""
    path = folder / f"{name}.md"
    try:
        text = path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"the prompt {path} cannot be read: {getattr(error, 'strerror', None) or error}") from error
    found = _FILE.fullmatch(text) if len(text) <= _LONGEST else None
    if found is None:
        raise UsageError(f"the prompt {path} needs a head between two lines ---, then # System, then # User")
    head = dict(re.findall(r"^([a-z ]+): *(.*\S)", found["head"], re.M))
    system, user = found["system"].strip(), found["user"].strip()
    if wrong := _wrong(name, head, system, user):
        raise UsageError(f"the prompt {path} {wrong}")
    return Prompt(name, int(head["version"]), _names(head["inputs"]), system, user)


def _wrong(name: str, head: dict[str, str], system: str, user: str) -> str | None:
    """Return what is wrong with a prompt, None where nothing is."""
    if missing := [field for field in _FIELDS if field not in head]:
        return f"has no {missing[0]!r} in its head"
    if head["name"] != name:
        return f"calls itself {head['name'][:40]!r}"
    if not re.fullmatch(r"[1-9]\d{0,5}", head["version"]):
        return f"has the version {head['version'][:40]!r}, which is no whole number from 1"
    if not system or not user:
        return "says nothing under # System or # User"
    if found := _INPUT.findall(system):
        return f"has the input {{{found[0]}}} under # System; inputs stand under # User"
    return _wrong_inputs(_names(head["inputs"]), frozenset(_INPUT.findall(user)), INPUTS[name])


def _wrong_inputs(listed: frozenset[str], used: frozenset[str], known: frozenset[str]) -> str | None:
    for one, other, words in (
        (listed, known, "lists the input {}, which nothing fills in"),
        (used, listed, "uses the input {}, which its head does not list"),
        (known, used, "does not use the input {}, without which it cannot work"),
    ):
        if more := sorted(one - other):
            return words.format(f"{{{more[0][:40]}}}")
    return None


def _names(listed: str) -> frozenset[str]:
    return frozenset(filter(None, re.split(r"[,\s]+", listed)))
