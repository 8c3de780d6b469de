from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from index.build import build
from index.reader import Index, open_index
from models.embedding import load
from models.reranker import Window
from retrieval.aliases import describes, descriptions, split_role
from retrieval.preferences import Preferences
from retrieval.retriever import Retriever
from retrieval.turns import answer_to, only_asks, question_over
from retrieval.weights import DEFAULT_WEIGHTS
from settings import Settings

MEETING = """WEBVTT

00:00:01.000 --> 00:00:09.000
<v Ada Moor>We have invited the chief of our lifeboat crew, Berta Quill. What did the crew see last night?

00:00:09.500 --> 00:00:20.000
<v Berta Quill>Two lanterns on the rocks, and nobody near them. We rowed twice round the island.

00:00:21.000 --> 00:00:30.000
<v Ada Moor>And whose were they?

00:00:31.000 --> 00:00:40.000
<v Carl Ness (harbour master)>They belong to the pilot, who had gone to fetch rope for the mooring.

00:00:41.000 --> 00:00:50.000
<v Ada Moor>After the vote, Carl Ness will lock the shed. The talk with Berta Quill goes on.
In the show we are joined by Ada Moor.
"""


@pytest.fixture(scope="module")
def meeting(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Index]:
    folder = tmp_path_factory.mktemp("meeting")
    (folder / "corpus").mkdir()
    (folder / "corpus" / "meeting.vtt").write_text(MEETING, "utf-8")
    settings = Settings(corpus=folder / "corpus", data=folder / "data", embedding="hash")
    build(settings, load("hash"))
    with open_index(settings.data, load("hash")) as opened:
        yield opened


def test_a_speaker_is_described_where_the_text_puts_it_beside_the_name(meeting: Index) -> None:
    found = descriptions(meeting)
    assert found["Berta Quill"] == {"chief", "lifeboat", "crew"}
    assert not found["Ada Moor"] and not found["Carl Ness (harbour master)"]


def test_a_described_speaker_is_called_by_half_of_the_words(meeting: Index) -> None:
    preferences = Preferences(meeting.speakers(), DEFAULT_WEIGHTS, descriptions(meeting))
    assert preferences.named("What is the lifeboat chief's opinion?") == {"Berta Quill"}
    assert preferences.named("Who is the chief?") == frozenset()
    assert preferences.named("What did the master say?") == {"Carl Ness (harbour master)"}
    assert preferences.named("Does Ness agree?") == {"Carl Ness (harbour master)"}


def test_a_role_in_brackets_is_told_from_the_name() -> None:
    assert split_role("Ada Moor (clerk)") == ("Ada Moor", "clerk")
    assert split_role("Ada Moor") == ("Ada Moor", "")
    assert not describes((), ("chief",))


def test_a_question_leads_to_the_turn_that_answers_it(meeting: Index) -> None:
    asked, answer, bare, reply, last = meeting.passages_of("meeting.vtt")
    assert answer_to(meeting, asked) == answer and answer_to(meeting, bare) == reply
    assert answer_to(meeting, answer) is None and answer_to(meeting, last) is None
    assert question_over(meeting, answer) == "What did the crew see last night?"
    assert question_over(meeting, asked) is None
    assert [only_asks(meeting, turn) for turn in (asked, bare)] == [False, True]


def test_a_bare_question_is_never_found_and_its_answer_gains(meeting: Index) -> None:
    found = Retriever(meeting, load("hash")).retrieve("Whose were they?")
    texts = [meeting.document("meeting.vtt").text[f.passage.start : f.passage.end] for f in found]
    assert not any(text.startswith("And whose") for text in texts)
    assert any("asked" in f.parts for f, text in zip(found, texts, strict=True) if text.startswith("They belong"))


@pytest.mark.parametrize(
    ("off", "over"), [(frozenset(), "What did the crew see last night?"), (frozenset({"asked"}), "meeting")]
)
def test_an_answer_is_read_under_its_question_unless_that_is_off(
    meeting: Index, off: frozenset[str], over: str
) -> None:
    read: list[Window] = []

    class Recording:
        name = fingerprint = "recording"

        def around(self, sentences: Sequence[str], best: int) -> range:
            return range(len(sentences))

        def scores(self, question: str, window: Window) -> np.ndarray:
            read.append(window)
            return np.zeros(len(window.sentences), np.float32)

    Retriever(meeting, load("hash"), Recording(), off=off).retrieve("Who saw two lanterns?")
    assert (over, "Berta Quill") in [window.context for window in read]
