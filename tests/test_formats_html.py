"""Of a web page the main text is kept, with headings, lists and quotations; menus, scripts and hidden parts are out."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.extract import Extract
from documents.formats import html
from documents.formats.html_tree import paragraphs, parse_html
from errors import DocumentError

DATA = Path(__file__).parent / "data" / "formats"
STORY = [
    "The oldest instrument in the harbour is an oak pole, driven into the mud beside the north pier in 1868.",
    "Harbour masters have read it by eye every morning since, and their notebooks fill a shelf in the customs house.",
    "Nobody has ever thought of replacing it, because the pole has never broken down in all these years.",
]
PAGE = """<!doctype html><html lang="en-GB"><head><title>The pole – Harbour News</title>
<meta name="author" content="Ada Moor"><script type="application/ld+json">{{"@graph": [{{"@type": "Article",
"datePublished": "2020-02-03T10:00:00Z", "author": [{{"name": "Jon Lund"}}]}}]}}</script>
<link rel="canonical" href="https://example.org/pole"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/a">About this site</a></li></ul></nav>
<script>var secret = 1;</script><style>p {{ color: red }}</style><template><p>a template</p></template>
<article><h1>The pole</h1><p>{0}</p><h2>Reading it</h2><p>{1}</p>
<blockquote><p>The pole tells you what the sea has decided, said the observer long ago.</p></blockquote>
<ul><li>the wind that blows from the west piles the water up</li><li>the snow that melts fills the river</li></ul>
<p hidden>hidden one</p><p style="display: none">hidden two</p><p aria-hidden="true">hidden three</p><!-- comment -->
<table><tr><th>Year</th><th>Height</th></tr><tr><td><p>1868</p></td><td>3 ft<br>2 in</td></tr></table>
<p>{2}</p></article>
<aside><p>Buy our calendar now</p></aside><footer>Imprint and cookies</footer></body></html>"""


def parts(extract: Extract) -> list[tuple[str, str]]:
    return [(mark.role, extract.text[mark.start : mark.end]) for mark in extract.marks]


def test_a_page_is_its_main_text_with_its_structure() -> None:
    extract = html.read(PAGE.format(*STORY).encode())
    assert parts(extract) == [
        ("heading", "The pole"),
        ("body", STORY[0]),
        ("heading", "Reading it"),
        ("body", STORY[1]),
        ("quotation", "The pole tells you what the sea has decided, said the observer long ago."),
        ("body", "the wind that blows from the west piles the water up"),
        ("body", "the snow that melts fills the river"),
        ("body", "Year | Height"),
        ("body", "1868 | 3 ft\n2 in"),
        ("body", STORY[2]),
    ]
    assert [mark.level for mark in extract.marks if mark.role == "heading"] == [1, 2]
    assert [mark.list_item for mark in extract.marks].count(True) == 2


def test_a_page_states_its_title_author_date_and_link() -> None:
    extract = html.read(PAGE.format(*STORY).encode())
    stated = (extract.title, extract.authors, extract.date, extract.link, extract.language)
    assert stated == ("The pole", ("Ada Moor",), "2020-02-03", "https://example.org/pole", "en")


def test_a_japanese_page_in_shift_jis_is_read() -> None:
    extract = html.read((DATA / "hachimitsu-sjis.html").read_bytes())
    assert ("quotation", "分蜂は嵐ではなく、引っ越しである。慌てる者だけが刺される。") in parts(extract)
    assert [text for role, text in parts(extract) if role == "heading"] == [
        "ミツバチの一年",
        "春の巣箱",
        "蜂蜜を採る",
        "冬を越す",
    ]
    for unwanted in ("ホーム", "スクリプト", "隠された", "特売", "個人情報"):
        assert unwanted not in extract.text
    assert (extract.title, extract.authors, extract.date) == ("ミツバチの一年", ("森田ゆき",), "2021-06-12")


@pytest.mark.parametrize("name", ["brot-pandoc.html", "brot-libreoffice.html"])
def test_pages_of_programs_keep_headings_tables_and_footnotes(name: str) -> None:
    extract = html.read((DATA / name).read_bytes())
    found = parts(extract)
    for heading in ("Der Ansatz", "Was gebraucht wird", "Warum Salz später kommt", "Das Backen"):
        assert ("heading", heading) in found
    assert ("body", "Roggen | 84 % | 16 Stunden") in found
    assert any(role == "footnote" and "an zwölf Broten" in text for role, text in found)
    assert any(mark.list_item and "420 Gramm" in extract.text[mark.start : mark.end] for mark in extract.marks)


def test_a_page_that_is_no_article_is_read_whole() -> None:
    rows = "".join(f"<dt>Term {n}</dt><dd>Meaning {n}</dd>" for n in range(5))
    extract = html.read(f"<html><body><dl>{rows}</dl></body></html>".encode())
    assert "Meaning 3" in extract.text


def test_a_page_that_hides_everything_until_a_script_runs_is_read() -> None:
    page = "<html><body style='display:none'>" + "".join(f"<p>{words}</p>" for words in STORY) + "</body></html>"
    assert [text for _, text in parts(html.read(page.encode()))] == STORY


def test_links_that_could_run_something_are_no_links() -> None:
    head = "<link rel=canonical href='javascript:alert(1)'><meta property=og:url content='data:text/html,x'>"
    assert html.read(f"<html><head>{head}</head><body><p>words</p></body></html>".encode()).link is None


def test_deep_nesting_loses_nothing_in_silence() -> None:
    for depth in (300, 1_500):
        nested = "<font>" * depth + "words at the bottom" + "</font>" * depth
        found = paragraphs(parse_html(f"<html><body><p>top</p>{nested}<p>end"))
        assert [paragraph.words for paragraph in found] == ["top", "words at the bottom", "end"]
    with pytest.raises(DocumentError, match="nested too deeply"):
        html.read(b"<html><body><p>top</p>" + b"<div>" * 100_000 + b"bottom")


def test_preformatted_text_keeps_its_lines_and_inline_elements_join() -> None:
    root = parse_html("<p>one <b>t</b>wo,<br>three</p><pre>  a\n    b\n</pre><p>A<sup>2</sup></p>")
    assert [paragraph.words for paragraph in paragraphs(root)] == ["one two,\nthree", "  a\n    b", "A2"]


@settings(deadline=None, max_examples=60)
@given(
    st.lists(
        st.sampled_from(
            "<p>|</p>|<li>|<ul>|</ul>|<table>|<td>|<h2>|<div hidden>|<blockquote>|<br>|<a href=x>|&|é|語|word".split(
                "|"
            )
        ),
        min_size=1,
        max_size=40,
    )
)
def test_marks_cover_the_whole_text_for_any_page(pieces: list[str]) -> None:
    extract = html.read(("<html><body>start " + " ".join(pieces)).encode())
    last = 0
    for mark in extract.marks:
        assert last <= mark.start < mark.end
        assert not extract.text[last : mark.start].strip()
        last = mark.end
    assert last == len(extract.text)
