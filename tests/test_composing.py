"""Answers that a model writes: a scripted one over a small corpus in two languages and a recording."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

import commands
from answering import composing, prompts
from answering.__main__ import _main, _parser, _readable
from answering.answerer import Answerer
from answering.composing import Composer, Stopped
from answering.fencing import fence
from errors import UsageError
from index.build import build
from index.reader import open_index
from models import embedding as embeddings
from models.allowance import Allowance
from retrieval.stages import Stage
from schema import Answer, FellBack, Filters, Turn
from settings import Settings
from tests.fake_writer import Call, Script, ScriptedWriter, WordChecker, claimed, number_of
from tests.test_answerer import JAPANESE, POST, RECORDING

QUESTION = "Why is the lock shut after dark?"
KEEPER = "closed at night because the keeper sleeps"
SLEEPS = "The lock stays closed at night because the keeper sleeps."
NOBODY = "Nobody else may turn the wheel."
PARTLY = "The lock stays closed because dragons guard it."
FALSE = "Dragons guard every gate forever."


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    folder = tmp_path_factory.mktemp("composed")
    corpus = folder / "corpus"
    corpus.mkdir()
    (corpus / "post.txt").write_text(POST, "utf-8")
    (corpus / "recording.srt").write_text(RECORDING, "utf-8")
    (corpus / "japanese.txt").write_text(JAPANESE, "utf-8")
    settings = Settings(corpus=corpus, data=folder / "data")
    build(settings, embeddings.load(settings.embedding))
    return settings


@pytest.fixture(scope="module")
def quoting(settings: Settings) -> Iterator[Answerer]:
    embedding = embeddings.load(settings.embedding)
    with open_index(settings.data, embedding) as index:
        yield Answerer(index, embedding, settings)


Ask = Callable[..., Answer]
pytestmark = pytest.mark.model


class Composed:
    """An answerer whose model writes scripts; `shown` is what a reader saw of the last question, `told` the stages."""

    def __init__(self, quoting: Answerer, settings: Settings, *scripts: Script, **writer: Any) -> None:
        allowance = writer.pop("allowance", None)
        self.writer = ScriptedWriter(scripts or ["{}"], **writer)
        composer = Composer(self.writer, WordChecker(), settings, allowance)  # type: ignore[arg-type]
        embedding = embeddings.load(settings.embedding)
        self.answerer = Answerer(quoting.index, embedding, settings, composer=composer)
        self.shown: list[Answer] = []
        self.told: list[Stage] = []

    def ask(self, question: str = QUESTION, turns: Sequence[Turn] = (), **more: Any) -> Answer:
        self.shown, self.told = [], []
        more = {"show": self.shown.append, "tell": self.told.append} | more
        answer = self.answerer.answer(question, turns, **more)
        check(answer, self.answerer)
        return answer


def check(answer: Answer, answerer: Answerer) -> None:
    """Hold an answer to what is promised of every answer, composed or not."""
    for number, cited in enumerate(answer.citations, 1):
        text = answerer.index.document(cited.document).text
        assert cited.number == number and text[cited.start : cited.end] == cited.quote != ""
        assert cited.passage.start <= cited.start < cited.end <= cited.passage.end
    for said in answer.sentences:
        if said.start is None or said.end is None:
            assert said.support == "not" and said.citations == () and said.end is None
        else:
            assert answer.text[said.start : said.end] == said.text
            assert answer.text[said.end :].startswith("".join(f" [{number}]" for number in said.citations))
            assert said.support != "not" and said.citations and set(said.citations) <= {*range(1, 6)}
    assert (answer.mode == "composed") is bool(answer.sentences)
    if answer.mode == "composed":
        markers = list(map(int, re.findall(r"\[(\d+)\]", answer.text)))
        assert list(dict.fromkeys(markers)) == [cited.number for cited in answer.citations]
        assert answer.sources == len({cited.origin for cited in answer.citations})
    assert Answer.from_json(answer.to_json()) == answer


def saying(*rows: tuple[str, str, str]) -> Callable[[Call], list[str]]:
    """Return a script of claims, each with words of the passage that it names, its quote and its text."""
    return lambda call: [claimed(*((number_of(call, words), quote, text) for words, quote, text in rows))]


def test_a_supported_sentence_is_shown_with_the_words_it_rests_on(quoting: Answerer, settings: Settings) -> None:
    composed = Composed(quoting, settings, saying((KEEPER, KEEPER, SLEEPS)))
    answer = composed.ask()
    assert answer.mode == "composed" and answer.fell_back is None and answer.text == f"{SLEEPS} [1]"
    assert [cited.quote for cited in answer.citations] == [KEEPER] and answer.citations[0].also
    assert composed.answerer.writer and composed.answerer.writer.name == "scripted" and quoting.writer is None


def test_the_quoted_answer_is_shown_first_and_then_each_sentence_under_the_same_id(
    quoting: Answerer, settings: Settings
) -> None:
    words = "4.7 metres"
    post = saying((KEEPER, KEEPER, SLEEPS), (KEEPER, KEEPER, FALSE), (KEEPER, "nobody else", NOBODY))
    composed = Composed(quoting, settings, post)
    answer = composed.ask()
    quoted = quoting.answer(QUESTION)
    assert composed.told[-1] == "writing" and words not in answer.text
    first, *grown = composed.shown
    assert replace(first, id="", seconds=0) == replace(quoted, id="", seconds=0)
    assert [len(one.sentences) for one in grown] == [1, 2, 3]
    assert {one.id for one in composed.shown} == {answer.id}
    assert answer.text.startswith(grown[0].text) and replace(grown[-1], seconds=0) == replace(answer, seconds=0)
    assert [said.support for said in answer.sentences] == ["supported", "not", "supported"]
    assert FALSE not in answer.text and answer.sentences[1].text == FALSE


def test_what_is_partly_supported_is_shown_and_says_so(quoting: Answerer, settings: Settings) -> None:
    answer = Composed(quoting, settings, saying((KEEPER, KEEPER, SLEEPS), (KEEPER, KEEPER, PARTLY))).ask()
    assert answer.text == f"{SLEEPS} [1] {PARTLY} [1]"
    assert [said.support for said in answer.sentences] == ["supported", "partly"] and len(answer.citations) == 1


@pytest.mark.parametrize(
    ("rows", "why"),
    [
        ([], "silent"),
        ([FALSE], "unsupported"),
        ([SLEEPS, FALSE, f"Yes, {FALSE}"], "unsupported"),
        ([PARTLY], "unsupported"),
        ([SLEEPS, FALSE], None),
        ([SLEEPS, PARTLY, FALSE, f"Yes, {FALSE}"], None),
        ([SLEEPS, SLEEPS, FALSE, FALSE, FALSE], None),  # said again is said once
    ],
)
def test_where_less_than_half_stands_the_answer_is_quoted(
    quoting: Answerer, settings: Settings, rows: list[str], why: FellBack | None
) -> None:
    answer = Composed(quoting, settings, saying(*((KEEPER, KEEPER, text) for text in rows))).ask()
    assert answer.fell_back == why and (answer.mode == "composed") is (why is None)
    if why:
        assert answer.text == quoting.answer(QUESTION).text


@pytest.mark.parametrize("fault", get_args(FellBack))
def test_whatever_goes_wrong_before_a_sentence_stands_the_answer_is_quoted_and_says_why(
    quoting: Answerer, settings: Settings, fault: FellBack
) -> None:
    for written in ("", '{"claims": [{"passage": 1,', saying((KEEPER, KEEPER, FALSE))):
        composed = Composed(quoting, settings, written, fault=fault)
        answer = composed.ask()
        assert (answer.mode, answer.fell_back) == ("extractive", fault)
        assert answer.text == quoting.answer(QUESTION).text and len(composed.writer.calls) == 1


@pytest.mark.parametrize("fault", ["cut", "slow", "failed"])
def test_what_stood_before_it_broke_off_is_shown_as_a_part(
    quoting: Answerer, settings: Settings, fault: FellBack
) -> None:
    def cut(call: Call) -> list[str]:
        return [claimed((number_of(call, KEEPER), KEEPER, SLEEPS)), '{"passage": 1, "quote": "x", "text": "And']

    answer = Composed(quoting, settings, cut, fault=fault).ask()
    assert (answer.mode, answer.fell_back, answer.text) == ("composed", fault, f"{SLEEPS} [1]")


@pytest.mark.parametrize(
    "question",
    [
        "What did Captain Haddock measure?",
        "Hello!",
        "What is in here?",
        "Give me an overview of all documents",
        "It flooded the lower market. Nobody was hurt.",
        "At what minute of the recording does the keeper speak of thirty one years?",
        "",
    ],
)
def test_no_model_is_called_where_it_could_add_nothing(quoting: Answerer, settings: Settings, question: str) -> None:
    composed = Composed(quoting, settings)
    answer = composed.ask(question)
    assert composed.writer.calls == [] and composed.shown == [] and answer.fell_back is None
    assert answer.text == quoting.answer(question).text and "writing" not in composed.told


def test_the_mode_of_a_question_goes_before_that_of_the_settings(quoting: Answerer, settings: Settings) -> None:
    script = saying((KEEPER, KEEPER, SLEEPS))
    for setting, asked, mode in (
        ("auto", None, "composed"),
        ("auto", "extractive", "extractive"),
        ("extractive", None, "extractive"),
        ("extractive", "composed", "composed"),
        ("composed", None, "composed"),
    ):
        assert Composed(quoting, replace(settings, mode=setting), script).ask(mode=asked).mode == mode
    assert quoting.answer(QUESTION, mode="composed").mode == "extractive"


def test_whoever_stops_ends_the_call_and_pays_for_what_was_written_only(quoting: Answerer, settings: Settings) -> None:
    def stopping(answer: Answer) -> None:
        if answer.sentences:
            raise Stopped

    allowance = Allowance(9_000, 9_000)
    script = saying((KEEPER, KEEPER, SLEEPS), (KEEPER, KEEPER, PARTLY))
    composed = Composed(quoting, settings, lambda call: [*script(call), " more"], allowance=allowance)
    with pytest.raises(Stopped):
        composed.ask(show=stopping)
    assert composed.writer.calls[0].ended
    assert composed.answerer.busy == 0
    allowance.take("", 6_000)  # of the 8,000 that a question may cost, most are there again


def test_whoever_stops_is_heard_while_the_model_is_silent(quoting: Answerer, settings: Settings) -> None:
    seen: list[Answer] = []

    def stopping(answer: Answer) -> None:
        seen.append(answer)
        if len(seen) > 3:
            raise Stopped

    composed = Composed(quoting, settings, [""] * 50)
    with pytest.raises(Stopped):
        composed.ask(show=stopping)
    assert composed.writer.calls[0].ended and len({replace(one, seconds=0).text for one in seen}) == 1


def test_a_question_that_stands_alone_takes_one_call_in_the_readers_language(
    quoting: Answerer, settings: Settings
) -> None:
    composed = Composed(quoting, settings, saying((KEEPER, KEEPER, "水門は夜に閉まっている。")))
    composed.ask("水門はなぜ夜に閉まっているのですか?")
    (call,) = composed.writer.calls
    assert "Japanese" in call.user and KEEPER in call.user and call.schema is not None
    assert call.system == prompts.load("answer").system


def test_a_follow_up_is_understood_first_and_the_answer_says_how(quoting: Answerer, settings: Settings) -> None:
    understood = '{"question": "What would it cost to replace the wheel of the lock?", "translation": ""}'
    cost = "two hundred thousand crowns"
    script = saying((cost, cost, "An electric motor would cost two hundred thousand crowns."))
    composed = Composed(quoting, settings, understood, script)
    answer = composed.ask("And what would it cost?", [Turn("Why is the wheel of the lock to be replaced?")])
    first, second = composed.writer.calls
    assert "to be replaced?" in first.user and "English" in first.user
    assert "keeper" not in first.user and "crowns" not in first.user  # no document has a say in it
    assert "What would it cost to replace the wheel of the lock?" in second.user
    assert answer.query == "What would it cost to replace the wheel of the lock?" and answer.mode == "composed"
    assert answer.language == "en" and answer.question == "And what would it cost?"
    assert second.seconds <= first.seconds <= settings.model_seconds


def test_a_question_in_a_language_of_no_document_is_translated_for_finding(
    quoting: Answerer, settings: Settings
) -> None:
    understood = '{"question": "", "translation": "How high was the spring tide that Captain Solberg measured?"}'
    composed = Composed(quoting, settings, understood, claimed())
    composed.ask("Quelle était la hauteur de la grande marée mesurée par la capitaine Solberg en mars 2019 ?")
    first, second = composed.writer.calls
    assert "Translation" not in second.user and "English" in first.user and "French" in second.user
    assert "4.7 metres" in second.user


@pytest.mark.parametrize("written", ["", "I cannot.", '{"question": 7}', '{"question": "' + "x" * 3_000 + '"}'])
def test_what_was_not_understood_is_asked_as_it_was_typed(quoting: Answerer, settings: Settings, written: str) -> None:
    composed = Composed(quoting, settings, written, saying((KEEPER, KEEPER, SLEEPS)))
    turns = [Turn("What is the lock of the harbour?")]
    answer = composed.ask("And why is it shut after dark?", turns)
    assert len(composed.writer.calls) == 2 and answer.mode == "composed"
    assert answer.query == quoting.answer("And why is it shut after dark?", turns).query


@pytest.mark.parametrize("fault", ["unreachable", "slow", "paused"])
def test_a_model_that_is_not_there_is_not_asked_twice(quoting: Answerer, settings: Settings, fault: FellBack) -> None:
    composed = Composed(quoting, settings, "", fault=fault)
    answer = composed.ask("And why is it shut after dark?", [Turn("What is the lock of the harbour?")])
    assert len(composed.writer.calls) == 1 and answer.fell_back == fault


def test_who_has_nothing_left_to_spend_gets_quotes_and_others_do_not_pay_for_it(
    quoting: Answerer, settings: Settings
) -> None:
    allowance = Allowance(4_000, 100_000)
    composed = Composed(quoting, settings, saying((KEEPER, KEEPER, SLEEPS)), allowance=allowance)
    assert composed.ask(visitor="a").mode == "composed"
    allowance.take("a", 2_000)
    answer = composed.ask(visitor="a")
    assert (answer.mode, answer.fell_back, len(composed.writer.calls)) == ("extractive", "budget", 1)
    assert composed.ask(visitor="b").mode == "composed"


def test_a_call_that_reached_nobody_costs_nothing(quoting: Answerer, settings: Settings) -> None:
    allowance = Allowance(4_000, 4_000)
    for _ in range(5):
        assert (
            Composed(quoting, settings, "", fault="unreachable", allowance=allowance).ask().fell_back == "unreachable"
        )
    allowance.take("", 4_000)


@pytest.mark.parametrize("context", [1_400, 2_000, 4_000])
def test_no_more_is_sent_than_the_model_reads_the_best_first(
    quoting: Answerer, settings: Settings, context: int
) -> None:
    composed = Composed(quoting, settings, saying((KEEPER, KEEPER, SLEEPS)), context=context)
    assert composed.ask().mode == "composed"
    (call,) = composed.writer.calls
    assert composed.writer.tokens(call.system + call.user) + call.tokens <= context
    assert number_of(call, KEEPER) == 1


def test_a_window_without_room_for_a_passage_is_told(quoting: Answerer, settings: Settings) -> None:
    composed = Composed(quoting, settings, context=700)
    assert composed.ask().fell_back == "overflow" and composed.writer.calls == []
    assert Composed(quoting, replace(settings, model_tokens=700)).ask().fell_back == "overflow"


def test_no_more_is_cited_than_is_wanted_and_the_rest_is_left_away(quoting: Answerer, settings: Settings) -> None:
    post = saying(
        (KEEPER, KEEPER, SLEEPS), (KEEPER, "nobody else", NOBODY), (KEEPER, "the keeper", "The keeper sleeps.")
    )
    answer = Composed(quoting, settings, post).ask(most=1)
    assert answer.text == f"{SLEEPS} [1] The keeper sleeps. [1]"  # its words stand within the first quote
    assert len(answer.sentences) == 2


def test_only_what_passes_the_filters_is_sent(quoting: Answerer, settings: Settings) -> None:
    composed = Composed(quoting, settings)
    composed.ask(filters=Filters(documents=("recording.srt",)))
    assert "KEEPER" in composed.writer.calls[0].user and "Solberg" not in composed.writer.calls[0].user


@pytest.mark.parametrize("number", [0, -1, 99, 10**9])
def test_a_passage_that_was_not_sent_cannot_be_cited(quoting: Answerer, settings: Settings, number: int) -> None:
    answer = Composed(quoting, settings, claimed((number, KEEPER, SLEEPS))).ask()
    assert answer.fell_back == "unsupported"


@pytest.mark.parametrize(
    "text",
    [
        "Captain Ingrid Solberg measured a spring tide of 4.7 metres in March 2019.",
        "Nobody.",
        "Why does the harbour lock stay closed at night?",
        "Write a poem on a detective.",
    ],
)
def test_what_is_true_and_no_answer_is_left_out(quoting: Answerer, settings: Settings, text: str) -> None:
    answer = Composed(quoting, settings, saying((KEEPER, KEEPER, SLEEPS), ("spring tide", "spring tide", text))).ask()
    assert answer.text == f"{SLEEPS} [1]"


def test_settings_that_cannot_be_are_told_at_start(settings: Settings) -> None:
    with pytest.raises(UsageError, match="SIDENOTE_MODE is 'both': choose one of"):
        composing.load(replace(settings, mode="both"))
    with pytest.raises(UsageError, match="no model is set"):
        composing.load(replace(settings, mode="composed"))
    assert composing.load(settings) is None


def test_a_terminal_shows_what_is_partly_supported_what_is_left_out_and_what_went_wrong(
    quoting: Answerer, settings: Settings
) -> None:
    script = saying((KEEPER, KEEPER, SLEEPS), (KEEPER, KEEPER, PARTLY), (KEEPER, KEEPER, FALSE))
    said = _readable(Composed(quoting, settings, script, fault="cut").ask())
    assert said.startswith(f"{SLEEPS} [1] {PARTLY} (partly supported) [1]\n")
    assert "(1 of 3 sentences that the model wrote are left out: not supported)" in said
    assert "(broken off; the language model: cut)" in said and KEEPER in said and FALSE not in said
    quoted = _readable(Composed(quoting, settings, "", fault="busy").ask())
    assert "(quoted, not written; the language model: busy)" in quoted


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["Why?", "--mode", "both"], "invalid choice: 'both'"),
        (["Why?", "--mode", "composed"], "no model is set"),
        (["Why?", "--model", "words"], "is no GGUF file"),
        (["Why?", "--check", "answer.json"], "--check ANSWER.json"),
    ],
)
def test_arguments_that_cannot_be_are_told(
    settings: Settings, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    folders = ["--corpus", str(settings.corpus), "--data", str(settings.data)]
    try:
        code = commands.run(_main, _parser(), [*arguments, *folders])
    except SystemExit as left:
        code = int(left.code or 0)
    assert code == 2 and said in capsys.readouterr().err


PIECES = st.lists(
    st.sampled_from(
        [SLEEPS, NOBODY, PARTLY, FALSE, "[1]", "<b>", "https://x.org", "**", "\n", " ", "夜。", "\u202e", "1"]
    )
).map(" ".join)


@given(st.lists(st.tuples(st.integers(-1, 9), PIECES, PIECES), max_size=8), st.sampled_from([None, "cut"]))
@hypothesis_settings(max_examples=25)
def test_whatever_a_model_writes_every_answer_keeps_its_promises(
    quoting: Answerer, settings: Settings, rows: list[tuple[int, str, str]], fault: FellBack | None
) -> None:
    answer = Composed(quoting, settings, claimed(*rows), fault=fault).ask()
    assert not re.search(r"https?:|<b>|\*\*|\u202e", answer.text)


def test_the_fence_is_new_for_each_request_and_no_text_can_hold_it(quoting: Answerer, settings: Settings) -> None:
    composed = Composed(quoting, settings)
    composed.ask()
    composed.ask()
    fences = [re.findall(r"=== (?:passage|end) \d+ (\w+) ===", call.user) for call in composed.writer.calls]
    assert [len(set(found)) for found in fences] == [1, 1] and fences[0][0] != fences[1][0] and len(fences[0][0]) >= 16
    passages = [one for name in quoting.index.document_ids() for one in quoting.index.passages_of(name)]
    draws = iter(["keeper", "e", "a9f3"])
    fenced = fence(quoting.index, passages, 10_000, len, draw=lambda: next(draws))
    assert fenced.boundary == "a9f3" and len(fenced.passages) == len(passages) and not fenced.left_out
    one = fence(quoting.index, passages, len(fenced.text) // len(passages) + 80, len)
    assert len(one.passages) < len(passages) and one.left_out == len(passages) - len(one.passages)
