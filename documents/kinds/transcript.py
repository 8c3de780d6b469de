"""Transcripts: who speaks when, under which chapter, and what of the page is no speech.

A turn begins with a cue, on a line of its own or in front of the words: `12.5 - 31.0 Name`, `[00:12:31] Name`,
`0:12 Name: words`, `Name (00:12): words`, `Name: words`. Subtitles come with marks that give their times.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from documents.extract import Extract
from documents.kinds.dates import find_date, seconds
from documents.kinds.draft import Draft, begin
from documents.kinds.finish import finish
from documents.kinds.headings import mark_typed_headings, rank_headings
from documents.kinds.lines import is_rule, is_sentence_end, visual_width
from documents.kinds.names import is_name
from documents.kinds.noise import is_counter, is_interface
from documents.sidecar import Sidecar
from schema import Block, Time

_CLOCK = r"(?:\d{1,3}:)?\d{1,3}:\d{2}(?:[.,]\d{1,3})?"
_STAMP = rf"(?:{_CLOCK}|\d{{1,6}}[.,]\d{{1,3}}s?)"
_NAME = r"[^\s:：\[\]()（）0-9][^:：\[\]()（）\n]{0,58}?"
_ANY_STAMP = rf"(?:{_CLOCK}|\d{{1,6}}(?:[.,]\d{{1,3}})?s?)"
_RANGE = re.compile(
    rf"[\[(（]?(?P<start>{_ANY_STAMP})\s*(?:-->|-|–|—|to|bis|~|〜|～)\s*(?P<end>{_ANY_STAMP})(?![\w.])"
    r"[\])）]?[ \t]*[:：|–-]?[ \t]*"
)
_POINT = re.compile(rf"(?:[\[(（](?P<a>{_STAMP})[\])）]|(?P<b>{_CLOCK}))(?=\s|$|[:：|–-])[ \t]*[:：|–-]?[ \t]*")
_NAME_POINT = re.compile(
    rf"(?P<name>{_NAME})[ \t]*(?:[\[(（](?P<start>{_CLOCK})[\])）][ \t]*[:：]?(?:\s|$)"
    rf"|(?P<bare>{_CLOCK})[ \t]*(?:\n|$))[ \t]*"
)
_NAME_WORDS = re.compile(
    rf"(?:\*\*)?(?P<name>{_NAME})(?:[ \t]?[(（][^)）\n]{{1,40}}[)）])?(?:\*\*)?[:：](?:\*\*)?\s*(?=\S)"
)
_CHAPTER = re.compile(
    r"(?:(?:chapter|part|section|segment|kapitel|teil|abschnitt|cap[íi]tulo|parte|chapitre|partie|capitolo|глава)"
    r"\s+(?:\d{1,3}|[ivxlc]{1,6}|one|two|three|four|five|six|seven|eight|nine|ten)\b\s*[:：.–—-]?.*"
    r"|第\s?[\d一二三四五六七八九十]{1,3}\s?[章回部節节].*)$",
    re.IGNORECASE,
)
_NOBODY = frozenset(
    "unknown speaker unbekannt desconocido inconnu sconosciuto desconhecido 不明 話者不明 未知 n/a none".split()
)
_UNTOLD = 1e-9


@dataclass(frozen=True, slots=True)
class Cue:
    """What the beginning of a line tells; `length` characters of it are no speech."""

    length: int
    speaker: str | None = None
    start: float | None = None  # seconds
    end: float | None = None


def parse(extract: Extract, sidecar: Sidecar | None = None) -> tuple[Block, ...]:
    """Return the blocks of a transcript. :raises DocumentError: where a part of the sidecar is not in the text."""
    drafts = begin(extract, sidecar or Sidecar())
    if any(draft.mark is not None and draft.mark.role == "turn" for draft in drafts):
        return _finish_subtitles(drafts)
    mark_typed_headings(drafts)
    rank_headings(drafts)
    names = speaker_names([draft.text for draft in drafts])
    cues = [_cue_of(draft, names) for draft in drafts]
    drafts = _turns(drafts, cues)
    _frame(drafts)
    _close_times(drafts)
    return _with_chapters(drafts)


def _finish_subtitles(drafts: list[Draft]) -> tuple[Block, ...]:
    """Take the marks as they are; what has none is numbering, timing and notes of the file."""
    for draft in drafts:
        if draft.mark is None and draft.role is None:
            draft.role = "noise"
        if draft.role == "turn":
            draft.speaker = _known(draft.speaker)
    return _with_chapters(drafts)


def read_cue(line: str, names: frozenset[str] = frozenset()) -> Cue | None:
    """Read what stands before the speech on a line; None where it is speech from the start.

    :param names: who is known to speak, for lines of the form `Name: words`.
    """
    head = line[:200]
    if (match := _RANGE.match(head)) and re.search(r"\d[:.,]\d", match["start"] + " " + match["end"]):
        rest, length = _speaker_after(head, match.end())
        return Cue(length, rest, seconds(_bare(match["start"])), seconds(_bare(match["end"])))
    if match := _POINT.match(head):
        rest, length = _speaker_after(head, match.end())
        return Cue(length, rest, seconds(_bare(match["a"] or match["b"])))
    if match := _NAME_POINT.match(head):
        return Cue(match.end(), match["name"].strip(" *-–"), seconds(match["start"] or match["bare"]))
    match = _NAME_WORDS.match(head)
    if match and match["name"].strip(" *") in names:
        return Cue(match.end(), match["name"].strip(" *"))
    return None


def _bare(stamp: str) -> str:
    return stamp.removesuffix("s")


def _speaker_after(head: str, at: int) -> tuple[str | None, int]:
    """Return the speaker named after a time, and where the speech begins."""
    rest = head[at:]
    line, *_ = rest.split("\n", 1)
    if match := _NAME_WORDS.match(rest):
        return match["name"].strip(" *"), at + match.end()
    short = line.strip().rstrip(":：")
    if short and len(short) <= 60 and len(short.split()) <= 6 and not is_sentence_end(short) and short[0].isalpha():
        alone = len(rest) == len(line) or rest[len(line) :].strip() != ""
        return (short, at + len(line)) if alone else (None, at)
    return None, at


def speaker_names(lines: Sequence[str]) -> frozenset[str]:
    """Return the names in front of a colon that come again and again: who takes part in a conversation."""
    counts: Counter[str] = Counter()
    for line in lines:
        if (match := _NAME_WORDS.match(line[:200])) and len(match["name"].split()) <= 5:
            counts[match["name"].strip(" *")] += 1
    several = {name for name, count in counts.items() if count >= 2}
    if sum(counts[name] for name in several) < max(3, 0.3 * len(lines)):
        return frozenset()
    # who speaks once among people who speak often is a speaker too
    return frozenset(several | {name for name in counts if is_name(name)})


def _cue_of(draft: Draft, names: frozenset[str]) -> Cue | None:
    if draft.settled and draft.role != "turn":
        return None
    return None if draft.role is not None and draft.role != "turn" else read_cue(draft.text, names)


def _turns(drafts: list[Draft], cues: Sequence[Cue | None]) -> list[Draft]:
    """Cut each cue off its speech and give what follows its speaker and time, up to the next cue or chapter."""
    result: list[Draft] = []
    current: Draft | None = None  # carries speaker and time of the cue in force
    for draft, cue in zip(drafts, cues, strict=True):
        if cue is not None:
            head, speech = _cut(draft, cue)
            current = _carrier(head or draft, cue)
            result.extend(piece for piece in (head, speech) if piece is not None)
            if speech is not None:
                _speak(speech, current)
            continue
        result.append(draft)
        if draft.role is not None:
            current = None if draft.role == "heading" else current
        elif is_chapter(draft.text):
            draft.role, current = "metadata", None
        elif is_counter(draft.text) or is_rule(draft.text):
            draft.role = "noise"
        elif current is not None:
            _speak(draft, current)
    return result


def _cut(draft: Draft, cue: Cue) -> tuple[Draft | None, Draft | None]:
    """Split a draft into the line that says who and when, and the speech; either may be missing."""
    speech = draft.text[cue.length :].lstrip()
    timed = cue.start is not None
    if not speech:
        return replace(draft, role="noise" if timed else "metadata", speaker=None), None
    if not timed:
        return None, draft  # "Name: words" stays one block, as it is read
    start = draft.end - len(speech)
    head = draft.text[: cue.length].rstrip()
    return (
        replace(draft, end=draft.start + len(head), text=head, role="noise", speaker=None),
        replace(draft, start=start, text=speech, gap=False),
    )


def _carrier(draft: Draft, cue: Cue) -> Draft:
    time = None
    if cue.start is not None:
        time = Time(cue.start, cue.end if cue.end is not None else _UNTOLD, draft.start, draft.end)
    return replace(draft, speaker=_known(cue.speaker), time=time)


def _speak(draft: Draft, current: Draft) -> None:
    draft.role, draft.time = "turn", current.time
    if "speaker" not in draft.told:
        draft.speaker = current.speaker


def _known(name: str | None) -> str | None:
    return None if name is None or name.strip().lower() in _NOBODY else name.strip()


def is_chapter(line: str) -> bool:
    """Tell whether a line names a chapter: "Chapter 3: What went wrong", "Kapitel 2", "第3章"."""
    return visual_width(line) <= 200 and "\n" not in line and _CHAPTER.match(line) is not None


def _frame(drafts: Sequence[Draft]) -> None:
    """Tell what stands before the first turn and after the last one."""
    spoken = [i for i, draft in enumerate(drafts) if draft.role == "turn"]
    for draft in drafts[: spoken[0]] if spoken else drafts:
        if draft.role is None:
            draft.role = "noise" if is_interface(draft.text) and not find_date(draft.text) else "metadata"
            if len(draft.text) > 300 or (is_sentence_end(draft.text) and visual_width(draft.text) > 80):
                draft.role = "body"
    if not spoken:
        return
    once = [i for i in spoken if drafts[i].time is not None]
    per_cue = Counter(drafts[i].time for i in once)
    whole = len(per_cue) >= 4 and sum(count == 1 for count in per_cue.values()) >= len(per_cue) - 1
    last_time = drafts[spoken[-1]].time
    tail = [i for i in spoken if drafts[i].time == last_time][1:] if whole and last_time is not None else []
    for i in range(max(0, spoken[-1] - 12), len(drafts)):
        after_all = i in tail or i > spoken[-1]
        if drafts[i].role in (None, "turn") and (after_all or (i > spoken[-1] - 4 and is_interface(drafts[i].text))):
            drafts[i].role, drafts[i].time, drafts[i].speaker = "noise", None, None


def _close_times(drafts: Sequence[Draft]) -> None:
    """End a turn whose end is not written where the next one begins."""
    times = sorted({draft.time.start_seconds for draft in drafts if draft.time is not None})
    later = dict(pairwise([*times, None]))
    for draft in drafts:
        if draft.time is not None and draft.time.end_seconds == _UNTOLD:
            end = later.get(draft.time.start_seconds)
            draft.time = replace(draft.time, end_seconds=draft.time.start_seconds if end is None else end)


def _with_chapters(drafts: Sequence[Draft]) -> tuple[Block, ...]:
    """Freeze the drafts; a chapter is the section of the turns below it and begins with the first of them."""
    chapter: Draft | None = None
    for draft in drafts:
        if draft.role == "metadata" and is_chapter(draft.text):
            chapter = draft
        elif draft.role == "turn" and chapter:
            chapter.time = chapter.time or draft.time
            draft.labels = (" ".join(chapter.text.split()),)
    return finish(drafts, "turn")
