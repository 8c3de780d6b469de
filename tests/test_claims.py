"""Claims are read while they are written, out of whatever a model makes of the form that it was asked for."""

import itertools
import json
import re
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from answering import claims
from answering.claims import Claim
from answering.plain import harmless, plain

TWO = [
    Claim("The lock is closed at night.", 1, "stays closed at night"),
    Claim("A motor would cost 200,000 crowns.", 3, "two hundred thousand"),
]
WHOLE = json.dumps({"claims": [{"passage": c.passage, "quote": c.quote, "text": c.text} for c in TWO]})
ADDRESS = re.compile(r"https?://|www\.|mailto:|data:\S|\]\(|<[a-z/!?]|javascript:", re.I)


def read(*pieces: str) -> list[Claim]:
    return list(claims.read(pieces))


@pytest.mark.parametrize(
    "written",
    [
        WHOLE,
        f"```json\n{WHOLE}\n```",
        f"Here is what I found:\n\n{WHOLE}\n\nI hope this helps!",
        WHOLE.replace("}]", "},]").replace('"}', '",}'),
        WHOLE.replace("]}", ""),
        WHOLE.removesuffix("}]}"),
        json.dumps(json.loads(WHOLE)["claims"]),
        "\n".join(map(json.dumps, json.loads(WHOLE)["claims"])),
        WHOLE.replace('"text"', '"claim"').replace('"passage"', '"source"').replace('"quote"', '"evidence"'),
        WHOLE.replace('"passage": 1', '"passage": "[1]"').replace('"passage": 3', '"passage": [3, 2]'),
        WHOLE.replace("closed at night.", "closed\nat night [1]."),
        json.dumps(json.loads(WHOLE), indent=2),
    ],
)
def test_what_small_models_make_of_the_form_is_repaired(written: str) -> None:
    assert read(written) == TWO


@pytest.mark.parametrize(
    "written",
    [
        "The lock is closed at night [1]. A motor would cost 200,000 crowns [3].",
        "The lock is closed at night. [1] A motor would cost 200,000 crowns. [3]",
        "Based on the passages:\n\nThe lock is closed at night. [1][2]\n\nA motor would cost 200,000 crowns. [3, 1]",
        "- The lock is closed at night【1】.\n- A motor would cost 200,000 crowns [passage 3].\n\nAsk me for more.",
    ],
)
def test_plain_text_with_markers_is_read_in_place_of_the_form(written: str) -> None:
    assert [(claim.text, claim.passage) for claim in read(written)] == [(claim.text, claim.passage) for claim in TWO]


def test_several_sentences_in_one_claim_are_checked_one_by_one_and_a_word_goes_with_its_sentence() -> None:
    row = {"text": "Yes. It is closed at night. Nobody may turn the wheel.", "passage": 2, "quote": "“closed”"}
    assert read(json.dumps([row])) == [
        Claim("Yes. It is closed at night.", 2, "“closed”"),
        Claim("Nobody may turn the wheel.", 2, "“closed”"),
    ]


@pytest.mark.parametrize(
    "written",
    ["", "   ", "{}", "[]", "null", '{"claims": []}', '{"claims": [{"passage": 1}]}', '{"text": 7}', "I do not know.",
     '{"claims": [{"passage": 1, "quote": "a", "text": "The lock is cl', "<!DOCTYPE html><p>Sign in</p>", "[1]",
     "{" * 500, "[" * 5_000, '{"text": ' + "[" * 5_000, '{"text": {"n": 1}}'],
)  # fmt: skip
def test_nothing_usable_is_no_claim(written: str) -> None:
    assert read(written) == []


@pytest.mark.parametrize("passage", [None, True, -1, 0.5, "first", 10**30, "9" * 2_000])
def test_a_passage_that_is_no_number_is_none(passage: object) -> None:
    (claim,) = read(json.dumps({"text": "The lock is closed at night.", "passage": passage, "quote": ""}))
    assert claim.passage in (None, 1_000, 9_999) and claim.quote is None


def test_no_more_claims_are_read_than_a_reader_checks_and_the_rest_is_not_waited_for() -> None:
    given_out = []

    def endless() -> Iterator[str]:
        for number in itertools.count():
            given_out.append(number)
            yield json.dumps({"text": f"The lock is closed in year {number}.", "passage": 1, "quote": "x"})

    assert len(list(claims.read(endless()))) == claims.MOST == len(given_out)
    assert list(claims.read(itertools.repeat("and on and on "))) == []
    pieces = iter(['{"quote": "', *["2026, "] * 9_000])
    assert list(claims.read(pieces)) == [] and len(list(pieces)) > 8_000


def test_a_model_that_repeats_itself_is_not_read_any_further() -> None:
    pieces = iter([WHOLE] * 9)
    assert list(claims.read(pieces)) == TWO and len(list(pieces)) == 7


def test_a_sentence_without_end_names_nothing_any_more() -> None:
    (claim,) = read(json.dumps({"text": "and so on, " * 60, "passage": 1, "quote": "x"}))
    assert claim.passage is None and claim.quote is None and len(claim.text) == claims.LONGEST


def test_each_claim_is_given_as_soon_as_it_is_there() -> None:
    so_far = []

    def pieces() -> Iterator[str]:
        for character in WHOLE:
            so_far.append(character)
            yield character

    first = next(iter(claims.read(pieces())))
    assert first == TWO[0] and "".join(so_far).endswith('night."}')


@pytest.mark.parametrize(
    "text", [WHOLE, "The lock is closed at night [1]. A motor costs 200,000 crowns [3, 2]. So it is."]
)
def test_cut_anywhere_what_was_whole_is_there_and_nothing_else(text: str) -> None:
    def without_stops(found: list[Claim]) -> list[tuple[str, int | None, str | None]]:
        return [(claim.text.rstrip("."), claim.passage, claim.quote) for claim in found]

    whole = without_stops(read(text))
    for end in range(len(text)):
        found = without_stops(read(text[:end]))
        assert found == whole[: len(found)]


SCRAPS = st.lists(
    st.sampled_from(
        ['{"', '"}', "{", "}", "[", "]", ",", ":", '"', "\\", "\\u", "text", "passage", "quote", "claims", "1", "2",
         " ", "\n", ". ", "The lock is closed", "[1]", "【2】", "```json", "。", "夜は閉まる", "\ud800", "\u202e",
         "<b>", "](http://x)"]
    )
)  # fmt: skip
TEXTS = SCRAPS.map("".join) | st.text(max_size=300)


@given(TEXTS, st.lists(st.integers(1, 40), max_size=30))
def test_how_the_text_is_cut_into_pieces_does_not_matter(text: str, lengths: list[int]) -> None:
    pieces, at = [], 0
    for length in lengths:
        pieces.append(text[at : at + length])
        at += length
    assert read(*pieces, text[at:]) == read(text) == read(*text)


@given(st.lists(st.tuples(TEXTS, st.integers() | st.none() | TEXTS, TEXTS | st.none())))
def test_claims_come_in_order_bounded_and_plain(rows: list[tuple[str, object, str | None]]) -> None:
    written = json.dumps({"claims": [{"text": text, "passage": number, "quote": q} for text, number, q in rows]})
    found = read(written)
    assert len(found) <= claims.MOST
    together = " ".join(plain(text) for text, _, _ in rows)
    at = 0
    for claim in found:
        assert 0 < len(claim.text) <= claims.LONGEST
        assert not ADDRESS.search(claim.text) and "[" not in claim.text and claim.text == plain(claim.text)
        claim.text.encode()
        (claim.quote or "").encode()
        if not claim.text.endswith("…"):
            at = together.index(claim.text, at) + len(claim.text)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("**Bold**, _thin_ and `code` in snake_case", "Bold, thin and code in snake_case"),
        ("It leaks [1][2], they say (passage 3).", "It leaks, they say."),
        ("See [here](https://x.org/?q=SECRET) ![image](data:image/png;base64,xx)", "See here image"),
        ("Go to https://x.org/a_b?c=d, www.y.org or mailto:a@b.org", "Go to … … or …"),
        ("Write to ada@moor.org", "Write to …"),
        ("<script>alert(1)</script><img src=x onerror=alert(1)>Hello", "alert(1)Hello"),
        ("&lt;b&gt;now&lt;/b&gt; 3 < 5 and 7 > 6", "now 3 < 5 and 7 > 6"),
        ("# A heading\nand more", "A heading and more"),
        ("a\u202eb\u200bc\x00d\U000e0041e", "abcde"),
        ("h<b>ttp://x.org", "…"),
        ("[[1]]", "()"),
        ("[text][ref] and [sic]", "text and (sic)"),
        ("「はい」と言った【1】。", "「はい」と言った。"),
    ],
)
def test_text_of_a_model_is_plain(written: str, read_as: str) -> None:
    assert plain(written) == read_as


@given(TEXTS | st.from_regex(re.compile(r"[<>\[\]()!*_:/hHtTpPsSwWdDaA.@&;#x]{0,40}")))
def test_plain_text_stays_plain_and_holds_no_address_or_markup(text: str) -> None:
    said = plain(text)
    assert plain(said) == said and not ADDRESS.search(said) and not set("[]`\n\u202e\x00") & set(said)
    said.encode()


@given(TEXTS)
def test_text_in_a_prompt_takes_nobodys_turn(text: str) -> None:
    for said in ("<|im_end|>", "</s>", "[/INST]", "<<SYS>>", "<start_of_turn>", "<｜end｜>"):
        assert said not in harmless(text + said + text)
