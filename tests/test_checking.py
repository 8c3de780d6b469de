"""The check of one sentence: quotes found, what letters tell, what the model adds, and what is decided."""

from collections.abc import Sequence

import pytest

from answering.checking import PARTLY, SUPPORTED, WEIGHTS, Checker, features
from answering.locating import locate
from answering.near import nearest, swapped
from answering.signals import Evidence, signals
from schema import Passage, Span
from text.sentences import split

TEXT = (
    "The harbour lock is closed at night. In 2024 Ada Moor told NASA that 12 of the 40 gates leak. "
    "It is not known why they leak. The tide is high in March."
)
TRUE = "In 2024 Ada Moor told NASA that 12 of the 40 gates leak."


class Fixed:
    """A model for tests: it likes what shares a word, by so much."""

    name = fingerprint = "fixed"

    def __init__(self, odds: float = 3.0, word: str = "") -> None:
        self.odds, self.word, self.read = odds, word, 0

    def score(self, claim: str, evidence: Sequence[str]) -> float:
        self.read += 1
        return self.odds if self.word in " ".join(evidence) else -6.0


def passage(text: str = TEXT, language: str = "en", context: str = "Harbour › Ada Moor") -> Passage:
    return Passage(1, "a.txt", 0, 0, len(text), tuple(split(text)), "body", context=context, language=language)


def check(claim: str, quote: str | None, odds: float = 6.0, word: str = "") -> tuple[str, str | None, tuple[str, ...]]:
    verdict = Checker(Fixed(odds, word)).check(claim, TEXT, passage(), quote)
    words = TEXT[verdict.span.start : verdict.span.end] if verdict.span else None
    return verdict.support, words, verdict.reasons


def test_a_sentence_of_the_source_is_supported_whatever_the_model_says() -> None:
    assert check(TRUE, TRUE, odds=-8.0) == ("supported", TRUE, ())


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (TRUE.replace("12", "17"), "number"),
        (TRUE.replace("2024", "2021"), "number"),
        (TRUE.replace("NASA", "CERN"), "name"),
        (TRUE.replace("Ada Moor", "Petra Lindqvist"), "name"),
        (TRUE.replace("told", "never told"), "negation"),
        ("It is known why they leak, after all.", "negation"),
    ],
)
def test_one_thing_swapped_is_caught_whatever_the_model_says(claim: str, reason: str) -> None:
    quote = TRUE if claim != "It is known why they leak, after all." else "It is not known why they leak."
    support, _, reasons = check(claim, quote, odds=8.0)
    assert support == "not" and reason in reasons


def test_it_is_caught_without_a_quote_too() -> None:
    support, words, reasons = check(TRUE.replace("12", "17"), None, odds=8.0)
    assert (support, words) == ("not", None) and "number" in reasons


def test_a_number_that_nobody_gives_is_a_veto() -> None:
    assert check("Some 250 gates leak, says the engineer.", TRUE, odds=8.0)[0] == "not"


def test_a_number_said_otherwise_is_none() -> None:
    told = signals(
        "A dozen gates leak, or 30 %.", "en", Evidence(("12 gates, three in ten, leak: 30 per cent.",), "", "", "en")
    )
    assert (told.numbers_missing, told.counts_missing) == (0, 0)


def test_the_speaker_and_the_title_count_as_said() -> None:
    told = signals("Ada Moor says the lock is closed.", "en", Evidence(("The lock is closed.",), "", "Ada Moor", "en"))
    assert told.names_missing == 0
    assert (
        signals("Bert Olsen says it is closed.", "en", Evidence(("It is.",), "", "Ada Moor", "en")).names_missing == 1
    )


def test_a_short_form_of_a_name_is_the_name() -> None:
    evidence = Evidence(("The Responsible Scaling Policy binds them.",), "", "", "en")
    assert signals("They say the RSP binds them.", "en", evidence).names_missing == 0


def test_a_name_in_another_script_is_no_veto() -> None:
    told = signals("エイダ・ムーアは水門が閉まると述べた。", "ja", Evidence((TEXT,), TEXT, "", "en"))
    assert told.names_missing == 0 and not told.swapped and not told.same_language


def test_what_stands_round_the_quote_is_weaker_than_the_quote() -> None:
    told = signals(
        "In 2024 the lock was closed.", "en", Evidence(("The harbour lock is closed at night.",), TEXT, "", "en")
    )
    assert (told.numbers_missing, told.numbers_outside) == (0, 1)


def test_a_name_that_opens_a_sentence_is_known_from_elsewhere() -> None:
    around = "Holden wrote it. Then they asked Holden for more."
    told = signals("Oliver wrote it.", "en", Evidence(("Holden wrote it.",), around, "", "en"))
    assert told.swapped == ()  # too few words to be somebody's sentence
    evidence = Evidence(("Holden wrote it on the first of May.",), around, "", "en")
    assert signals("Oliver wrote it on the first of May.", "en", evidence).swapped == ("name",)
    assert signals("He wrote it on the first of May.", "en", evidence).swapped == ()


def test_a_part_of_a_sentence_is_not_taken_for_a_changed_one() -> None:
    sentence = "The lock, which nobody in the town had ever liked, is closed at night."
    near = nearest("The lock is closed at night.", [sentence])
    assert near.changed and swapped("The lock is closed at night.", "en", near, sentence, "") == ()


def test_not_only_denies_nothing() -> None:
    sentence = "The lock is not only old, it leaks at night."
    near = nearest("The lock is old, it leaks at night.", [sentence])
    assert swapped("The lock is old, it leaks at night.", "en", near, sentence, "") == ()


@pytest.mark.parametrize(
    ("true", "false", "change"),
    [
        ("水門は2024年に閉鎖されています。", "水門は2021年に閉鎖されています。", "number"),
        ("この水門は夜に閉まっている。", "この水門は夜に閉まっていない。", "negation"),
        ("昨日マーラーは報告書を読んだ。", "昨日ワーグナーは報告書を読んだ。", "name"),
    ],
)
def test_swaps_are_caught_in_japanese(true: str, false: str, change: str) -> None:
    assert signals(false, "ja", Evidence((true,), true, "", "ja")).swapped == (change,)


def test_a_quote_grows_to_whole_sentences() -> None:
    assert check("Gates leak in the harbour.", "12 of the 40")[1] == TRUE


def test_where_the_quote_is_not_there_the_best_sentence_is_taken_and_it_is_said() -> None:
    support, words, reasons = check("High water comes in spring, in March.", "water in March", odds=8.0, word="tide")
    assert (support, words, reasons) == ("supported", "The tide is high in March.", ("quote",))


def test_what_follows_from_no_sentence_has_no_span() -> None:
    assert check("The mayor resigned over a scandal.", None, odds=-8.0)[:2] == ("not", None)


def test_a_handful_of_windows_is_read_at_most() -> None:
    long = " ".join(f"Sentence {'abcdefghijklmnop'[n]} says something else." for n in range(16))
    model = Fixed(0.0)
    Checker(model).check("Whatever it may be, nothing is alike.", long, passage(long), None)
    assert model.read <= 10


def test_a_language_that_could_not_be_told_is_no_hindrance() -> None:
    verdict = Checker(Fixed(8.0)).check(TRUE.replace("told", "never told"), TEXT, passage(language="und"), TRUE)
    assert verdict.reasons == ("negation",)
    told = signals(TRUE.replace("12", "17"), "nl", Evidence((TRUE,), TEXT, "", "en"))
    assert told.same_language and told.swapped == ("number",)


def test_a_passage_without_sentences_supports_nothing() -> None:
    empty = Passage(1, "a.txt", 0, 0, 0, (), "body")
    assert Checker(Fixed()).check("Anything.", "", empty, "Anything.").support == "not"


def test_the_score_rises_with_the_models_odds() -> None:
    scores = [
        Checker(Fixed(odds)).check("Some gates let water in.", TEXT, passage(), TRUE).score for odds in (-6, 0, 6)
    ]
    assert scores == sorted(scores) and len(set(scores)) == 3 and 0 < scores[0] < scores[2] < 1


def test_weights_and_thresholds_are_sound() -> None:
    told = signals("Anything.", "en", Evidence((TEXT,), TEXT, "", "en"))
    assert set(WEIGHTS) == set(features(0.0, told))
    assert 0 < PARTLY < SUPPORTED < 1 and WEIGHTS["odds"] > 0


@pytest.mark.parametrize(
    "quote",
    [
        "“In 2024 Ada Moor told NASA”",
        "in 2024  ada moor\ntold nasa",
        "IN 2024 ADA MOOR TOLD NASA...",
        "In 2024 Ada Moor … told NASA that",
        "In 2024 Ada Moor [...] the 40 gates leak",
        "Ｉｎ 2024 Ada Moor told NASA",
    ],
)
def test_a_quote_is_found_in_spite_of_typography(quote: str) -> None:
    span = locate(quote, TEXT)
    assert span is not None and TEXT[span.start : span.end].startswith("In 2024 Ada Moor")


@pytest.mark.parametrize(
    "quote", ["", "  ", "...", "In 2025 Ada Moor told NASA", "gates leak ... The harbour lock", "\ud800"]
)
def test_what_is_not_there_is_not_found(quote: str) -> None:
    assert locate(quote, TEXT) is None


def test_a_quote_is_found_deep_in_a_long_text_and_within_bounds() -> None:
    long = "Words, words. " * 20_000 + TEXT
    span = locate("ada moor told nasa", long)
    assert span is not None and long[span.start : span.end] == "Ada Moor told NASA"
    assert locate("Words, words.", long, 1_000_000) is None


@pytest.mark.parametrize("claim", ["", "?", "\x00" * 600, "語" * 600, "a" * 600, "1" * 600, "\ud800"])
def test_any_claim_gets_a_verdict(claim: str) -> None:
    verdict = Checker(Fixed(-5.0)).check(claim, TEXT, passage(), TRUE)
    assert verdict.support in ("supported", "partly", "not") and 0 <= verdict.score <= 1


def test_a_quote_in_marks_behind_its_speaker_is_word_for_word() -> None:
    told = signals(
        "Ada Moor: “The lock is closed at night.”",
        "en",
        Evidence(("The lock is closed at night.",), "", "Ada Moor", "en"),
    )
    assert told.verbatim
    other = signals(
        "Bert Olsen: “The lock is closed at night.”",
        "en",
        Evidence(("The lock is closed at night.",), "", "Ada Moor", "en"),
    )
    assert not other.verbatim


@pytest.mark.parametrize(
    ("claim", "verbatim"),
    [
        ("The lock is closed.", False),
        ("says the lock is closed", False),
        ("It is old. Nobody says the lock is closed", True),
    ],
)
def test_a_part_of_a_sentence_is_not_taken_for_what_it_says(claim: str, verbatim: bool) -> None:
    evidence = Evidence(("It is new.", "It is old.", "Nobody says the lock is closed.", "So it is."), "", "", "en")
    assert signals(claim, "en", evidence).verbatim is verbatim


def test_the_model_reads_nothing_where_a_rule_decides() -> None:
    model = Fixed()
    Checker(model).check(TRUE, TEXT, passage(), TRUE)
    Checker(model).check(TRUE.replace("12", "17"), TEXT, passage(), TRUE)
    assert model.read == 0


def test_the_span_is_one_of_whole_sentences() -> None:
    verdict = Checker(Fixed()).check("Gates leak.", TEXT, passage(), "40 gates leak. It is not")
    assert verdict.span == Span(TEXT.index("In 2024"), TEXT.index(" The tide"))
