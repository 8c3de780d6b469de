"""Cut a text into sentences with true offsets.

Boundaries come first and the text is sliced from them, so a span is right by construction. Rule-based, in the
manner of Read et al., "Sentence Boundary Detection: A Long Solved Problem?" (COLING 2012): a terminator ends a
sentence unless what stands around it says otherwise. Works in time linear in the length of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from schema import Span

MAX_SENTENCE = 800  # characters; longer runs without a full stop (tables, minified text) are cut at a clause or blank

_NEAR = 2_000  # characters around a span in which its sentence is looked for
_BLANK_OR_EMPHASIS = " \t\r\n\f\v\u00a0\u3000*_"

# What ends a sentence in writing with blanks between words, and in writing without.
_LATIN_END = ".!?…؟۔।॥"
QUESTION_MARKS = "?？؟"
_CJK_END = "。！？｡．"
_CLOSERS = "\"'”’»›)]}」』）】〉》〕｝］"
_CJK_OPEN_TO_CLOSE = {"「": "」", "『": "』", "（": "）", "【": "】", "〈": "〉", "《": "》"}
_LONGEST_CJK_QUOTE = 400  # characters; a bracket that closes later than this was never meant to be a pair

# Abbreviations that never end a sentence, and those that may (then the next word decides), lower case, no stops.
_NEVER = frozenset(
    "mr mrs ms dr prof rev hon st gen col maj capt lt sgt sen rep gov pres hr fr eds vs cf viz approx dept univ bzw "
    "ggf evtl sog vgl mme mlle sra dra ud uds e.g i.e z.b u.a d.h s.t w.r.t a.k.a".split()
)
_MAYBE = frozenset("etc inc ltd corp co bros jr sr al ca est a.m p.m ph.d usw u.s u.k u.n u.s.a".split())
# Abbreviations before a number only: "no. 3" and "p. 7", but "He said no."
_BEFORE_NUMBER = frozenset("no nos nr fig figs eq eqs sec secs ch vol vols p pp art abs núm pág cap str".split())
# Words that open a sentence: after an abbreviation that may end one, they say that it did.
_OPENERS = frozenset(
    "the a an this that these those it he she we they i you in on at for if when while but and so as however there "
    "what why how who "
    "der die das ein eine wir sie es er ich wenn aber el la los las un una en es le les il elle".split()
)

_TERMINATOR = re.compile(rf"[{re.escape(_LATIN_END + _CJK_END)}]+|\n[^\S\n]*\n\s*")
_FOOTNOTE = re.compile(r"(?:\[\d{1,3}\])+")
_WORD_BEFORE = re.compile(r"[^\W_](?:[\w.]*[^\W_])?$")
_WORD_AFTER = re.compile(r"[\"'“‘(\[«¿¡]*([^\W_]+)")
_LIST_ITEM = re.compile(r"\n[^\S\n]*(?:[-*•‣·–—]|\(?\d{1,3}[.)]|\(?[a-z][.)])[^\S\n]+")
_SOFT_BREAK = re.compile(r"[;:；：]\s|[,，、]\s?|\s—\s|\s")
_KANA_OR_PARTICLE = re.compile(r"[\u3041-\u3096ー、,，]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f]")


def split(text: str, start: int = 0, end: int | None = None) -> list[Span]:
    """Return the sentences of `text[start:end]`, trimmed, in order, never overlapping.

    Every character that is not blank lies in exactly one span. A single line break is a blank; an empty line or a
    new list item ends a sentence.

    "It is 3.5. Dr. No left.[1]He ran" -> "It is 3.5.", "Dr. No left.[1]", "He ran"
    """
    end = len(text) if end is None else end
    spans: list[Span] = []
    left = start
    for cut in [*_boundaries(text, start, end), end]:
        spans.extend(_bounded(text, left, cut))
        left = cut
    return spans


def goes_on(text: str, span: Span, within: Span) -> tuple[bool, bool]:
    """Tell whether a sentence goes on before a span and after it, in the paragraph `within` that holds it.

    What only says whose words follow ("Ada Moor: …") is no part of their sentence. Of a very long paragraph only what
    is near is looked at.
    """
    left, right = max(within.start, span.start - _NEAR), min(within.end, span.end + _NEAR)
    bounds = [left, *_boundaries(text, left, right), right]
    before = text[max((at for at in bounds if at <= span.start), default=left) : span.start].rstrip(_BLANK_OR_EMPHASIS)
    after = text[span.end : min((at for at in bounds if at >= span.end), default=right)]
    return bool(before) and before[-1] not in ":：", bool(after.strip(_BLANK_OR_EMPHASIS + _CLOSERS))


def _boundaries(text: str, start: int, end: int) -> Iterator[int]:
    """Yield the offsets at which one sentence ends and the next begins, rising."""
    cuts = {m.start() + 1 for m in _LIST_ITEM.finditer(text, start, end)}
    quoted = _cjk_quotes(text, start, end)
    for found in _TERMINATOR.finditer(text, start, end):
        cut = found.end() if found.group()[0] == "\n" else _cut_after(text, found, start, end, quoted)
        if cut is not None:
            cuts.add(cut)
    return iter(sorted(cuts))


def _cut_after(text: str, found: re.Match[str], start: int, end: int, quoted: dict[int, int]) -> int | None:
    """Return where the sentence that ends in this terminator ends, or None where it goes on."""
    mark, after = found.group(), found.end()
    while after < end and text[after] in _CLOSERS:
        after += 1
    if footnote := _FOOTNOTE.match(text, after, end):
        after = footnote.end()
    if after >= end:
        return None
    if mark[-1] in _CJK_END or (mark[-1] in "!?…" and _CJK.match(text, after)):
        return _cut_cjk(text, found.start(), after, quoted)
    return _cut_latin(text, mark, found.start(), after, start, end, bool(footnote))


def _cut_cjk(text: str, mark: int, after: int, quoted: dict[int, int]) -> int | None:
    """Return the cut in Japanese and Chinese: a stop inside a quotation ends nothing."""
    inside = quoted.get(mark)
    if inside is not None and after < inside:
        return None
    if inside is not None and _KANA_OR_PARTICLE.match(text, after):
        return None
    return after


def _cut_latin(text: str, mark: str, at: int, after: int, start: int, end: int, footnote: bool) -> int | None:
    """Return the cut where blanks part words: a blank must follow, and nothing say that the sentence goes on."""
    following = text[after]
    if not following.isspace():
        glued = footnote and (following.isupper() or following in '“"‘([')
        return after if glued or _CJK.match(following) else None
    word_after = _WORD_AFTER.match(text, _skip_blanks(text, after, end), end)
    opens_lower = word_after is not None and word_after.group(1)[0].islower()
    if opens_lower:
        return None
    if mark != "." or not _is_abbreviation(text, at, start, word_after.group(1) if word_after else ""):
        return after
    return None


def _is_abbreviation(text: str, at: int, start: int, word_after: str) -> bool:
    """Tell whether the stop at `at` belongs to an abbreviation, an initial or the number of a list entry."""
    found = _WORD_BEFORE.search(text, max(start, at - 24), at)
    if found is None:
        return False
    word = found.group()
    if word.isdigit():
        return len(word) <= 3 and _opens_line(text[max(start, found.start() - 24) : found.start()])
    if len(word) == 1 and word.isalpha() and word.isupper():
        return word_after.lower() not in _OPENERS
    if word.lower() in _NEVER:
        return True
    if word.lower() in _BEFORE_NUMBER:
        return word_after[:1].isdigit()
    return word.lower() in _MAYBE and word_after.lower() not in _OPENERS


def _opens_line(before: str) -> bool:
    """Tell whether a number behind these characters counts list entries, as in "1. Wash. 2. Dry."."""
    words = before.rpartition("\n")[2].strip(" \t\"“(['-*•").split()
    return not words or (words[-1][-1] in _LATIN_END and words[-1].rstrip(".").lower() not in _BEFORE_NUMBER)


def _cjk_quotes(text: str, start: int, end: int) -> dict[int, int]:
    """Map each terminator that stands inside a pair of CJK brackets to the offset behind the outermost pair."""
    inside: dict[int, int] = {}
    stack: list[tuple[str, int]] = []
    marks: list[int] = []
    for found in re.finditer(r"[「『（【〈《」』）】〉》。！？!?…｡．\n]", text[start:end]):
        at, char = start + found.start(), found.group()
        if char == "\n" or (stack and at - stack[0][1] > _LONGEST_CJK_QUOTE):
            stack, marks = [], []
        if char in _CJK_OPEN_TO_CLOSE:
            stack.append((_CJK_OPEN_TO_CLOSE[char], at))
        elif stack and char == stack[-1][0]:
            stack.pop()
            if not stack:
                inside |= dict.fromkeys(marks, at + 1)
                marks = []
        elif stack:
            marks.append(at)
    return inside


def _bounded(text: str, left: int, right: int) -> Iterator[Span]:
    """Trim blanks; cut what is longer than MAX_SENTENCE at a clause, else at a blank, else anywhere."""
    left, right = _skip_blanks(text, left, right), _rskip_blanks(text, left, right)
    while right - left > MAX_SENTENCE:
        cut = left + MAX_SENTENCE
        for found in _SOFT_BREAK.finditer(text, left + MAX_SENTENCE // 2, left + MAX_SENTENCE):
            cut = found.end()
        yield Span(left, _rskip_blanks(text, left, cut))
        left = _skip_blanks(text, cut, right)
    if left < right:
        yield Span(left, right)


def _skip_blanks(text: str, at: int, end: int) -> int:
    while at < end and text[at].isspace():
        at += 1
    return at


def _rskip_blanks(text: str, start: int, at: int) -> int:
    while at > start and text[at - 1].isspace():
        at -= 1
    return at
