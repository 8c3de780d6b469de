"""References say whose words a quote is, in each style, and nothing of a document can end a field of theirs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from export.bundle import Bundle, Quoted, Work
from export.cutting import cut
from export.names import apa_authors, apa_date, chicago_authors, chicago_date, name
from export.plain import web_address
from export.references import styles
from export.ris import records
from schema import Block, Citation, Document, Time
from tests.browser.fake_answerer import cite, library

WORK = Work(("Ada Moor",), "discussion")
HOSTILE = st.text(st.one_of(st.sampled_from('\r\n\x00\u2028{}\\"%&#_$^~@<>[]ER-TY ,;'), st.characters()), max_size=40)


def quoted(**values: Any) -> Citation:
    plain = {"title": "On keeping a light", "speaker": None, "section": (), "time": None, "date": "2024-05-31"}
    return cite(library()[0], 0, 8, **(plain | values))


def test_authors_own_words_are_cited_as_the_authors() -> None:
    told = styles(quoted(speaker="Ada Moor", page=3, link="https://example.org/a"), WORK)
    assert told["apa"] == "Moor, A. (2024, May 31). On keeping a light (p. 3). https://example.org/a"
    assert told["chicago"] == "Moor, Ada. “On keeping a light.” May 31, 2024. p. 3. https://example.org/a."
    assert told["plain"] == "“How do l” — Ada Moor, On keeping a light, 2024-05-31, p. 3, https://example.org/a"
    assert "author = {Moor, Ada}" in told["bibtex"] and "month = may," in told["bibtex"]


def test_commenters_words_are_never_the_authors_alone() -> None:
    told = styles(quoted(speaker="Jo Habe", speaker_inferred=True, role="comment"), WORK)
    front = "Jo Habe (comment; attribution inferred), in "
    assert told["apa"] == f"{front}Moor, A. (2024, May 31). On keeping a light."
    assert told["chicago"] == f"{front}Ada Moor, “On keeping a light,” May 31, 2024."
    assert told["plain"] == f"“How do l” — {front}Ada Moor, On keeping a light, 2024-05-31"
    assert "author = {{Jo Habe}}" in told["bibtex"] and "In Ada Moor, On keeping a light" in told["bibtex"]
    assert "Moor, Ada" not in told["bibtex"]


@pytest.mark.parametrize(
    ("values", "front"),
    [
        ({"role": "comment"}, "A commenter, in Moor"),
        ({"role": "quotation"}, "A person quoted, in Moor"),
        ({"role": "turn"}, "A speaker, in Moor"),
        ({"role": "quotation", "speaker": "Ada Moor", "quoted_by": "Jo"}, "Ada Moor (quoted by Jo), in Moor"),
        ({"role": "body", "speaker": "ADA MOOR"}, "Moor, A."),
        ({"role": "body"}, "Moor, A."),
    ],
)  # fmt: skip
def test_speaker_and_author_are_told_apart(values: dict[str, Any], front: str) -> None:
    assert styles(quoted(**values), WORK)["apa"].startswith(front)


def test_with_several_authors_the_one_who_speaks_is_named() -> None:
    both = Work(("Ada Moor", "Jo Habe"), "transcript")
    assert styles(quoted(speaker="Jo Habe"), both)["apa"].startswith("Jo Habe, in Moor, A., & Habe, J. (2024")


def test_what_is_missing_is_said_as_the_styles_say_it() -> None:
    told = styles(quoted(date=None), Work())
    assert told["apa"] == "On keeping a light. (n.d.)."
    assert told["chicago"] == "“On keeping a light.” n.d."
    assert "note = {n.d.}" in told["bibtex"] and "year" not in told["bibtex"] and "author" not in told["bibtex"]
    assert told["plain"].endswith("On keeping a light, n.d.")


def test_times_are_as_a_clock_shows_them() -> None:
    told = styles(quoted(time=Time(65.9, 3_675.0, 0, 5), section=("Part", "The lamp")), WORK)
    assert "(1:05–1:01:15; section “The lamp”)" in told["apa"]


@pytest.mark.parametrize(
    ("text", "inverted", "initials"),
    [
        ("Ada Moor", "Moor, Ada", "Moor, A."),
        ("Jean-Paul Le Guin", "Guin, Jean-Paul Le", "Guin, J.-P. L."),
        ("Ludwig van Beethoven", "van Beethoven, Ludwig", "van Beethoven, L."),
        ("Martin L. King Jr.", "King, Martin L., Jr.", "King, M. L., Jr."),
        ("Moor, Ada", "Moor, Ada", "Moor, A."),
        ("METR", "METR", "METR"),
        ("The Harbour Board", "The Harbour Board", "The Harbour Board"),
        ("夏目 漱石", "夏目 漱石", "夏目 漱石"),
        ("a member of staff", "a member of staff", "a member of staff"),
    ],
)  # fmt: skip
def test_only_persons_names_are_turned_round(text: str, inverted: str, initials: str) -> None:
    assert (name(text).inverted, name(text).initials) == (inverted, initials)


def test_many_authors_are_listed_as_each_style_does() -> None:
    assert apa_authors(["Ada Moor", "METR"]) == "Moor, A., & METR"
    assert chicago_authors(["Ada Moor", "Jo Habe", "METR"], inverted=True) == "Moor, Ada, Jo Habe, and METR"
    assert apa_authors(["METR"] * 25).count("METR") == 20
    assert chicago_authors(["METR"] * 25, inverted=True).endswith(", et al.")


@pytest.mark.parametrize(
    ("date", "apa", "chicago"),
    [
        ("2024-05-31", "2024, May 31", "May 31, 2024"), ("2024-05", "2024, May", "May 2024"), ("2024", "2024", "2024"),
        ("2024-13-01", "2024", "2024"), ("last spring", "last spring", "last spring"), (None, "n.d.", "n.d."),
    ],
)  # fmt: skip
def test_dates(date: str | None, apa: str, chicago: str) -> None:
    assert (apa_date(date), chicago_date(date)) == (apa, chicago)


@pytest.mark.parametrize(
    "link", ["javascript:alert(1)", "https://a b", "http://", "https://x/\n", "data:,x", "https://x\u202e", "", None]
)
def test_only_web_addresses_are_addresses(link: str | None) -> None:
    assert web_address(link) is None


def hostile(word: str) -> Citation:
    values = {"title": word, "speaker": word, "section": (word,), "date": word, "link": word, "quoted_by": word}
    return replace(quoted(**values, role="comment"), quote=word)


@given(HOSTILE)
def test_bibtex_fields_cannot_be_left(word: str) -> None:
    entry = styles(hostile(word), Work((word, "Ada Moor")))["bibtex"]
    lines = entry.rstrip("\n").split("\n")
    assert re.fullmatch(r"@misc\{[a-z0-9]+,", lines[0]) and lines[-1] == "}"
    for line in lines[1:-1]:
        key, value = re.fullmatch(r"  ([a-z]+) = (.*),", line).groups()  # type: ignore[union-attr]
        if key == "month":
            continue
        depth = [0]
        for char in value:
            depth.append(depth[-1] + {"{": 1, "}": -1}.get(char, 0))
        assert value[0] == "{" and value[-1] == "}" and depth[-1] == 0 and min(depth[1:-1]) >= 1
        bare = re.sub(r"\{\\text\w+\}|\\[$&%#_]", "", value)
        assert key == "url" or not re.search(r"[\\$&%#_^~]", bare)


def parsed(text: str) -> Iterator[list[tuple[str, str]]]:
    """Read RIS as its description says: one field a line, a record ends with ER."""
    record: list[tuple[str, str]] = []
    for line in text.split("\r\n"):
        if not line:
            continue
        tag, value = re.fullmatch(r"([A-Z][A-Z0-9])  - (.*)", line, re.S).groups()  # type: ignore[union-attr]
        if tag == "ER":
            yield record
            record = []
        else:
            record.append((tag, value))
    assert not record


@given(HOSTILE, HOSTILE)
def test_ris_has_one_record_a_quote_whatever_it_says(word: str, note: str) -> None:
    one, two = hostile(word), replace(hostile(word), start=1)
    bundle = Bundle("2026-01-01", quotes=(Quoted(one, note), Quoted(two)), works={one.document: WORK})
    found = list(parsed(records(bundle)))
    assert [record[0] for record in found] == [("TY", "BLOG")] * 2
    for record in found:
        assert all(re.search(r"[\r\n\v\f\x85\u2028\u2029]", value) is None for _, value in record)


def test_ris_carries_whose_words_where_and_the_note() -> None:
    cited = quoted(speaker="Jo Habe", role="comment", page=4, link="https://example.org/a")
    bundle = Bundle("2026-01-01", quotes=(Quoted(cited, "mine\nER  - "),), works={cited.document: WORK})
    (record,) = parsed(records(bundle))
    for field in (
        ("AU", "Jo Habe"), ("TI", "In Ada Moor, On keeping a light"), ("A2", "Moor, Ada"), ("DA", "2024/05/31/"),
        ("SP", "4"), ("UR", "https://example.org/a"), ("N1", "“How do l”"), ("N1", "mine ER -"),
    ):  # fmt: skip
        assert field in record


def test_a_span_over_several_speakers_is_nobodys_alone() -> None:
    blocks = (Block(0, 5, "comment", speaker="Ada"), Block(6, 9, "comment", speaker="Jo", speaker_inferred=True))
    document = Document("a.txt", "Hello yes and no", "0", "T", "discussion", (*blocks, Block(10, 16, "body")))
    assert cut(document, 0, 5).speaker == "Ada"
    assert (cut(document, 2, 8).speaker, cut(document, 2, 8).speaker_inferred) == ("Ada, Jo", True)
    assert cut(document, 6, 16).speaker == "Jo, …"
    assert cut(document, 2, 8).quote == document.text[2:8]
    for start, end in ((5, 5), (-1, 3), (0, 17)):
        with pytest.raises(ValueError, match="no characters"):
            cut(document, start, end)
