"""The language of each paragraph, and the stretches of a document that are in one language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from schema import UNKNOWN_LANGUAGE
from text.language import WITHOUT_BLANKS, detect

if TYPE_CHECKING:
    from documents.kinds.draft import Draft

_READ = 600  # characters of a paragraph; more does not change the guess
_SURE = 80  # characters; a shorter paragraph is believed only where others agree
_FAIR = 40  # characters of the others
_AGREE = 3  # that many of them
_SAMPLE = 1_500  # paragraphs whose language is measured; the others of a long book follow their neighbours


def assign_languages(drafts: Sequence[Draft], stated: str | None) -> None:
    """Tell each draft's language; short ones take that of the document or of a neighbour in the same script.

    :param stated: what the file or its sidecar says; it decides where the words do not.
    """
    main = (stated or "").split("-")[0].lower() or _main_language(drafts)
    step = max(1, len(drafts) // _SAMPLE)
    sure: set[str] = {main}
    guesses: list[str | None] = []
    for i, draft in enumerate(drafts):
        measured = i % step == 0 or not draft.text[:_READ].isascii()
        guess = detect(draft.text[:_READ], UNKNOWN_LANGUAGE) if measured else UNKNOWN_LANGUAGE
        long = guess in WITHOUT_BLANKS or len(draft.text) >= _SURE
        if long and guess != UNKNOWN_LANGUAGE:
            sure.add(guess)
        guesses.append(None if guess == UNKNOWN_LANGUAGE else guess)
    if "ja" in sure:  # a heading in kanji alone reads as Chinese
        long_chinese = sum(guess == "zh" and len(d.text) >= _SURE for guess, d in zip(guesses, drafts, strict=True))
        guesses = ["ja" if guess == "zh" and long_chinese < 3 else guess for guess in guesses]
    counts = Counter(guess for guess, draft in zip(guesses, drafts, strict=True) if len(draft.text) >= _FAIR)
    sure |= {guess for guess, count in counts.items() if guess and count >= _AGREE}
    for i, draft in enumerate(drafts):
        if "language" in draft.told:
            continue
        believed = guesses[i]
        short = len(draft.text) < _SURE and believed not in WITHOUT_BLANKS
        if believed is None or believed not in sure or (short and counts[believed] < _AGREE and believed != main):
            believed = _neighbour(drafts, i, main)
        draft.language = believed


def _main_language(drafts: Sequence[Draft]) -> str:
    """Return the language of most of the text, by a sample from all over it."""
    step = max(1, len(drafts) // 60)
    sizes: Counter[str] = Counter()
    for draft in drafts[::step]:
        if (guess := detect(draft.text[:_READ], UNKNOWN_LANGUAGE)) != UNKNOWN_LANGUAGE:
            sizes[guess] += len(draft.text)
    if sizes:
        return sizes.most_common(1)[0][0]
    return detect(" ".join(draft.text[:200] for draft in drafts[:50]), UNKNOWN_LANGUAGE)


def _neighbour(drafts: Sequence[Draft], i: int, main: str) -> str:
    """Return the language of the paragraph before, which is told already; the main one at the beginning."""
    return drafts[i - 1].language if i and drafts[i - 1].language != UNKNOWN_LANGUAGE else main


def runs(drafts: Sequence[Draft], least: int = 3) -> list[tuple[int, int, str]]:
    """Return the stretches in one language as (first draft, one past the last, language).

    A stretch of fewer than `least` paragraphs between two of another language belongs to them: a quotation.
    """
    found: list[tuple[int, int, str]] = []
    for i, draft in enumerate(drafts):
        if found and found[-1][2] == draft.language:
            found[-1] = (found[-1][0], i + 1, draft.language)
        else:
            found.append((i, i + 1, draft.language))
    merged: list[tuple[int, int, str]] = []
    for k, (first, last, language) in enumerate(found):
        inner = merged and k + 1 < len(found) and last - first < least
        if inner or (merged and merged[-1][2] == language):
            merged[-1] = (merged[-1][0], last, merged[-1][2])
        else:
            merged.append((first, last, language))
    return merged
