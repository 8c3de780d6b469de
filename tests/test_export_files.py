"""Markdown, HTML and JSON show exactly the words that went in, whatever they hold, and nothing that acts."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from markdown_it import MarkdownIt

from export.bundle import Bundle, Quoted, Work, to_json
from export.html import to_html
from export.markdown import escape, to_markdown
from export.plain import visible
from schema import Answer, Sentence
from tests.browser.fake_answerer import cite, library
from ui import wording

WORDS = wording.load()
TRICKY = (
    "<script>alert(1)</script>", "![x](javascript:alert(1))", "[a]: http://b", "# no heading", "1. no list", "- x",
    "> q",
    "```\ncode\n```", "    indented", "| a | b |\n|---|---|\n| c | d |", "a\n===", "a\n---", "&lt;b&gt; &amp;", "~~s~~",
    "$x^2$", "a\\", "*a*_b_`c`", "https://example.org www.example.org me@example.org", "end #", "a  \nb",
    "\ud800\x00\u202e",
    "<https://x>", '" onmouseover="alert(1)', "{{ 7 * 7 }}", "1) no", "+ no", "=", ": no", "\tx", "[1] [2]",
    "夢を見た。",
)  # fmt: skip
TEXTS = st.one_of(
    st.sampled_from(TRICKY),
    st.text(max_size=60),
    st.text(st.sampled_from("#*_`<>[]()!&-+=~|\\ \n\t1.a:$@"), max_size=30),
)
RENDERERS = (MarkdownIt("commonmark"), MarkdownIt("commonmark").enable(["table", "strikethrough"]))


def words_of(text: str) -> list[str]:
    return text.split()


def bundle_of(word: str, note: str = "", link: str | None = None) -> Bundle:
    source = library()[0]
    cited = cite(
        source, 0, 10, 1, title=word or "t", speaker=word, section=(word,), date=word, quoted_by=word, link=link or word
    )
    cited = replace(cited, quote=word)
    answer = Answer("x", word, word, f"It says: {word} [1]", False, "en", (cited,))
    works = {source.id: Work((word, "Ada Moor"), "article")}
    return Bundle("2026-01-01", (answer,), (Quoted(cited, note),), works)


@given(TEXTS)
def test_escaped_markdown_shows_the_same_words_and_no_markup(text: str) -> None:
    for renderer in RENDERERS:
        tokens = renderer.parse(escape(text))
        assert {token.type for token in tokens} <= {"paragraph_open", "paragraph_close", "inline"}
        inline = [child for token in tokens for child in token.children or ()]
        assert {child.type for child in inline} <= {"text", "text_special", "hardbreak", "softbreak"}
        shown = "".join(child.content or "\n" for child in inline)
        assert "".join(words_of(shown)) == "".join(words_of(visible(text)))


@given(TEXTS, TEXTS)
def test_markdown_of_a_bundle_is_only_our_own_markup(word: str, note: str) -> None:
    tokens = RENDERERS[1].parse(to_markdown(bundle_of(word, note), WORDS))
    ours = {"heading", "paragraph", "blockquote", "bullet_list", "list_item"}
    assert {re.sub("_(open|close)$", "", token.type) for token in tokens} <= ours | {"inline"}
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {
        "text", "text_special", "hardbreak", "softbreak", "strong_open", "strong_close", "em_open", "em_close"
    }  # fmt: skip
    assert [token.tag for token in tokens if token.type == "heading_open"] == "h1 h2 h3 h3 h2 h3".split()


@given(TEXTS, TEXTS)
def test_html_shows_the_same_words_and_holds_nothing_that_acts(word: str, note: str) -> None:
    page = to_html(bundle_of(word, note), WORDS)
    tree = lxml_html.fromstring(page.encode())
    assert tree.xpath("//meta[@http-equiv]/@content") == ["default-src 'none'; style-src 'unsafe-inline'"]
    allowed = set(
        "html head meta title style body h1 h2 h3 p section figure figcaption strong bdi blockquote mark a".split()
    ) | {"ul", "li"}
    for element in tree.iter():
        assert element.tag in allowed
        assert not [key for key in element.attrib if key.lower().startswith("on")]
        if element.tag == "a":
            assert re.match(r"#a\d+-\d+$|https?://", element.get("href"))
    quotes = ["".join(one.itertext()) for one in tree.xpath("//blockquote")]
    assert quotes == [visible(word)] * 2
    if note.strip():
        assert tree.xpath("//p[@class='note']")[0].text_content() == f"{WORDS['export_note']} {visible(note)}"


@given(TEXTS, TEXTS)
def test_json_is_the_same_back(word: str, note: str) -> None:
    bundle = bundle_of(word, note)
    rows = json.loads(to_json(bundle).encode("utf-8"))
    assert Answer.from_json(rows["answers"][0]) == bundle.answers[0]
    assert rows["quotes"] == [{**bundle.quotes[0].citation.to_json(), "note": note}]


def test_quotes_are_marked_in_the_answer_and_markers_lead_to_them() -> None:
    source = library()[0]
    cited = cite(source, 0, 10, 1)
    answer = Answer("x", "q", "q", f"“{cited.quote}” [1] and [7]", False, "en", (cited,))
    tree = lxml_html.fromstring(to_html(Bundle("2026-01-01", (answer,)), WORDS))
    text = tree.xpath("//p[@class='text']")[0]
    assert [one.text for one in text.xpath("mark")] == [cited.quote]
    (link,) = text.xpath("a")
    assert tree.get_element_by_id(link.get("href")[1:]).tag == "figure"


def test_addresses_are_links_that_lead_to_the_web() -> None:
    bundle = bundle_of("x", link="https://example.org/a?b=1&c=2")
    tree = lxml_html.fromstring(to_html(bundle, WORDS))
    assert "https://example.org/a?b=1&c=2" in tree.xpath("//ul//a/@href")
    assert "<https://example.org/a?b=1&c=2>" in to_markdown(bundle, WORDS)


def test_an_answer_that_abstains_says_that_what_is_near_does_not_answer() -> None:
    near = cite(library()[0], 0, 10, 1)
    answer = Answer("x", "q", "q", "The corpus does not say.", True, "en", nearest=(near,))
    for text in (to_html(Bundle("2026-01-01", (answer,)), WORDS), to_markdown(Bundle("2026-01-01", (answer,)), WORDS)):
        assert "it does not answer the question" in text and near.quote in text


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_every_language_has_words_for_a_file(language: str) -> None:
    assert wording.load(language)["export_title"] in to_html(bundle_of("x"), wording.load(language), language)


def written(word: str = "It is red") -> Bundle:
    source = library()[0]
    cited = cite(source, 0, 10, 1)
    first, partly = f"{word} [1].", f"Partly {word}."
    text = f"{first} [1] {partly} [1]"
    at = text.index(partly, len(first))
    sentences = (
        Sentence(first, 0, len(first), (1,), "supported", 0.9),
        Sentence(partly, at, at + len(partly), (1,), "partly", 0.5),
        Sentence("Nothing of the kind.", None, None, (), "not", 0.1),
    )
    answer = Answer("x", "q", "q", text, False, "en", (cited,), mode="composed", sentences=sentences)
    return Bundle("2026-01-01", (answer,), works={source.id: Work(("Ada Moor",), "article")}, writer="Lamp *7B* <b>")


@pytest.mark.parametrize("language", wording.LANGUAGES)
def test_a_composed_answer_says_who_wrote_it_and_what_was_found(language: str) -> None:
    words = wording.load(language)
    markdown, page = to_markdown(written(), words), to_html(written(), words, language)
    shown = lxml_html.fromstring(page.encode()).text_content()
    assert escape("Lamp *7B* <b>") in markdown and "Lamp *7B* <b>" in shown
    for text in (markdown, shown):
        assert text.count(words["export_partly"]) == 1
        assert text.index("Partly") < text.index(words["export_partly"])
        assert "Nothing of the kind" not in text and words["left_out_one"] in text


def test_json_of_a_composed_answer_has_every_verdict_and_the_writer() -> None:
    rows = json.loads(to_json(written()))
    assert rows["writer"] == "Lamp *7B* <b>"
    assert [one["support"] for one in rows["answers"][0]["sentences"]] == ["supported", "partly", "not"]
    assert "Nothing of the kind" not in rows["answers"][0]["answer"]
    assert json.loads(to_json(bundle_of("x")))["writer"] is None


@given(TEXTS)
def test_words_of_a_model_stay_words_in_every_file(word: str) -> None:
    tree = lxml_html.fromstring(to_html(written(word), WORDS).encode())
    text = tree.xpath("//p[@class='text']")[0]
    assert {one.tag for one in text.iter()} <= {"p", "a", "mark", "em"}
    assert [one.text for one in text.xpath("a")] == ["[1]", "[1]"], "the model's own [1] leads nowhere"
    assert "".join(words_of(visible(f"{word} [1]."))) in "".join(words_of(text.text_content()))
    tokens = RENDERERS[1].parse(to_markdown(written(word), WORDS))
    inline = {child.type for token in tokens for child in token.children or ()}
    assert inline <= {
        "text", "text_special", "hardbreak", "softbreak", "strong_open", "strong_close", "em_open", "em_close"
    }  # fmt: skip
