"""Hostile strings all the way, with an index that is really built.

As documents, file names, titles, authors and dates; as questions and earlier questions; in every file taken away.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

import httpx
import pytest
from lxml import html as lxml_html
from markdown_it import MarkdownIt
from starlette.testclient import TestClient

from answering.answerer import Answerer
from errors import UsageError
from index.build import build
from index.reader import open_index
from models import embedding as embeddings
from schema import Answer
from server.application import _further
from server.asking import Asking
from server.source import AnswererSource
from server.store import AnswerStore
from server.taking import MOST_QUOTES
from settings import Settings
from tests.browser.harness import attack_file, serving
from tests.security.generated import strings
from ui import render
from ui.context import PLAIN

pytestmark = [pytest.mark.attack, pytest.mark.timeout(600)]

NAUGHTY_STEP, XSS_STEP = 2, 40  # every so many-th string of the lists, which other tests take whole
LONGEST = 2_000  # characters of a question, and of a value of a sidecar
NAME_BYTES = 180
FACT = "The keeper of lamp {number} is called Ada."
EARLIER = 3  # questions before one
BATCH = 25  # answers of one export

# What a file that is taken away may hold, beside words.
HTML_TAGS = frozenset(
    "html head meta title style body h1 h2 h3 p section figure figcaption strong bdi blockquote mark a ul li".split()
)
MARKDOWN = frozenset("heading paragraph blockquote bullet_list list_item inline".split())
INLINE = frozenset("text text_special hardbreak softbreak strong em".split())
OUR_LINK = re.compile(r"#q-[0-9a-f]{32}(-\d+)?")
RIS_LINE = re.compile(r"[A-Z][A-Z0-9]  - .*")
WEB = re.compile(r"https?://[\w.-]+")


def hostile() -> list[str]:
    """Return all strings once, without line ends, which no name and no value has."""
    naughty = json.loads(attack_file("naughty-strings.json").read_text("utf-8"))[::NAUGHTY_STEP]
    lines = attack_file("xss.txt").read_text("utf-8", "replace").split("\n")[::XSS_STEP]
    every = [" ".join(text.splitlines()).strip("\r") for text in (*strings(), *naughty, *lines)]
    return [text for text in dict.fromkeys(every) if text.strip()]


def file_name(number: int, text: str) -> str:
    """Return the string as a name that a file system can keep."""
    kept = re.sub(r"[/\x00]", "_", text).encode("utf-8", "replace")[:NAME_BYTES].decode("utf-8", "ignore")
    return f"{'_' * kept.startswith('.')}{kept} {number}.txt"  # what begins with a dot is hidden, and is not read


def toml(value: str) -> str:
    """Return a basic string of TOML."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


@dataclass(frozen=True)
class Site:
    """An index of hostile documents, who answers from it, and the routes in front of it."""

    answerer: Answerer
    asking: Asking
    client: TestClient
    words: list[str]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("hostile")
    corpus, words = folder / "corpus", [text.encode("utf-8", "replace").decode()[:LONGEST] for text in hostile()]
    corpus.mkdir()
    for number, text in enumerate(words):
        title, author, date, link = (words[(number + by) % len(words)] for by in range(4))
        path = corpus / file_name(number, text)
        path.write_text(f"{text}\n\n{FACT.format(number=number)}\n\nIt said: {text}\n", "utf-8")
        rows = {"title": title, "date": date, "link": link}
        sidecar = "".join(f"{key} = {toml(value)}\n" for key, value in rows.items()) + f"authors = [{toml(author)}]\n"
        path.with_name(f"{path.name}.meta.toml").write_text(sidecar, "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data", embedding="hash", reranker="off")
    embedding = embeddings.load("hash")
    build(settings, embedding)
    with open_index(settings.data, embedding) as index:
        answerer = Answerer(index, embedding, settings)
        source, store = AnswererSource(lambda to: to.replace(answerer)), AnswerStore()
        source.start().join(60)
        routes = TestClient(_further(settings, source, store, None))
        yield Site(answerer, Asking(source, store, settings), routes, words)


def live_in_markdown(text: str) -> set[str]:
    """Return what is more than words in Markdown, as the most generous renderer reads it, but for our own links."""
    found: set[str] = set()
    for token in (
        MarkdownIt("commonmark", {"html": True, "linkify": False}).enable(["table", "strikethrough"]).parse(text)
    ):
        found |= {re.sub("_(open|close)$", "", token.type)} - MARKDOWN
        for child in token.children or ():
            kind = re.sub("_(open|close)$", "", child.type)
            href = str(child.attrGet("href") or "")
            allowed = kind in INLINE or child.type == "link_close" or OUR_LINK.fullmatch(href) or WEB.match(href)
            found |= set() if allowed else {f"{kind} {href}"}
    return found


def live_in_html(text: str) -> set[str]:
    """Return what is more than words in an exported page."""
    found: set[str] = set()
    for element in lxml_html.fromstring(text.encode("utf-8")).iter():
        found |= set() if element.tag in HTML_TAGS else {str(element.tag)}
        for key, value in element.attrib.items():
            ours = key in ("id", "class", "lang", "dir", "name", "content", "charset", "rel", "http-equiv")
            leads = key == "href" and (re.fullmatch(r"#a\d+-\d+", value) or WEB.match(value))
            found |= set() if ours or leads else {f"{key}={value}"}
    return found


def test_what_looks_for_markup_sees_it() -> None:
    page = '<p onclick="x()"><img src=x><a href="javascript:x()">x</a></p>'
    assert live_in_html(page) == {"img", "onclick=x()", "src=x", "href=javascript:x()"}
    assert live_in_markdown("![x](y) <b> [x](javascript:x) [x](/y)\n\n- `c`") >= {"image ", "html_inline ", "link /y"}
    assert live_in_markdown("a\n\n<script>x</script>\n\n    code") == {"html_block", "code_block"}
    assert not live_in_markdown("# a\n\n[1](#q-" + "0" * 32 + "-1) **b**") and not RIS_LINE.fullmatch("ER")


def test_every_string_is_a_document_and_stays_what_it_was(site: Site) -> None:
    index = site.answerer.index
    skipped = site.client.get("/library/skipped").json()["skipped"]
    assert not skipped
    assert len(index.document_ids()) == len(site.words) > 1_400
    texts = "\x00".join(index.document(name).text for name in index.document_ids())
    titles = {index.document(name).title for name in index.document_ids()}
    lost = [text for text in site.words if f"It said: {text.rstrip()}" not in texts]
    assert not lost
    assert len(titles) > 0.9 * len(site.words) and not [title for title in titles if "\n" in title]


def test_every_document_is_listed_read_and_searched(site: Site) -> None:
    with serving(lambda source: source.replace(site.answerer)) as url, httpx.Client(base_url=url, timeout=60) as client:
        listed: list[str] = []
        while page := client.get("/library", params={"after": len(listed)}).json()["documents"]:
            listed += [row["id"] for row in page]
        assert sorted(listed) == sorted(site.answerer.index.document_ids())
        for name in listed[::10]:
            for path in ("documents", "reader/outline", "library/document"):
                found = client.get(f"/{path}/{quote(name)}", params={"start": 0, "end": 1})
                assert found.status_code == 200 and found.json(), name
        for text in site.words[::10]:
            found = client.get("/search", params={"phrase": text[:200]})
            assert found.status_code in (200, 400) and found.json(), text
        for path in ("/strip", "/filters", "/status", "/suggestions"):
            assert client.get(path).json()


def test_every_string_is_asked_after_others_and_taken_away(site: Site) -> None:
    """Each is asked after those before it, shown in the chat, and put into a file of every format."""
    asked: list[Answer] = []
    for text in site.words:
        try:
            answer = site.asking.ask(text, [earlier.id for earlier in asked[-EARLIER:]])
        except UsageError:  # controls alone are no question
            assert not re.search(r"\w", text), text
            continue
        for cited in (*answer.citations, *answer.nearest):
            whole = site.answerer.index.document(cited.document).text
            assert whole[cited.start : cited.end] == cited.quote
        assert not live_in_markdown(render.answer(answer, PLAIN.words)), text
        assert not live_in_markdown(render.escape(answer.question)), text
        asked.append(answer)
        if len(asked) % BATCH == 0:
            look_at_exports(site, asked[-BATCH:])
    assert len(asked) > 0.95 * len(site.words)
    assert sum(bool(answer.citations) for answer in asked) > len(asked) / 3, "or there would be nothing to see"


def look_at_exports(site: Site, answers: list[Answer]) -> None:
    """Export some answers and their quotes as a reader would, in every format, and read the files as programs do."""
    quotes = [
        {"document": cited.document, "start": cited.start, "end": cited.end, "note": answer.question[:1_000]}
        for answer in answers
        for cited in (*answer.citations, *answer.nearest)
    ][:MOST_QUOTES]
    told = {"answers": [answer.id for answer in answers], "quotes": quotes}
    files = {}
    for format in ("html", "markdown", "json", "ris", "references"):
        response = site.client.post("/export", json={**told, "format": format})
        assert response.status_code == 200, response.text
        files[format] = response.content.decode("utf-8")
    assert not live_in_html(files["html"])
    assert not live_in_markdown(files["markdown"])
    back = json.loads(files["json"])
    assert [Answer.from_json(row) for row in back["answers"]] == answers
    assert [row["note"] for row in back["quotes"]] == [row["note"] for row in quotes]
    lines = files["ris"].split("\r\n")
    assert lines.pop() == "" and all(RIS_LINE.fullmatch(line) for line in lines if line)
    records = len(json.loads(files["references"])["references"])
    assert lines.count("ER  - ") == sum(line.startswith("TY  - ") for line in lines) == records
