import pytest
from hypothesis import given
from hypothesis import strategies as st

from text.words import fold, is_cjk, terms, tokens


@given(st.text())
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(), st.sampled_from(["en", "de", "ja", "zh", "und", "xx"]))
def test_terms_hold_no_blank_and_are_bounded(text: str, language: str) -> None:
    assert all(term and not any(map(str.isspace, term)) and len(term) <= 64 for term in terms(text, language))


def test_folding_makes_quotes_and_dashes_plain() -> None:
    assert fold("“It’s — FINE”") == '"it\'s - fine"'


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Two policies’ goals", "en", ["two", "polici", "goal"]),
        ("Die Häuser", "de", ["die", "haus"]),
        ("三文字だ", "ja", ["三文", "文字", "字だ"]),
        ("約", "ja", ["約"]),
        ("SB-53", "en", ["sb53", "sb", "53"]),
        ("7.1.7", "en", ["717", "7", "1", "7"]),
        ("60%", "en", ["60"]),
        ("Anthropicの約束", "ja", ["anthropic", "の約", "約束"]),
        ("Roadmap’s", "en", ["roadmap"]),
    ],
)  # fmt: skip
def test_terms_are_stems_numbers_and_pairs(text: str, language: str, expected: list[str]) -> None:
    assert terms(text, language) == expected


def test_full_width_letters_are_the_same_words() -> None:
    assert tokens("ＲＳＰ") == tokens("rsp")


def test_scripts_are_told_apart() -> None:
    assert is_cjk("約束") and is_cjk("カード") and not is_cjk("card") and not is_cjk("53")
