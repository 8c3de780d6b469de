"""SRT and WebVTT: the stored text is the file itself, so that a time can point at the line that states it.

Own reader, because pysubs2 keeps no offsets. Formats: https://www.w3.org/TR/webvtt1/ and the SRT of SubRip.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from documents.extract import Extract, Mark
from documents.formats.encoding import decode
from documents.formats.metadata import clean_title, language_code
from errors import DocumentError
from schema import Role, Time

_CLOCK = r"(?:(\d{1,4}):)?(\d{1,2}):(\d{1,2})(?:[,.](\d{1,3}))?"
TIMING = re.compile(rf"[ \t]*{_CLOCK}[ \t]*-->[ \t]*{_CLOCK}(?:[ \t].*)?")
LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n|$)")
VOICE = re.compile(r"<v(?:\.[^\s<>]{0,80})?[ \t]+([^<>\r\n]{1,80})>")
# "ANNA: …", "Dr. Moor: …", "[Anna]: …", "田中：…"
LABEL = re.compile(
    r"(?:\[([^\]\r\n]{1,40})\][ \t]*[:：]|((?:[^\W\d_][\w.'’-]{0,30}[ \t]?){1,4}?)[ \t]*[:：])"
    r"(?:(?<=：)[ \t]*|[ \t]+)(?=\S)"
)
TAG = re.compile(
    r"</?(?:[ibuc]|lang|ruby|rt|font)(?:[.\s][^<>\r\n]{0,100})?>|\{\\[^{}\r\n]{1,40}\}|<[\d:.]{5,14}>", re.IGNORECASE
)
EDGES = re.compile(rf"\s*(?:(?:{TAG.pattern})\s*)*", re.IGNORECASE)
CLOSING = re.compile(rf"(?:\s*(?:{TAG.pattern}))+\s*\Z", re.IGNORECASE)
VOICE_TAG = re.compile(rf"{VOICE.pattern}|</v>")
DASH = re.compile(r"[ \t]*(?:[-–—][ \t]*(?=\S)|>>[ \t]*)")
HEADER = re.compile(r"WEBVTT[ \t]+(?:-[ \t]*)?(\S[^\r\n]*)|(?:(Title|Language|Kind):[ \t]*([^\r\n]*))", re.IGNORECASE)


@dataclass(slots=True)
class _Line:
    start: int
    end: int  # without the line end
    words: str


def read(data: bytes) -> Extract:
    """Read subtitles. Every cue becomes turns with their time; numbers, timings, notes and tags are noise.

    :raises DocumentError: where there is no timing line.
    """
    decoded = decode(data)
    cues = _CueReader(decoded.text)
    marks = cues.read()
    if not any(mark.time for mark in marks):
        raise DocumentError("no cue with a time in it")
    return Extract(
        decoded.text,
        "subtitles",
        marks=tuple(marks),
        title=clean_title(cues.header.get("title")),
        language=language_code(cues.header.get("language")),
        kind="transcript",
        warnings=decoded.warnings,
    )


def _lines(text: str) -> list[_Line]:
    lines = []
    for match in LINE.finditer(text):
        words = match.group().rstrip("\r\n")
        lines.append(_Line(match.start(), match.start() + len(words), words))
    return lines


def _seconds(hours: str | None, minutes: str, seconds: str, fraction: str | None) -> float:
    thousandths = int((fraction or "0").ljust(3, "0"))
    return int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds) + thousandths / 1000


def _time(line: _Line) -> Time | None:
    match = TIMING.fullmatch(line.words)
    if not match:
        return None
    groups = match.groups()
    start, end = _seconds(*groups[:4]), _seconds(*groups[4:])
    stripped = line.words.strip()
    offset = line.start + line.words.index(stripped)
    return Time(start, max(start, end), offset, offset + len(stripped))


class _CueReader:
    """Walks over the lines once. The speaker of a cue without a name is the one before, as an inference."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines = _lines(text)
        self._marks: list[Mark] = []
        self._speaker: str | None = None
        self._inferred = False
        found = (LABEL.match(DASH.sub("", line.words, count=1)) for line in self._lines)
        self._labels = Counter(match.group(2) for match in found if match and match.group(2))
        self.header: dict[str, str] = {}

    def read(self) -> list[Mark]:
        """Return the marks of the whole file."""
        timings = [(i, time) for i, line in enumerate(self._lines) if (time := _time(line))]
        first = self._before_cue(timings[0][0]) if timings else len(self._lines)
        self._read_header(self._lines[:first])
        for line in self._lines[:first]:
            self._add(line.start, line.end, "noise")
        for n, (index, time) in enumerate(timings):
            if index and index - 1 >= first and n == 0:
                self._add(self._lines[index - 1].start, self._lines[index - 1].end, "noise")
            self._add(self._lines[index].start, self._lines[index].end, "noise")
            stop = timings[n + 1][0] if n + 1 < len(timings) else len(self._lines)
            self._read_cue(index + 1, stop, n + 1 < len(timings), time)
        return self._marks

    def _before_cue(self, index: int) -> int:
        """Return the first line of a cue: its number or name, if the line before the timing is one."""
        before = self._lines[index - 1].words.strip() if index else ""
        alone = index < 2 or not self._lines[index - 2].words.strip()
        return index - 1 if before and (alone or before.isdecimal()) else index

    def _read_header(self, lines: list[_Line]) -> None:
        for line in lines[:20]:
            if match := HEADER.fullmatch(line.words.strip()):
                title, name, value = match.groups()
                self.header.setdefault(name.lower() if name else "title", value if name else title)

    def _read_cue(self, index: int, stop: int, followed: bool, time: Time) -> None:
        """Mark the words of one cue, up to a blank line; what follows up to the next timing is noise."""
        ended = index
        last = self._before_cue(stop) if followed else stop
        while ended < last and self._lines[ended].words.strip():
            ended += 1
        self._inferred = self._speaker is not None
        for line in self._turns(self._lines[index:ended]):
            self._add_turn(line, time)
        for line in self._lines[ended:stop]:
            self._add(line.start, line.end, "noise")

    def _turns(self, lines: list[_Line]) -> list[_Line]:
        """Join the lines of a cue to turns: a dash, a label or a voice begins a new one."""
        turns: list[_Line] = []
        for line in lines:
            if turns and not (DASH.match(line.words) or VOICE.search(line.words) or self._label(line.words)):
                turns[-1].end = line.end
                turns[-1].words = self._text[turns[-1].start : line.end]
            else:
                turns.append(_Line(line.start, line.end, line.words))
        return turns

    def _add_turn(self, turn: _Line, time: Time) -> None:
        start = turn.start
        if dash := DASH.match(turn.words):  # somebody else speaks, and nobody says who
            self._speaker, self._inferred = None, False
            start += dash.end()
        self._add(turn.start, start, "noise")
        position = start
        for match in VOICE_TAG.finditer(self._text, start, turn.end):
            self._add_words(position, match.start(), time)
            self._add(match.start(), match.end(), "noise")
            if match.group(1):
                self._name(match.group(1))
            position = match.end()
        self._add_words(position, turn.end, time)

    def _add_words(self, start: int, end: int, time: Time) -> None:
        """Mark what is said, without the name in front and the tags around it; tags inside stay in the sentence."""
        if match := self._label(self._text[start:end]):
            self._name(match.group(1) or match.group(2))
            self._add(start, start + match.end(), "noise")
            start += match.end()
        opening = EDGES.match(self._text, start, end)
        inner = opening.end() if opening else start
        closing = CLOSING.search(self._text[inner:end])
        outer = inner + closing.start() if closing else end
        self._add(start, inner, "noise")
        self._add(inner, outer, "turn", time)
        self._add(outer, end, "noise")

    def _label(self, words: str) -> re.Match[str] | None:
        """Return the name in front of a turn: in brackets, in capitals, or one that labels other turns too."""
        match = LABEL.match(words)
        if not match or match.group(1):
            return match
        name = match.group(2)
        return match if name.isupper() or (self._labels[name] > 1 and not name[0].islower()) else None

    def _name(self, name: str) -> None:
        self._speaker, self._inferred = " ".join(name.split()), False

    def _add(self, start: int, end: int, role: Role, time: Time | None = None) -> None:
        words = self._text[start:end]
        start += len(words) - len(words.lstrip())
        end = start + len(words.strip())
        if start < end:
            speaker = self._speaker if role == "turn" else None
            inferred = self._inferred and speaker is not None
            self._marks.append(Mark(start, end, role, time=time, speaker=speaker, speaker_inferred=inferred))
