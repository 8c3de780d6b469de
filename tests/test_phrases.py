"""An exact phrase is found however it is typed, and a hit is the stored text between its offsets."""

from __future__ import annotations

import sys
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval import phrases
from retrieval.phrases import Phrases
from schema import Block, Document
from tests.browser.fake_answerer import DREAM, ESSAY, TALK, FakeIndex, document, library
from text.folding import align, fold, joins

# What typography, keyboards and scripts vary: composed and not, ligatures, wide letters, syllables, blanks, dashes.
LETTERS = st.sampled_from(
    list("abeEéﬁﬀ㎜ßẞİıΣςσ…½ＡＢ가각각が夢光東々ﾊﾞ𝔞🗼’‘“”—–-‐'\"´¨ \n\r\t\u00a0\u3000\u0301\u0345\u00ad\u200b\ufe0f")
)
TEXTS = st.text(LETTERS | st.characters(), max_size=60)


def finder(*documents: Document) -> Phrases:
    index: Any = FakeIndex(documents)
    return Phrases(index)


def plain(text: str, name: str = "a.txt", *blocks: Block) -> Document:
    return Document(name, text, "0" * 64, name, "text", blocks or (Block(0, len(text), "body"),))


def found(text: str, phrase: str) -> list[str]:
    """Return the stored words of every hit."""
    wanted = fold(phrase)
    looking = finder(plain(text))
    hits = looking.hits(wanted, "a.txt", 0, 1000)
    assert looking.count(wanted, 5).total == len(hits)
    return [text[hit.start : hit.end] for hit in hits]


@pytest.mark.parametrize(
    ("text", "phrase", "hits"),
    [
        ("The Lamp. the LAMP. thelamp", "the lamp", ["The Lamp", "the LAMP"]),
        ("a weak\r\n   thing, a weak\u00a0thing", "weak thing", ["weak\r\n   thing", "weak\u00a0thing"]),
        ("He said “It’s—fine”.", '"it\'s-fine"', ["“It’s—fine”"]),
        ("cafe\u0301 and café", "CAFÉ", ["cafe\u0301", "café"]),
        ("the oﬃce of ＩＢＭ", "office of ibm", ["oﬃce of ＩＢＭ"]),
        ("Straße", "strasse", ["Straße"]),
        ("灯台は夜に\n船を導く。", "夜に船を", ["夜に\n船を"]),
        ("東京 大阪", "東京　大阪", ["東京 大阪"]),
        ("ﾊﾞｽ", "バス", ["ﾊﾞｽ"]),
        ("soft\u00adware", "software", ["soft\u00adware"]),
        ("aaaa", "aa", ["aa", "aa"]),
        ("nothing", "thing else", []),
    ],
)
def test_phrase_is_found_in_every_writing(text: str, phrase: str, hits: list[str]) -> None:
    assert found(text, phrase) == hits


def test_hit_covers_whole_stored_characters() -> None:
    assert found("the oﬃce", "of") == ["oﬃ"]


@given(TEXTS)
def test_aligned_copy_is_the_copy(text: str) -> None:
    aligned = align(text)
    assert aligned.text == fold(text)
    assert len(aligned.spans) == len(aligned.text)
    assert all(a.end <= b.start or a == b for a, b in zip(aligned.spans, aligned.spans[1:], strict=False))


@given(TEXTS, st.data())
def test_every_hit_holds_the_phrase_and_is_no_longer_than_it_must(text: str, data: st.DataObject) -> None:
    start, end = sorted(data.draw(st.tuples(*[st.integers(0, len(text))] * 2)))
    wanted = fold(text[start:end])
    if not wanted:
        return
    hits = found(text, text[start:end])
    assert len(hits) == fold(text).count(wanted)
    for hit in hits:
        assert wanted in fold(hit)
        rest = hit[1:]
        while rest and joins(rest[0]):
            rest = rest[1:]
        assert fold(rest).count(wanted) < fold(hit).count(wanted)
        assert not hit[0].isspace() and not hit[-1].isspace()


@given(st.lists(st.text("abc é。夢\n", min_size=1, max_size=30), max_size=40), st.integers(3, 9))
def test_pieces_do_not_change_what_is_found(words: list[str], piece: int) -> None:
    text = " ".join(words)
    expected = fold(text)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(phrases, "_PIECE", piece)
        for start in range(0, len(expected), 7):
            if wanted := expected[start : start + 6].strip():
                hits = found(text, wanted)
                assert len(hits) == expected.count(wanted)
                assert all(wanted in fold(hit) for hit in hits)


def test_hit_comes_with_whole_words_of_its_block_and_all_that_is_known_of_it() -> None:
    looking = finder(*library())
    (hit,) = looking.hits("fresnel lens", TALK, 0, 9)
    text = looking.index.document(TALK).text
    assert hit.before == "A lamp alone is a weak thing. The "
    assert hit.before + text[hit.start : hit.end] + hit.after in text
    assert hit.cut == (False, False)
    assert hit.block is not None and hit.block.speaker == "Ada Keeper" and hit.block.time is not None


def test_long_context_is_cut_between_words() -> None:
    text = "lorem ipsum dolor " * 30 + "HERE" + " sit amet tempor" * 30
    (hit,) = finder(plain(text)).hits("here", "a.txt", 0, 9)
    assert hit.cut == (True, True)
    assert 50 <= len(hit.before) <= phrases.AROUND and 50 <= len(hit.after) <= phrases.AROUND
    assert hit.before.split()[0] in ("lorem", "ipsum", "dolor")
    assert hit.after.split()[-1] in ("sit", "amet", "tempor")
    unbroken = "あ" * 300 + "夢" + "い" * 300
    (hit,) = finder(plain(unbroken)).hits("夢", "a.txt", 0, 9)
    assert (len(hit.before), len(hit.after)) == (phrases.AROUND, phrases.AROUND)


def test_noise_is_not_searched_and_no_phrase_reaches_over_it() -> None:
    text = "one two\nMENU two\nthree four"
    looking = finder(plain(text, "a.txt", Block(0, 7, "body"), Block(8, 16, "noise"), Block(17, 27, "body")))
    assert looking.count("menu", 5).total == 0
    assert looking.count("two three", 5).total == 0
    assert looking.count("two", 5).total == 1
    assert looking.count("three four", 5).total == 1


def test_phrase_runs_on_from_block_to_block() -> None:
    assert finder(*library()).count("at two and at four. nobody thanked him. entry 1: wind", 5).total == 1


def test_counts_follow_the_order_of_the_corpus_and_may_be_of_one_document() -> None:
    looking = finder(*library())
    assert list(looking.count("lighthouse", 5).counts) == [TALK, ESSAY]
    assert looking.count("灯台", 5, [DREAM]).counts == {DREAM: 3}


def test_hits_are_given_from_any_number_on() -> None:
    looking = finder(*library())
    everything = looking.hits("lighthouse", ESSAY, 0, 1000)
    assert looking.hits("lighthouse", ESSAY, 100, 5) == everything[100:105]
    assert looking.hits("lighthouse", ESSAY, len(everything), 5) == []


def test_search_that_has_no_time_goes_on_where_it_stopped() -> None:
    looking = finder(*[plain(f"the {n} lamp", f"{n}.txt") for n in range(5)])
    seen = [looking.count("lamp", 0).total for _ in range(5)]
    assert seen == [1, 2, 3, 4, 5]
    assert looking.count("lamp", 0).complete


def test_memory_for_copies_is_bounded_and_what_does_not_fit_is_found_all_the_same(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(phrases, "MOST_KEPT", 300)
    looking = finder(*[plain(f"the {n} lamp", f"{n}.txt") for n in range(9)])
    assert looking.count("lamp", 5).total == looking.count("the", 5).total == 9
    assert 0 < sum(map(sys.getsizeof, looking._copies.values())) <= 300


def test_second_search_of_thousands_of_documents_takes_no_time() -> None:
    text = "The keeper wrote everything down, and nobody thanked him. " * 100
    looking = finder(*[document(f"{n}.txt", text, "t") for n in range(1_000)])
    looking.count("no such words", 60)
    begun = time.perf_counter()
    assert looking.count("nobody thanked", 60).total == 100_000
    assert time.perf_counter() - begun < 1.0  # measured: 0.02 s for these 5.8 million characters
