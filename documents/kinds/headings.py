"""Headings: marked ones, underlined ones, and bare lines that stand above a text as headings do.

A bare heading is a short line without a final stop, above running text, in a document whose paragraphs do end in
stops. In a part of questions and answers the questions are headings, however long. Levels come from how headings
follow each other: one that stands directly above another is above it in rank, and numbered siblings share a rank.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from documents.kinds.draft import Draft
from documents.kinds.front import is_byline
from documents.kinds.lines import (
    bare,
    begins_elided,
    begins_lower,
    is_number,
    is_rule,
    is_sentence_end,
    is_unfinished,
    leaves_open,
    visual_width,
)
from text.sentences import QUESTION_MARKS

_LONGEST = 125  # visual characters of a bare heading
_MOST_OF_TEXT = 0.5  # share of the paragraphs; more lines without stops are the document's style
_LONGEST_BARE_QUESTION = 70  # visual characters of a question that is a heading among headings of other forms
_LONGEST_QUESTION = 420  # characters of a question in a part of questions and answers
_ATX = re.compile(r"(#{1,6})\s+\S")
_UNDERLINE = re.compile(r"(={3,}|-{3,})$")
_NUMBERED = re.compile(r"(\d{1,2}(?:\.\d{1,2}){0,4})\.?\s+[^\W\d_]")
_SIBLING = re.compile(r"([^\W\d_]+)\s+(?:[0-9]{1,2}\b|[IVX]{1,5}(?=[:.)—–-]|$))")
_CJK_CHAPTER = re.compile(r"第[一二三四五六七八九十百\d]+([章節节部回話编編])")
_QA = re.compile(
    r"(?:Q\s?[&＆]\s?A|F\.?A\.?Q\.?s?|questions? (?:and|&) answers?|frequently asked questions|fragen und antworten"
    r"|h[äa]ufige fragen|preguntas (?:frecuentes|y respuestas)|questions (?:fréquentes|et réponses)|domande frequenti"
    r"|perguntas frequentes|вопросы и ответы|よくある(?:ご)?質問|質疑応答|質問と回答|常见问题|常見問題|问答|問答)\W*$",
    re.IGNORECASE,
)
_QUOTED = re.compile(r"[“\"「«][^”\"」»]{0,400}[”\"」»]")
_QUESTION = re.compile(f"[{QUESTION_MARKS}]")


def mark_headings(drafts: Sequence[Draft]) -> None:
    """Give bare lines that are headings their role, where the document has no marked or typed ones.

    `rank_headings` then gives all headings their level.
    """
    if not any(draft.role == "heading" and "role" not in draft.told for draft in drafts):
        candidates = [i for i, draft in enumerate(drafts) if _may_be(drafts, i)]
        _take_bare(drafts, candidates)
        _take_bare_questions(drafts)
        _take_questions(drafts)


def mark_typed_headings(drafts: Sequence[Draft]) -> None:
    """Take "## Heading" and headings underlined with = or -, whose underline becomes noise."""
    for i, draft in enumerate(drafts):
        if draft.mark is not None or not draft.is_prose:
            continue
        atx = _ATX.match(draft.text)
        if atx and "\n" not in draft.text:
            draft.role, draft.level = "heading", len(atx.group(1))
        elif i and _UNDERLINE.match(draft.text) and not draft.gap and drafts[i - 1].is_prose:
            above = drafts[i - 1]
            if len(above.text) <= 2 * _LONGEST and "\n" not in above.text and above.mark is None:
                above.role, above.level = "heading", 1 if draft.text[0] == "=" else 2
                draft.role = "noise"


def _may_be(drafts: Sequence[Draft], i: int) -> bool:
    """Tell whether a line has the looks of a heading, whatever stands below it."""
    draft = drafts[i]
    text = draft.text
    if not draft.is_prose or draft.role is not None or draft.region_role == "comment" or draft.mark is not None:
        return False
    if visual_width(text) > _LONGEST or "\n" in text or not any(char.isalpha() for char in text):
        return False
    if draft.list_item and (not _NUMBERED.match(text) or _in_list(drafts, i)):
        return False
    if begins_lower(text) or begins_elided(text) or is_unfinished(text) or leaves_open(text):
        return False
    if is_number(text) or is_rule(text) or is_sentence_end(text) or is_byline(text):
        return False
    return not text.startswith((">", "|", "(", "（"))


def _in_list(drafts: Sequence[Draft], i: int) -> bool:
    """Tell whether the paragraph before or after is an entry of a list too."""
    return any(0 <= k < len(drafts) and drafts[k].list_item for k in (i - 1, i + 1))


def _take_bare(drafts: Sequence[Draft], candidates: list[int]) -> None:
    """Accept the candidates that stand above text; too many mean that the document's lines simply have no stops."""
    prose = [draft for draft in drafts if draft.is_prose and draft.role is None and draft.region_role != "comment"]
    if len(candidates) > _MOST_OF_TEXT * len(prose) and len(candidates) > 2 and not _alternating(drafts, candidates):
        return
    chosen = set(candidates)
    for i in reversed(candidates):
        below = drafts[i + 1] if i + 1 < len(drafts) else None
        if below is None or below.whole != drafts[i].whole or not _stands_above(drafts[i], below, i + 1 in chosen):
            chosen.discard(i)
    for i in _without_long_runs(sorted(chosen)):
        drafts[i].role = "heading"


def _take_bare_questions(drafts: Sequence[Draft]) -> None:
    """Take a short question between paragraphs for a heading where the document has bare headings anyway.

    Directly under a heading it is how the text begins.
    """
    if not any(draft.role == "heading" for draft in drafts[1:]):
        return
    for before, draft, below in zip(drafts, drafts[1:], drafts[2:], strict=False):
        text = draft.text
        if before.role == "heading" or not below.is_prose or below.role is not None or not _is_question(draft):
            continue
        if draft.mark is None and _is_whole_question(text) and len(below.text) > 1.5 * len(text):
            draft.role = "heading" if is_sentence_end(before.text) else None


def _is_whole_question(text: str) -> bool:
    """Tell whether a line is one short question and nothing else."""
    once = text.rstrip()[-1:] in QUESTION_MARKS and len(_QUESTION.findall(text)) == 1
    return once and visual_width(text) <= _LONGEST_BARE_QUESTION and not leaves_open(text)


def _stands_above(draft: Draft, below: Draft, below_is_heading: bool) -> bool:
    if below_is_heading or below.role == "heading":
        return True
    if not below.is_prose or (below.list_item and below.text.startswith(("->", "→", "=>"))):
        return False
    return is_sentence_end(below.text) or is_unfinished(below.text) or len(below.text) > 1.5 * len(draft.text)


def _alternating(drafts: Sequence[Draft], candidates: list[int]) -> bool:
    """Tell whether short lines and longer ones take turns, as in a list of key points."""
    chosen = set(candidates)
    above_text = sum(i + 1 not in chosen and i + 1 < len(drafts) for i in candidates)
    return above_text >= 0.75 * len(candidates)


def _without_long_runs(chosen: list[int]) -> list[int]:
    """Drop runs of more than four neighbours: a menu or a list, not headings above headings."""
    kept: list[int] = []
    run: list[int] = []
    for i in [*chosen, -1]:
        if run and i != run[-1] + 1:
            kept.extend(run if len(run) <= 4 else run[-1:])
            run = []
        run.append(i)
    return kept


def _take_questions(drafts: Sequence[Draft]) -> None:
    """Make the questions of a part of questions and answers its headings."""
    answering = _is_questions_throughout(drafts)
    for i, draft in enumerate(drafts):
        if draft.role == "heading" and _QA.match(bare(draft.text)):
            answering = True
        elif i and draft.whole != drafts[i - 1].whole:
            answering = False
        elif answering and _is_question(draft) and i + 1 < len(drafts) and drafts[i + 1].is_prose:
            draft.role = "heading"


def _is_questions_throughout(drafts: Sequence[Draft]) -> bool:
    """Tell whether a fifth of the paragraphs are whole questions that something else follows each time."""
    prose = [draft for draft in drafts if draft.is_prose and draft.region_role != "comment"]
    asked = [_is_question(draft) and draft.text.rstrip('”"」）) ')[-1:] in QUESTION_MARKS for draft in prose]
    twice = sum(a and b for a, b in pairwise(asked))
    return len(prose) >= 6 and sum(asked) >= max(3, len(prose) / 5) and twice == 0 and asked[:2] != [False, False]


def _is_question(draft: Draft) -> bool:
    """Tell whether a paragraph asks something itself, not only in words that it quotes."""
    if not draft.is_prose or draft.role is not None or draft.list_item or draft.region_role == "comment":
        return False
    if len(draft.text) > _LONGEST_QUESTION or begins_lower(draft.text):
        return False
    return _QUESTION.search(_QUOTED.sub("", draft.text)) is not None


def rank_headings(drafts: Sequence[Draft]) -> None:
    """Give a level to the headings that have none. `open_levels` are the headings that a text stands under."""
    headings = [i for i, draft in enumerate(drafts) if draft.role == "heading"]
    above: list[tuple[int, str]] = []  # (level, pattern) of the headings that are open
    previous = -2
    for i in headings:
        draft = drafts[i]
        pattern = _pattern(draft)
        if previous >= 0 and draft.whole != drafts[previous].whole:
            above = []
        if previous >= 0 and drafts[i - 1].role == "noise" and pattern != "?":
            above = above[:1]  # a button or a rule stands between: back to the top
        level = draft.level or _level(draft, pattern, above, directly=previous == i - 1)
        above = [(open_level, kind) for open_level, kind in above if open_level < level] + [(level, pattern)]
        draft.level = level
        previous = i


def _level(draft: Draft, pattern: str, above: list[tuple[int, str]], directly: bool) -> int:
    if pattern.startswith("number:"):
        return pattern.count(".") + 1
    for level, kind in reversed(above):
        if kind == pattern and pattern:
            return level
    if directly and above:
        return above[-1][0] + 1
    if above and above[-1][1] == "?":  # after questions: back beside what stands above them
        return max(1, above[-1][0] - 1)
    if pattern == "?" and above and above[-1][1] == "qa":
        return above[-1][0] + 1
    return above[-1][0] if above else 1


def _pattern(draft: Draft) -> str:
    """Return what makes headings siblings: a numbering with its depth, a counted word, being a question."""
    words = bare(draft.text)
    if number := _NUMBERED.match(words):
        return "number:" + re.sub(r"\d+", "", number.group(1))
    if sibling := _SIBLING.match(words):
        return sibling.group(1).lower()
    if chapter := _CJK_CHAPTER.match(words):
        return chapter.group(1)
    return "qa" if _QA.match(words) else "?" if _QUESTION.search(words) else ""
