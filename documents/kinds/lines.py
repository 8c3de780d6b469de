"""What a single line looks like: tests that know writing habits of many languages and no document."""

from __future__ import annotations

import re

_PREFIX = 240  # characters; what a line is shows at its ends, and patterns stay quick on a huge line
_LIST_ITEM = re.compile(
    r"(?:[-*+•·‣▪◦–—・●○■□◆]\s+|[・●○■□◆•▪]|->|→|=>|\(?\d{1,3}[.)](?!\d)\s|\(?[a-zA-Z][.)]\s|[①-⑳]|[（(]\d{1,3}[)）]\s?)"
)
_RULE = re.compile(r"(?:[-=_*~#•·—–]\s?){3,}$")
_CLOSERS = "\"'”’»)]）」』】》*_ "
_NOTE_MARK = re.compile(r"(?:\[\^?\w{1,3}\]|[⁰¹²³⁴-⁹])+$")
_ENDS = ".!?。！？…．؟।"
_WEAK_ENDS = ",;:，、；：،"
_CJK = re.compile(r"[\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]")
_NUMBER_LINE = re.compile(r"[\d\s.,:+/%-]+$")
_BOLD = re.compile(r"(\*\*|__)(.+?)\1$")
_OPENERS = {"(": ")", "（": "）", "“": "”", "「": "」", "『": "』", "«": "»", "[": "]"}


def is_list_item(line: str) -> bool:
    """Tell whether a line begins like an entry of a list: "- ", "1. ", "a) ", "-> ", "・", "①"."""
    return _LIST_ITEM.match(line[:_PREFIX]) is not None


def is_rule(line: str) -> bool:
    """Tell whether a line only divides: "-----", "***", "* * *"."""
    return len(line) < _PREFIX and _RULE.match(line) is not None and len(set(line) - {" "}) == 1


def is_number(line: str) -> bool:
    """Tell whether a line holds a number and nothing else: a vote counter, a page number."""
    return len(line) < 20 and _NUMBER_LINE.match(line) is not None and any(char.isdigit() for char in line)


def is_sentence_end(line: str) -> bool:
    """Tell whether a line ends as a sentence does, closing quotes, brackets and footnote marks aside."""
    bare = _NOTE_MARK.sub("", line[-_PREFIX:]).rstrip(_CLOSERS)
    return bool(bare) and bare[-1] in _ENDS


def is_unfinished(line: str) -> bool:
    """Tell whether a line ends in a comma, a colon or the like, so that more must follow."""
    bare = line[-_PREFIX:].rstrip()
    return bool(bare) and bare[-1] in _WEAK_ENDS


def is_cjk(line: str) -> bool:
    """Tell whether a line holds Chinese, Japanese or Korean writing."""
    return _CJK.search(line) is not None


def begins_lower(line: str) -> bool:
    """Tell whether a line begins with a small letter, as a continued sentence does."""
    return line[:1].islower()


def begins_elided(line: str) -> bool:
    """Tell whether a line begins with an ellipsis: it goes on where something was left out."""
    return line.startswith(("...", "…", "[...", "[…"))


def leaves_open(line: str) -> bool:
    """Tell whether a bracket or quotation mark is opened and not closed on the line.

    "(To be clear, he did." -> True
    """
    return any(line.count(opener) > line.count(closer) for opener, closer in _OPENERS.items())


def visual_width(line: str) -> int:
    """Return a length in Latin characters: a Chinese, Japanese or Korean character counts as two and a half."""
    return len(line) + len(_CJK.findall(line)) * 3 // 2


def bare(line: str) -> str:
    """Return a heading's words alone, without "## ", "**" or a closing "##"."""
    line = re.sub(r"^#{1,6}\s+", "", line.strip())
    line = re.sub(r"\s+#{1,6}$", "", line)
    match = _BOLD.match(line)
    return " ".join((match.group(2) if match else line).split())
