"""Numbers, names and denials as letters show them, and sentences made false by one of them."""

import random

import pytest

from text.names import names
from text.negation import contrary, denials
from text.numbers import numbers, same
from text.swapping import swaps


@pytest.mark.parametrize(
    ("text", "language", "values"),
    [
        ("It rose by 3.5 % in twenty-one years.", "en", [3.5, 21]),
        ("two hundred and five of 1,234,567", "en", [205, 1_234_567]),
        ("three decades, 10k and 5 million", "en", [30, 10_000, 5_000_000]),
        ("a third (1/3) on March 3rd, 2024", "en", [3, 1 / 3, 3, 3, 2024]),
        ("einundzwanzig Prozent von 1,5 Mio. Euro", "de", [21, 1_500_000]),
        ("treinta y uno, dos mil", "es", [31, 2_000]),
        ("quatre-vingt-douze et 10 000 euros", "fr", [92, 10_000]),
        ("二千二十三年に約1億5000万円、3割、三分の一、十二人", "ja", [2023, 150_000_000, 30, 1 / 3, 12]),
        ("約6.5万円、3.9から3.12まで", "ja", [65_000, 3.9, 3.12]),
        ("It may well be one of the reasons, and marching on.", "en", []),
        ("十分に一般的な第一歩", "ja", []),
    ],
)
def test_numbers_are_read_in_digits_and_words(text: str, language: str, values: list[float]) -> None:
    assert [max(number.values) for number in numbers(text, language)] == pytest.approx(values)


def test_a_number_that_can_be_read_in_two_ways_has_both_values() -> None:
    (number,) = numbers("1.000", "de")
    assert number.values == {1.0, 1000.0}


@pytest.mark.parametrize("text", ["", "1" * 5_000, "1." * 5_000, "千" * 5_000, "1/0", "分の", "0分の0つ", "\ud800 5"])
def test_any_text_has_numbers_or_none(text: str) -> None:
    for number in numbers(text, "en") + numbers(text, "ja"):
        assert 0 <= number.start < number.end <= len(text)


def test_a_number_is_the_same_said_otherwise() -> None:
    assert same(33, 1 / 3) and same(30, 29.7) and same(1960, 60)
    assert (
        same(1.3e6, 1_317_000)
        and not same(2020, 2023)
        and not same(30, 31)
        and not same(29.7, 30)
        and not same(2024, 2023)
    )


@pytest.mark.parametrize(
    ("text", "language", "found"),
    [
        ("Yesterday Ada Moor left NASA in Paris.", "en", ["Ada Moor", "NASA", "Paris"]),
        ("However, she stayed. Today I'd go.", "en", []),
        ("Ada Moor’s letter said so.", "en", ["Ada Moor"]),
        ("See https://example.org/Some/Path or README.md.", "en", []),
        ("Das sagte Frau Lindqvist im Rathaus der Stadt.", "de", ["Lindqvist"]),
        ("昨日、マーラーはMETRの報告を読んだ。", "ja", ["マーラー", "METR"]),
    ],
)
def test_names_are_seen_by_how_they_are_written(text: str, language: str, found: list[str]) -> None:
    seen = [text[span.start : span.end] for span in names(text, language)]
    assert [name.removeprefix("Frau ") for name in seen] == found


@pytest.mark.parametrize(
    ("text", "language", "count"),
    [
        ("It is not only cheap, it does not fail.", "en", 1),
        ("Nobody can't see it.", "en", 2),
        ("Das ist nicht nur billig.", "de", 0),
        ("Il n'est pas seulement bon, il ne dort jamais.", "fr", 1),
        ("No solo es bueno, nunca falla.", "es", 1),
        ("雨が降るかもしれない。行かなければならない。", "ja", 0),
        ("雨は降らなかった。", "ja", 1),
        ("не знаю", "ru", 0),
    ],
)
def test_what_denies_is_counted(text: str, language: str, count: int) -> None:
    assert denials(text, language) == count


@pytest.mark.parametrize(
    ("text", "language", "changed"),
    [
        ("The lock is closed.", "en", "The lock is not closed."),
        ("The lock cannot open.", "en", "The lock can open."),
        ("Das Haus wurde 1990 gegründet.", "de", "Das Haus wurde 1990 nicht gegründet."),
        ("Er ist kein Arzt.", "de", "Er ist ein Arzt."),
        ("La casa es grande.", "es", "La casa no es grande."),
        ("Le projet est soutenu.", "fr", "Le projet n'est pas soutenu."),
        ("この水門は夜に閉まっている。", "ja", "この水門は夜に閉まっていない。"),
        ("規則は変わりませんでした。", "ja", "規則は変わりました。"),
    ],
)
def test_a_sentence_is_turned_into_its_contrary(text: str, language: str, changed: str) -> None:
    assert contrary(text, language, random.Random(1)) == changed


@pytest.mark.parametrize("text", ["Is the lock closed?", "It might rain, they say", "", "行かなければなりません。"])
def test_what_no_rule_fits_stays_as_it_is(text: str) -> None:
    language = "ja" if text.endswith("。") else "en"
    assert contrary(text.replace("might", ""), language, random.Random(1)) is None


SENTENCE = "Yesterday Ada Moor said that 12 of the 40 locks are closed."


def test_one_thing_is_swapped_for_another_of_its_kind() -> None:
    made = {change: false for false, change in swaps(SENTENCE, "en", ["Petra Lindqvist", "NASA"], random.Random(1))}
    assert set(made) == {"number", "name", "negation"}
    assert made["name"] == SENTENCE.replace("Ada Moor", "Petra Lindqvist")
    assert made["negation"] == SENTENCE.replace("are closed", "are not closed")
    assert next(word for word in made["number"].split() if word not in SENTENCE.split()).isdigit()


def test_a_name_that_could_be_the_same_is_not_put_in() -> None:
    made = swaps("Yesterday Ada Moor left.", "en", ["Bert Moor", "NASA", "Ada Moor"], random.Random(1))
    assert "name" not in {change for _, change in made}


def test_the_same_seed_swaps_the_same() -> None:
    assert swaps(SENTENCE, "en", ["Bert Olsen"], random.Random(5)) == swaps(
        SENTENCE, "en", ["Bert Olsen"], random.Random(5)
    )


def test_footnotes_links_and_versions_keep_their_numbers() -> None:
    for seed in range(20):
        made = swaps("See [12], https://x.org/2024/01 and v3.10.2.", "en", [], random.Random(seed))
        assert "number" not in {change for _, change in made}
