"""Tell the language of a text: by its script where that decides, else by a small statistical model.

The model is py3langid (Lui & Baldwin, "langid.py", ACL 2012); its data are in the package.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache

from schema import UNKNOWN_LANGUAGE

WITHOUT_BLANKS = ("ja", "zh", "ko")  # languages whose writing puts no blanks between words

_KANA = re.compile(r"[\u3041-\u30ff\uff66-\uff9f]")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_HANGUL = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f]")
_LETTERS = re.compile(r"[^\W\d_]")
_SHORTEST_GUESS = 24  # Latin letters; below this the statistical model guesses badly and the default is better
_LONGEST_READ = 4_000  # characters; more text does not change the guess
_CJK_SHARE = 0.15  # of the letters: Japanese prose about Latin names keeps at least this much kana and kanji

# What the model may answer: languages with enough text in the world to be meant. More choices, more wrong guesses.
_CANDIDATES = (
    "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it lt lv ms nl no pl pt ro ru sk sl sq sr sv ta te th "
    "tr uk ur vi"
).split()


_lock = threading.Lock()


@lru_cache(maxsize=1)
def _model():  # type: ignore[no-untyped-def]  # noqa: ANN202 - py3langid has no types
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(_CANDIDATES)
    return identifier


def detect(text: str, default: str = UNKNOWN_LANGUAGE) -> str:
    """Return the ISO 639-1 code of the language that most of `text` is in, or `default` where that is a guess.

    "これは本です" -> "ja"; "El libro está sobre la mesa de mi hermano" -> "es"; "OK" -> default
    """
    text = text[:_LONGEST_READ]
    letters = len(_LETTERS.findall(text))
    if not letters:
        return default
    kana, han, hangul = (len(script.findall(text)) for script in (_KANA, _HAN, _HANGUL))
    if hangul / letters > _CJK_SHARE:
        return "ko"
    if (kana + han) / letters > _CJK_SHARE:
        return "ja" if kana or default == "ja" else "zh"
    if letters < _SHORTEST_GUESS and _LATIN.search(text):
        return default
    with _lock:  # the first caller loads the model; ranking itself is quick
        language, probability = _model().classify(text)
    return str(language) if probability > 0.5 or default == UNKNOWN_LANGUAGE else default
