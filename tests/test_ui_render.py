"""Whatever a text contains, the chat shows that text and nothing else."""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from schema import Answer, Citation, FellBack, Sentence, Span, Support, Understood
from ui import render, wording

WORDS = wording.load()
HOSTILE = [
    "![i](https://evil.test/p.png)", "[click](javascript:alert(1))", "<img src=x onerror=alert(1)>", "<b>bold</b>",
    "https://evil.test/", "www.evil.test", "a@evil.test", "# heading", "* item\n* item", "1. one", "> quote", "---",
    "===", "    code", "```\ncode\n```", "`code`", "$$x$$", "\\(x\\)", "| a | b |\n|---|---|", "&lt;b&gt;",
    "&#60;b&#62;",
    "[x]: https://evil.test", "[x][x]", "~~no~~", "\\*x\\*", "<!-- c -->", "<details>", "[[1]](#q-x-1)", "a\\\nb",
]  # fmt: skip


def shown(markdown: str) -> str:
    """Return the text that a CommonMark renderer shows; fail on any markup but paragraphs, breaks and our links."""
    renderer = MarkdownIt("commonmark", {"breaks": True}).enable(["table", "strikethrough"])
    parts = re.split(r"(<[^>]*>)", renderer.render(markdown))
    for tag in parts[1::2]:
        assert re.fullmatch(r'</?p>|<br />|</?em>|<a href="#q-x(?:-\d+(?:-partly)?)?">|</a>', tag), tag
    return html.unescape("".join(parts[::2]))


def plain(text: str) -> str:
    """Return what must be seen of a text: all but blanks, controls (which are shown as U+FFFD) and U+FFFD."""
    return "".join(re.sub("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd]", "", text).split())


@given(st.text())
@example("\x85")
@example("\x1c")
@example("\u00a0x\u3000y")
@example("\u200b\u2060 ﷽ 👩🏽‍🚀 e\u0301")
def test_escaped_text_is_shown_as_it_is(text: str) -> None:
    assert plain(shown(render.escape(text))) == plain(text)


@given(st.lists(st.sampled_from([*HOSTILE, " ", "\n", "\n\n", "word"]), max_size=6).map("".join))
def test_markup_stays_letters(text: str) -> None:
    assert plain(shown(render.escape(text))) == plain(text)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_that_begins_markup_is_left(text: str) -> None:
    assert not re.search(r"[<>\[\]()!*_`~|$\\:/@.]", render.escape(text))


def test_paragraphs_and_lines_are_kept() -> None:
    assert render.escape("one\n\n\n\ntwo\r\nthree") == "one\n\ntwo\nthree"


def cited(quote: str, number: int) -> Citation:
    return Citation(
        number,
        "d",
        "D",
        quote,
        number,
        number + len(quote),
        Span(0, 1),
        (),
        None,
        False,
        None,
        None,
        None,
        None,
        "en",
        "body",
        "d",
    )


def answered(text: str, *quotes: str, **values: object) -> str:
    citations = tuple(cited(quote, number) for number, quote in enumerate(quotes, 1))
    row: dict[str, object] = {"abstained": False, "citations": citations} | values
    return render.answer(Answer("x", "q", "q", text, language="en", **row), WORDS)  # type: ignore[arg-type]


def test_markers_become_links_to_their_quotes() -> None:
    assert answered("One. [1]\n\nTwo.[2]", "One.", "Two.") == (
        "One&#46;&#160;[&#91;1&#93;](#q-x-1)\n\nTwo&#46;[&#91;2&#93;](#q-x-2)"
    )


def test_a_quote_keeps_its_number_through_a_conversation() -> None:
    numbers = render.Numbers()
    first, second = (
        Answer("x", "q", "q", text, False, "en", citations=tuple(cited(quote, place) for place, quote in quotes))
        for text, quotes in (("A [1] B [2]", [(1, "A"), (2, "B")]), ("C [1] B [2]", [(7, "C"), (2, "B")]))
    )
    assert re.findall(r"&#91;(\d+)&#93;", render.answer(first, WORDS, numbers)) == ["1", "2"]
    assert re.findall(r"&#91;(\d+)&#93;", render.answer(second, WORDS, numbers)) == ["3", "2"]


def test_a_footnote_mark_inside_a_quote_is_no_marker() -> None:
    text = answered("“policymakers.[1]For example” [1]", "policymakers.[1]For example")
    assert text.count("](#q-x-1)") == 1
    assert shown(text) == "“policymakers.[1]For example”\xa0[1]\n"


def test_a_marker_without_a_quote_stays_text() -> None:
    assert "](#" not in answered("No such [7] and [0].", "One.")


@given(st.text(), st.text(min_size=1))
def test_no_text_or_quote_makes_markup(text: str, quote: str) -> None:
    shown(answered(f"{text}{quote} [1] {text}", quote, notice=text))


def test_abstaining_answer_leads_to_what_came_closest() -> None:
    text = answered("The corpus does not say.", abstained=True, nearest=(cited("x", 1),))
    assert text.endswith("[See what came closest](#q-x)")
    assert "](#" not in answered("The corpus does not say.", abstained=True)


def test_notice_follows_the_answer() -> None:
    assert answered("One.", notice="older\nindex *x*").endswith("\n\n*older index &#42;x&#42;*")


@given(st.sampled_from(HOSTILE), st.sampled_from(HOSTILE))
def test_how_a_question_was_read_is_shown_as_letters(follows: str, typed: str) -> None:
    read = Understood(follows=follows, speakers=(typed,), corrected=((typed, "word"),))
    given_answer = Answer("x", "q", "q", "The corpus does not say.", True, "en", understood=read)
    text = shown(render.answer(given_answer, WORDS))
    assert plain(follows)[:20] in plain(text) and "also searched as" in text


def test_a_plain_reading_is_not_spoken_of() -> None:
    assert "(" not in shown(render.answer(Answer("x", "q", "q", "Nothing.", True, "en"), WORDS))


def composed(rows: Sequence[tuple[str, Support]], *quotes: str, **values: object) -> str:
    """Render sentences of a model, each citing the first quote; those that are not supported are left out."""
    text, sentences = "", []
    for words, support in rows:
        start = len(text) + bool(text)
        shown = support != "not"
        end = start + len(words)
        cites = (1,) if shown else ()
        sentences.append(Sentence(words, start if shown else None, end if shown else None, cites, support, 0.5))
        text += f"{' ' if text else ''}{words} [1]" if shown else ""
    return answered(text, *quotes, mode="composed", sentences=tuple(sentences), **values)


def test_partly_supported_is_said_behind_the_marker_in_words_and_leads_to_the_quote() -> None:
    text = composed([("One is so.", "supported"), ("Two is so.", "partly")], "One.")
    assert shown(text) == "One is so.\xa0[1] Two is so.\xa0[1]\xa0≈ partly\n"
    assert text.endswith("[&#91;1&#93;](#q-x-1)&#160;[≈ partly](#q-x-1-partly)")


def test_what_is_not_supported_is_nowhere_in_the_text() -> None:
    assert "secret" not in composed([("One is so.", "supported"), ("A secret.", "not")], "One.")


def test_a_models_own_marker_is_none_of_ours() -> None:
    text = composed([("So it is [1] and [2] and [99] too.", "supported")], "One.", "Two.")
    assert text.count("](#q-x-1)") == 1 and "](#q-x-2)" not in text
    assert shown(text) == "So it is [1] and [2] and [99] too.\xa0[1]\n"


@given(
    st.sampled_from(HOSTILE), st.sampled_from(["supported", "partly"]), st.sampled_from(["", " [1]", "[99]", "\u202e"])
)
def test_words_of_a_model_stay_letters(words: str, support: Support, end: str) -> None:
    text = shown(composed([(f"It says {words}{end}", support), ("And that.", "supported")], "One."))
    assert plain(f"It says {words}{end}") in plain(text)


@given(st.text(), st.text(min_size=1), st.text())
def test_no_words_of_a_model_make_markup(words: str, quote: str, other: str) -> None:
    shown(composed([(f"{words}{quote}", "partly"), (other, "supported"), (words, "not")], quote))


@pytest.mark.parametrize("sentence", [(-3, 2), (1, 99), (4, 2), (3, 3)])
def test_offsets_that_cannot_be_are_no_error(sentence: tuple[int, int]) -> None:
    odd = Sentence("x", *sentence, (9,), "partly", 0.5)
    assert shown(answered("One. [1]", "One.", mode="composed", sentences=(odd, odd))) == "One.\xa0[1]\n"


@pytest.mark.parametrize("language", wording.LANGUAGES)
@pytest.mark.parametrize("why", get_args(FellBack))
def test_why_an_answer_is_quoted_is_one_line_in_the_readers_language(why: FellBack, language: str) -> None:
    given_answer = Answer("x", "q", "q", "One.", False, "en", fell_back=why)
    first, line = shown(render.answer(given_answer, wording.load(language))).splitlines()
    assert (first, len(line) > 10, "{" in line) == ("One.", True, False)
    broken_off = shown(answered("One. [1]", "One.", mode="composed", fell_back=why)).splitlines()[1]
    assert broken_off.startswith("Not whole, because") and broken_off.endswith(".")
