"""What a question speaks of and the corpus never does: the strongest sign that the corpus does not say.

Of seven questions to refuse, five named a person, number or thing that occurs nowhere, and no answerable one did,
but for typos (measured on judged questions). Only words that a reader would expect to stand in the corpus count:
not function words, not the form of the source ("in the audio"), not what may be written in another script there.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval import cues
from retrieval.lexicon import Lexicon
from text.language import WITHOUT_BLANKS
from text.words import fold, is_cjk, terms, tokens

_ORIGINAL_TOKEN = re.compile(r"[^\W_]+(?:['’.\-&][^\W_]+)*")
_PLURAL_ACRONYM = re.compile(r"[A-Z]{2,}s")
_RARE = 0.05  # of the passages: a word in more of them says little about what a question is about
_RARE_COUNT = 2  # passages; in a small corpus the share alone would make every word common
_NOUNS_ARE_CAPITAL = ("de",)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The words of a question that occur nowhere in the corpus and are no typos.

    All are spelt as in the question. `names` are those that name somebody or something, or are numbers. `share` is
    how many of the question's rare words the unknown ones are, 0..1.
    """

    words: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    share: float = 0.0


def find_unknown(question: str, language: str, lexicon: Lexicon) -> Unknown:
    """Return what a question speaks of and the corpus does not."""
    words = [token for token in dict.fromkeys(tokens(question)) if _is_unknown(token, lexicon)]
    rare = _known_rare(question, language, lexicon)
    written = {fold(match.group()): match for match in reversed(list(_ORIGINAL_TOKEN.finditer(question)))}
    return Unknown(
        words=tuple(_as_written(word, written) for word in words),
        names=tuple(
            _as_written(word, written) for word in words if _is_name(word, written, question, language, lexicon)
        ),
        share=len(words) / (len(words) + rare) if words else 0.0,
    )


def _as_written(word: str, written: dict[str, re.Match[str]]) -> str:
    """Return a word as the question spells it, without a possessive s: "musk's" -> "Musk"."""
    spelling = written[word].group() if word in written else word
    return re.sub(r"['’]s$", "", spelling)


def _is_unknown(token: str, lexicon: Lexicon) -> bool:
    if is_cjk(token) or cues.is_about_sources(token) or _is_contraction(token):
        return False
    if _is_number_with_points(token):
        return not lexicon.frequency(token.replace(".", ""))  # 4.3 as a whole, though 4 and 3 occur
    return not lexicon.occurs(token) and lexicon.nearest(token.removesuffix("'s")) is None


def _is_contraction(token: str) -> bool:
    """Tell whether a word is cut short by an apostrophe (weren't, l'école), which no stemmer knows."""
    return "'" in token and not token.endswith("'s")


def _is_number_with_points(token: str) -> bool:
    return "." in token and token.replace(".", "").isdigit()


def _known_rare(question: str, language: str, lexicon: Lexicon) -> int:
    """Return how many words of a question occur in the corpus, but in few passages of it."""
    most = max(_RARE * lexicon.passages, _RARE_COUNT)
    frequencies = [
        max(map(lexicon.frequency, terms(token, language)), default=0)
        for token in dict.fromkeys(tokens(question))
        if not is_cjk(token) and not cues.is_about_sources(token)
    ]
    return sum(0 < frequency <= most for frequency in frequencies)


def _is_name(word: str, written: dict[str, re.Match[str]], question: str, language: str, lexicon: Lexicon) -> bool:
    """Tell whether an unknown word is a number of two digits or more, or is written as names are.

    A capital says nothing at the start of a question, nor in German; an acronym may be another in another language.
    """
    if sum(char.isdigit() for char in word) >= 2:
        return True
    if word not in written or not _stands_in_this_script(lexicon):
        return False
    found = written[word]
    spelling = found.group()
    if _PLURAL_ACRONYM.fullmatch(spelling):
        return not lexicon.occurs(spelling[:-1].lower())
    if sum(map(str.isupper, spelling)) >= 2:
        return language in lexicon.languages or language in WITHOUT_BLANKS
    first = not question[: found.start()].strip("\"'“¿¡(「 ")
    return len(spelling) > 1 and spelling[0].isupper() and not first and language not in _NOUNS_ARE_CAPITAL


def _stands_in_this_script(lexicon: Lexicon) -> bool:
    """Tell whether names in Latin letters can be expected: not in a corpus mostly in Chinese, Japanese, Korean."""
    counts = lexicon.passages_by_language
    return 2 * sum(counts[code] for code in counts if code not in WITHOUT_BLANKS) >= sum(counts.values())


def missing(found: Unknown, best_language: str, question_language: str) -> Sequence[str]:
    """Return the names that decide: none where the best passage is in a script that writes names in its own way."""
    if best_language in WITHOUT_BLANKS and question_language not in WITHOUT_BLANKS:
        return [word for word in found.names if any(map(str.isdigit, word))]
    return found.names
