"""Transcripts: cues of many styles, times with the line that gives them, chapters, and the page around."""

import pytest

from documents.extract import Extract, Mark
from documents.kinds.dates import find_date, seconds
from documents.kinds.transcript import read_cue
from documents.sidecar import Sidecar, parse_sidecar
from documents.understand import understand
from schema import Block, Document, Time

PODCAST = """Home

Search

The Lighthouse Show

"Why whales sing" by Marta Oduya

3 Nov 2021

Chapter 1: What do we hear?

2.031 - 11.4 Marta Oduya

This is a story about sound in the sea.

2

11.2 - 29.0 Unknown

Whales sing at frequencies that travel for hundreds of kilometres.

0

Chapter 2: How do they learn?

30.5 - 55 Unknown

A young male copies the song of the older ones, and changes it a little every year.

56.0 - 70.5 Interviewer

And nobody knows why?

1

70.5 - 80.0 Unknown

Nobody. There are three theories.

Comments

Log in to comment
"""
BRACKETS = """[00:00:05] Host
Welcome back to the Garden Hour. Today we talk about bees.

[00:00:14] Dr. Nwosu
Thank you. Bees remember the skyline as they see it on their first flights.

They also use the sun, of course.

[00:01:02] Host
And when it is cloudy?
"""
INTERVIEW = """Interview: Das Salz der Seen
ZEITUNG: Frau Dr. Amsel, warum sind manche Seen salzig?
Amsel: Weil sie keinen Abfluss haben. Das Wasser verdunstet, und das Salz bleibt zurück.
ZEITUNG: Wie lange dauert das?
Amsel: Oft viele tausend Jahre.
Das Tote Meer ist dafür ein gutes Beispiel.
ZEITUNG: Was ändert sich heute?
Amsel: Die Zuflüsse werden für Felder abgeleitet, und die Seen schrumpfen.
"""


def understood(text: str, sidecar: Sidecar | None = None) -> Document:
    return understand("a.txt", Extract(text, "plain"), "0", sidecar or Sidecar())


def block(document: Document, words: str) -> Block:
    return next(b for b in document.blocks if document.text[b.start :].startswith(words))


def test_turns_have_times_chapters_and_the_line_that_says_so() -> None:
    document = understood(PODCAST)
    assert document.kind == "transcript"
    turns = [b for b in document.blocks if b.role == "turn"]
    assert [(b.time.start_seconds, b.time.end_seconds) for b in turns if b.time] == [
        (2.031, 11.4), (11.2, 29.0), (30.5, 55.0), (56.0, 70.5), (70.5, 80.0)
    ]  # fmt: skip
    for turn in turns:
        assert turn.time and document.text[turn.time.source_start :].startswith(str(turn.time.start_seconds))
        assert document.text[turn.time.source_start : turn.time.source_end].count("\n") == 0
    assert [b.section[0][:9] for b in turns] == ["Chapter 1"] * 2 + ["Chapter 2"] * 3


def test_unknown_is_nobody_unless_the_sidecar_says_who_reads() -> None:
    assert [b.speaker for b in understood(PODCAST).blocks if b.role == "turn"] == [
        "Marta Oduya", None, None, "Interviewer", None
    ]  # fmt: skip
    sidecar = parse_sidecar(
        'parts = [{ begins = "2.031 - 11.4", role = "turn", speaker = "Marta Oduya", '
        'basis = "inferred", because = "one voice" }]',
        "x",
    )
    turns = [b for b in understood(PODCAST, sidecar).blocks if b.role == "turn"]
    assert [(b.speaker, b.speaker_inferred) for b in turns] == [
        ("Marta Oduya", False), ("Marta Oduya", True), ("Marta Oduya", True),
        ("Interviewer", False), ("Marta Oduya", True)
    ]  # fmt: skip
    assert all(b.quoted_by is None for b in turns)


def test_menus_counters_and_the_comment_box_are_noise() -> None:
    document = understood(PODCAST)
    noise = {document.text[b.start : b.end] for b in document.blocks if b.role == "noise"}
    assert {"Home", "Search", "0", "1", "2", "Comments", "Log in to comment"} <= noise
    assert (document.title, document.authors, document.date) == ("Why whales sing", ("Marta Oduya",), "2021-11-03")
    assert block(document, "Chapter 1").role == block(document, "The Lighthouse").role == "metadata"


def test_times_in_brackets_end_where_the_next_begins() -> None:
    document = understood(BRACKETS)
    first, second = block(document, "Welcome"), block(document, "They also")
    assert first.time == Time(5.0, 14.0, 0, len("[00:00:05] Host"))
    assert (second.speaker, second.time and second.time.end_seconds) == ("Dr. Nwosu", 62.0)
    assert block(document, "And when").speaker == "Host"


def test_an_interview_without_times() -> None:
    document = understood(INTERVIEW)
    assert document.kind == "transcript"
    assert block(document, "Interview").role == "metadata"
    assert [b.speaker for b in document.blocks[1:]] == [
        "ZEITUNG",
        "Amsel",
        "ZEITUNG",
        "Amsel",
        "Amsel",
        "ZEITUNG",
        "Amsel",
    ]
    assert document.languages == ("de",)


def test_subtitles_keep_their_marks() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nHello there.\n\n2\n00:00:02,000 --> 00:00:04,000\nAnd hello."
    times = [Time(1.0, 2.0, 2, 31), Time(2.0, 4.0, 48, 77)]
    marks = [
        Mark(start, start + len(words), "turn", time=time, speaker=speaker)
        for words, time, speaker in (("Hello there.", times[0], "Ada"), ("And hello.", times[1], "Unknown"))
        for start in [text.index(words)]
    ]
    document = understand("a.srt", Extract(text, "subtitles", marks=tuple(marks), kind="transcript"), "0", Sidecar())
    turns = [b for b in document.blocks if b.role == "turn"]
    assert [(b.speaker, b.time) for b in turns] == [("Ada", times[0]), (None, times[1])]
    assert {b.role for b in document.blocks} == {"turn", "noise"}


@pytest.mark.parametrize(
    ("line", "speaker", "start", "end"),
    [
        ("12.5 - 31.0 Ada Moor", "Ada Moor", 12.5, 31.0),
        ("0:12 - 0:31 Ada: hello", "Ada", 12.0, 31.0),
        ("00:00:12.500 --> 00:00:31", None, 12.5, 31.0),
        ("[00:12:31] Ada", "Ada", 751.0, None),
        ("[1:02:03] hello everyone, and welcome to the show.", None, 3723.0, None),
        ("(0:05) Host: hello", "Host", 5.0, None),
        ("Ada Moor (00:12): hello", "Ada Moor", 12.0, None),
        ("Speaker 1  0:07", "Speaker 1", 7.0, None),
    ],
)
def test_cues(line: str, speaker: str | None, start: float, end: float | None) -> None:
    cue = read_cue(line)
    assert cue is not None
    assert (cue.speaker, cue.start, cue.end) == (speaker, start, end)


@pytest.mark.parametrize(
    "line", ["At 10:30 the train left.", "In 1990 - 1995 it rained.", "Ada: hello", "3.5 tonnes", "2024"]
)
def test_no_cues(line: str) -> None:
    assert read_cue(line) is None


def test_clocks_and_dates() -> None:
    assert [seconds(clock) for clock in ("0:12", "1:02:03.5", "31.4", "31,4s", "x")] == [12.0, 3723.5, 31.4, 31.4, None]
    dates = (
        "25 Feb 2026",
        "February 24, 2026",
        "3. März 2024",
        "3 de junio de 2021",
        "2022年9月14日",
        "2020-01-02",
        "31.12.1999",
    )
    assert [found and found[0] for found in map(find_date, dates)] == [
        "2026-02-25", "2026-02-24", "2024-03-03", "2021-06-03", "2022-09-14", "2020-01-02", "1999-12-31"
    ]  # fmt: skip
    assert find_date("30 Feb 2026") is None and find_date("version 3 of 2026") is None


def test_a_chapter_begins_with_its_first_turn() -> None:
    text = (
        "Chapter 1: Salt\n\n0.0 - 4.5 Ann\n\nSalt keeps fish.\n\n"
        "Chapter 2: Smoke\n\n4.5 - 9.0 Ann\n\nSmoke keeps it longer.\n"
    )
    document = understand("fish.txt", Extract(text=text, format="plain", kind="transcript"), "", Sidecar())
    chapters = [block for block in document.blocks if text[block.start :].startswith("Chapter")]
    assert [chapter.time and chapter.time.start_seconds for chapter in chapters] == [0.0, 4.5]
