"""What a language model or a document says as plain text: nothing in it is markup, an address or somebody's turn."""

from __future__ import annotations

import html
import re

# Controls but tab and line feed, marks that turn the writing direction, invisible letters, tags, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u2028\u2029\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_NUMBERS = r"\d{1,4}(?:\s*[,;、–-]\s*\d{1,4})*"
MARK = rf"[\[【［](?:\s*(?:passages?|sources?)\b)?\s*{_NUMBERS}\s*(?:†[^\]】］]{{0,40}})?[\]】］]"
_MARK = re.compile(rf"\s*(?:{MARK}|\((?:passages?|sources?)\s+{_NUMBERS}\))", re.IGNORECASE)
_LINK = re.compile(r"!?\[([^\[\]]*)\](?:\([^()]*\)|\[[^\[\]]*\]|:\s)")
_TAG = re.compile(r"<[A-Za-z/!?|][^<>]*>")
_OPENING = re.compile(r"<+(?=[A-Za-z/!?|])")
_ADDRESS = re.compile(
    r"(?:https?:|(?<![a-z0-9])(?:ftps?|wss?|file|data|blob|javascript|vbscript|mailto|tel|sms|ssh|magnet):(?=\S)|"
    r"//(?=\w)|www\.)[^\s、。」』()<>]*|[\w.+-]+@[\w-]+\.[\w.-]*\w",
    re.IGNORECASE,
)
_EMPHASIS = re.compile(r"\*+(?=\S)|(?<=\S)\*+|`+|~~+|(?<!\w)_+(?=\S)|(?<=\S)_+(?!\w)|\\(?=\W)|\$(?=\$)")
_FRONT = re.compile(r"^\s*(?:#{1,6}|>+|[-+•*])\s+")
_PASSES = 10  # what lies in another's shell comes out with the next; more shells than that nobody writes by accident

# What chat templates take for the beginning or end of a role, whoever writes it.
_ROLES = re.compile(r"<(?=[A-Za-z/|｜<])|\[(?=/?(?:INST|SYS)\b)", re.IGNORECASE)


def plain(text: str) -> str:
    r"""Return one line of text without markup, addresses, markers and what cannot be seen.

    What is linked keeps its words, an address becomes an ellipsis, brackets become round ones, since `[1]` is ours.

    >>> plain("**It** leaks [1], see [here](https://example.org) <b>now</b>")
    'It leaks, see here now'
    """
    for _ in range(_PASSES):
        before, text = text, _once(text)
        if text == before:
            return text
    return re.sub(r"[^\w\s.,;:!?'’。、!?-]|//|(?<=\w)@", "", text)


def _once(text: str) -> str:
    text = _UNSEEN.sub("", html.unescape(text))
    text = _TAG.sub("", _LINK.sub(r"\1", _MARK.sub("", text)))
    text = _EMPHASIS.sub("", _FRONT.sub("", _ADDRESS.sub("…", text)))
    return " ".join(_OPENING.sub("", text).translate(_BRACKETS).split())


_BRACKETS = str.maketrans("[]", "()")


def harmless(text: str) -> str:
    """Return text for a prompt: nothing unseen, and nothing that a chat template takes for another's turn."""
    return _ROLES.sub(lambda found: "‹" if found[0] == "<" else "(", _UNSEEN.sub(" ", text))
