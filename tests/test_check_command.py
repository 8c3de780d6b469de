"""`python -m answering --check`: what is read, where sentences and markers are cut, what is printed and returned."""

import io
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace

import pytest

from answering import check_command, checking
from answering.check_command import SUPPORTED, UNSUPPORTED, check, read, run, sentences
from answering.checking import Checker
from errors import IndexMissingError, UsageError
from index.build import build
from index.reader import Index, open_index
from models import embedding as embeddings
from settings import Settings

LOCK = "The harbour lock is closed at night."
WHY = "The keeper sleeps, so nobody could open it."


class Doubtful:
    """A model for tests that believes nothing: what stands is what letters say."""

    name = fingerprint = "doubtful"

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        return -8.0


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("check")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "lock.txt").write_text(f"{LOCK} {WHY}\n", "utf-8")
    (folder / "corpus" / "tide.txt").write_text("The tide is high in March.\n", "utf-8")
    made = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash")
    build(made, embeddings.load("hash"))
    return made


@pytest.fixture
def index(settings: Settings) -> Iterator[Index]:
    with open_index(settings.data) as opened:
        yield opened


@pytest.fixture(autouse=True)
def doubtful(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checking, "load", lambda: Checker(Doubtful()))


def answer(text: str, *quotes: tuple[str, str]) -> dict[str, object]:
    return {"answer": text, "citations": [{"document": name, "quote": quote} for name, quote in quotes]}


def saved(folder: Path, content: object) -> Path:
    path = folder / "answer.json"
    path.write_text(json.dumps(content), "utf-8")
    return path


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("It is old. [1] It leaks [2].", [("It is old. [1]", (1,)), ("It leaks [2].", (2,))]),
        ("It is old.[1][2] It leaks.", [("It is old.[1][2]", (1, 2)), ("It leaks.", ())]),
        (
            "Ada: “It is old. It leaks.” [1]\n\nSo be it.",
            [("Ada: “It is old. It leaks.” [1]", (1,)), ("So be it.", ())],
        ),
        ("古い。[1] 漏れる。[2]", [("古い。[1]", (1,)), ("漏れる。[2]", (2,))]),
        ("[1] It is old.", [("[1] It is old.", (1,))]),
        ("", []),
        ("[1][2]", [("[1][2]", (1, 2))]),
    ],
)
def test_a_marker_belongs_to_the_sentence_before_it(text: str, cut: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(text[span.start : span.end].strip(), numbers) for span, numbers in sentences(text)] == cut


def test_each_sentence_is_checked_against_what_it_cites(index: Index) -> None:
    given = answer(f"{LOCK} [1] {LOCK} [2] Nobody says why.", ("lock.txt", LOCK), ("tide.txt", "high in March"))
    found = check(given, index, Checker(Doubtful()))
    assert [each.support for each in found] == ["supported", "not", "not"]
    assert found[0].places[0].start == 0 and found[0].text == LOCK
    assert found[2].reasons == ("uncited",)


def test_a_sentence_may_rest_on_two_quotes_together(index: Index) -> None:
    class Both:
        name = fingerprint = "both"

        def score(self, claim: str, evidence: Sequence[str]) -> float:
            return 8.0 if len(evidence) > 1 else -8.0

    given = answer("Tides and locks are what it is about. [1][2]", ("lock.txt", LOCK), ("tide.txt", "The tide is high"))
    (found,) = check(given, index, Checker(Both()))
    assert found.support == "supported" and found.citations == (1, 2)


@pytest.mark.parametrize(
    ("document", "quote", "reason"),
    [("lock.txt", "The lock is open.", "quote"), ("gone.txt", LOCK, "document"), ("../lock.txt", LOCK, "document")],
)
def test_a_quote_that_is_not_there_is_said_to_be_so(index: Index, document: str, quote: str, reason: str) -> None:
    (found,) = check(answer(f"{LOCK} [1]", (document, quote)), index, Checker(Doubtful()))
    assert (found.support, found.reasons, found.places[0].start) == ("not", (reason,), None)


def test_a_marker_without_a_citation_cites_nothing(index: Index) -> None:
    (found,) = check(answer(f"{LOCK} [7]"), index, Checker(Doubtful()))
    assert found.reasons == ("uncited",)


def test_it_leaves_with_nought_where_all_is_supported_and_one_where_not(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(saved(tmp_path, answer(f"{LOCK} [1]", ("lock.txt", LOCK))), settings) == SUPPORTED
    assert "1. supported, 0.98" in capsys.readouterr().out
    assert run(saved(tmp_path, answer("It is open. [1]", ("lock.txt", LOCK))), settings) == UNSUPPORTED
    assert "1 sentences: 0 supported, 0 partly, 1 not" in capsys.readouterr().out


def test_json_is_one_object_and_a_terminal_is_not_driven(
    tmp_path: Path, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    hostile = answer("It is \x1b[31mopen\u202e. [1]", ("\x1b]0;lock.txt\ud800", LOCK))
    run(saved(tmp_path, [hostile, answer("Fine.")]), settings, as_json=True)
    out = capsys.readouterr().out
    (sentence,) = json.loads(out)["answers"][0]["sentences"]
    assert (sentence["support"], sentence["citations"]) == ("not", [1])
    run(saved(tmp_path, hostile), settings)
    out += capsys.readouterr().out
    assert not set(out) & set("\x1b\u202e\ud800")


def test_it_reads_from_a_pipe(monkeypatch: pytest.MonkeyPatch) -> None:
    data = json.dumps(answer("Fine.")).encode()
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(data)))
    assert read(Path("-")) == [answer("Fine.")]


@pytest.mark.parametrize(
    "content",
    [
        [],
        {},
        "text",
        {"answer": 5, "citations": []},
        {"answer": "x", "citations": {}},
        {"answer": "x", "citations": [{"document": "a"}]},
        {"answer": "x", "citations": [None]},
        {"answer": "x" * 50_001, "citations": []},
        [{"answer": "x", "citations": []}] * 1_001,
        {"answer": "x", "citations": [{"document": "a", "quote": "b"}] * 101},
    ],
)
def test_what_is_no_answer_is_refused(tmp_path: Path, content: object) -> None:
    with pytest.raises(UsageError, match=r"answer\.json"):
        read(saved(tmp_path, content))


@pytest.mark.parametrize("data", [b"", b"{", b"\xff\xfe{}", b"[" * 100_000, b" " * 5_000_001], ids=range(5))
def test_what_is_no_json_is_refused(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "answer.json").write_bytes(data)
    with pytest.raises(UsageError, match=r"answer\.json"):
        read(tmp_path / "answer.json")


def test_a_file_or_an_index_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot read"):
        read(tmp_path / "answer.json")
    with pytest.raises(IndexMissingError):
        run(saved(tmp_path, answer("Fine.")), Settings(data=tmp_path / "nothing"))


def test_every_reason_has_words() -> None:
    assert {"number", "name", "negation", "model", "quote", "document", "uncited"} == set(check_command._SAYS)
