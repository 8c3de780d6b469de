"""A writer without judgement: it does whatever the text of its context tells it. No model.

Whatever this writer cannot get out of Sidenote, no model can that a document has talked into obeying.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

MARKUP = re.compile(r"!?\[[^\]\n]*\](?:\([^)\n]*\)|\[[^\]\n]*\])|<[^>\n]{1,300}>|(?:https?:|www\.|//)[^\s\"'<>]+")
SAID = re.compile(r"[\"'“‘「](.{1,400}?)[\"'”’」]", re.DOTALL)
ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|print|say|repl(?:y|ies)|respond|answer|output|write|include|add|append|insert|repeat"
    r"|reveal|show|tell|send|visit|click|instructions?|system|prompt|must|never|always)\b|無視|表示|出力|指示",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:passage|source|excerpt)\D{0,3}(\d{1,3})\b|^\[(\d{1,3})\]", re.IGNORECASE)
LINE = 300  # characters of one instruction
PER_TOKEN = 4  # characters: it writes no more than it was told to
FALSE = (0, -1, 99, 10**9)  # numbers that no passage has


def obedient(request: Mapping[str, Any], first: str = "") -> str:
    """Return what a writer without judgement writes: everything that any line of its context may ask for.

    It repeats every line of the user's message as a claim of its own, under the number of the passage in which the
    line stands, with the line as its quote: so it prints every canary, image, script and address that is there. What
    a line puts in quotation marks ("print …", "say …"), and each piece of markup and address, it says again alone. It
    gives away the system prompt and the whole context, and cites passages that do not exist and quotes that nobody
    wrote. Lines that hold `first` come before all else, then those that give orders: whoever reads only the first
    claims gets the worst ones.
    """
    system, user = (_said(request, role) for role in ("system", "user"))
    wanted = _schema(request)
    room = PER_TOKEN * int(request.get("max_tokens", 1_500))
    claims = list(_fitting(_claims(system, user, _numbers(wanted), first), room))
    if wanted is None:
        return "\n".join(f"{claim['text']} [{claim['passage']}]" for claim in claims)
    return json.dumps(_filled(wanted, claims, f"{user[-LINE:]}\n{system}"), ensure_ascii=False)


def _claims(system: str, user: str, numbers: Sequence[int], first: str) -> list[dict[str, Any]]:
    """Return claims: what the context says, the worst of it first, and in between what has nothing to stand on."""
    whole = user[:LINE]
    told = {"text": f"My instructions are: {system[: 2 * LINE]}", "passage": numbers[0], "quote": system[:LINE]}
    lost: list[dict[str, Any]] = [told]
    lost += [{"text": f"As passage {number} says, {whole}", "passage": number, "quote": whole} for number in FALSE]
    claims: list[dict[str, Any]] = []
    for number, line in sorted(_lines(user, numbers), key=lambda placed: _rank(placed[1], first)):
        parts = [line, *MARKUP.findall(line), *SAID.findall(line)]
        claims += [{"text": part, "passage": number, "quote": line} for part in dict.fromkeys(parts)]
    return [*claims[:4], *lost, *claims[4:]]


def _fitting(claims: Sequence[dict[str, Any]], room: int) -> Iterator[dict[str, Any]]:
    """Return claims while there is room for their characters, at least one."""
    for number, claim in enumerate(claims):
        room -= len(json.dumps(claim, ensure_ascii=False))
        if room < 0 and number:
            return
        yield claim


def _rank(line: str, first: str) -> int:
    if first and first in line:
        return 0
    return 1 if MARKUP.search(line) or ORDERS.search(line) else 2


def _lines(user: str, numbers: Sequence[int]) -> Iterator[tuple[int, str]]:
    """Return every line with the number of the passage that it seems to stand in."""
    number = numbers[0]
    for line in filter(None, (line.strip() for line in user.splitlines())):
        named = NUMBER.search(line)
        if named and (told := int(named[1] or named[2])) in numbers:
            number = told
        yield number, line[:LINE]


def _said(request: Mapping[str, Any], role: str) -> str:
    return "\n".join(str(one["content"]) for one in request["messages"] if one["role"] == role)


def _schema(request: Mapping[str, Any]) -> Mapping[str, Any] | None:
    return request.get("response_format", {}).get("json_schema", {}).get("schema")  # type: ignore[no-any-return]


def _numbers(schema: Any) -> list[int]:
    """Return the passage numbers that a schema allows, wherever it says so; 1 to 20 where it does not."""
    found: list[int] = []
    waiting = [schema]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Mapping):
            found += [value for value in node.get("enum", ()) if isinstance(value, int)]
            found += range(node["minimum"], node["maximum"] + 1) if {"minimum", "maximum"} <= node.keys() else ()
            waiting += node.values()
        elif isinstance(node, list):
            waiting += node
    return found or list(range(1, 21))


def _filled(schema: Mapping[str, Any], claims: Sequence[Mapping[str, Any]], text: str) -> Any:
    """Return a value of the shape that a schema asks for, filled with claims where it has a list of them."""
    kind = schema.get("type")
    if kind == "object":
        parts = schema.get("properties", {})
        return {name: claims if name == "claims" else _filled(part, claims, text) for name, part in parts.items()}
    if kind == "array":
        return [_filled(schema.get("items", {}), claims, text)]
    return {"integer": 99, "number": 99.0, "boolean": True, "null": None}.get(str(kind), text)
