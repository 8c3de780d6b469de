"""What looks like a person's or an organisation's name, in Latin, Japanese, Chinese and Korean writing."""

from __future__ import annotations

import re

_LABELS = frozenset(
    """
    note notes update updates example examples edit edited added goal goals step steps part chapter section figure fig
    table appendix summary abstract question questions answer answers q a tldr tl dr warning caution tip tips source
    sources reference references disclaimer correction conclusion result results background introduction method methods
    option claim point problem solution reason reasons argument case fact facts date time place address phone email
    title author authors subject re fwd from to cc p ps pros cons verdict bottom line first second third finally also
    here there this that these those what why how when where who which and but or so if then because however
    hinweis anmerkung beispiel frage antwort ziel schritt teil kapitel abbildung tabelle zusammenfassung quelle quellen
    datum ort autor titel thema nota ejemplo pregunta respuesta objetivo paso parte capítulo figura tabla resumen fuente
    fecha lugar título remarque exemple question réponse but étape partie chapitre tableau résumé lieu titre
    interview gespräch entrevista transcript transkript http https
    注 注意 备注 問 问 答 例 例如 例えば 問題 问题 質問 回答 答案
    说明 説明 結論 结论 总结 理由 原因 目的 目标 時間 时间
    場所 地点 日時 来源 出典 参考 首先 其次 最后 因此 但是 補足 追記 概要
    """.split()
)
_PARTICLES = frozenset("van von de der den del della di da la le du dos das ter ten al bin ibn af y e zu zum".split())
_WORD = r"[^\W_](?:[^\s:：()（）]*[^\W])?\.?"
_LATIN = re.compile(rf"{_WORD}(?:[ \u00a0]{_WORD}){{0,4}}$")
_HANDLE = re.compile(r"@?[A-Za-z0-9][\w.-]{1,24}$")
_KATAKANA = re.compile(r"[ァ-ヺー一-龯々]{1,15}(?:[・＝=][ァ-ヺー一-龯々]{1,15}){1,3}$|[ァ-ヺー]{3,12}$")
_KANJI = re.compile(r"[一-龯々]{2,6}$|[一-龯々]{1,4}[ 　][一-龯々]{1,4}$|[가-힣]{2,4}$")
_HONORIFIC = re.compile(r"[ 　]?(?:氏|さん|様|先生|教授|博士|議員|女士|先生|씨)$")
_AFFILIATION = re.compile(r"\s?[(（][^()（）]{1,60}[)）]$")
SOMEBODY = frozenset("someone somebody anonymous anonym jemand alguien anónimo ある人 匿名 某人 有人".split())


def clean_name(words: str) -> str:
    """Return a name without an affiliation in brackets, an honorific, "@", asterisks or a possessive."""
    name = _AFFILIATION.sub("", words.strip(" *_@\"'“”"))
    return _HONORIFIC.sub("", name).removesuffix("'s").removesuffix("’s").strip()


def is_name(words: str, handles: bool = False) -> bool:
    """Tell whether some words look like a name.

    "Ada Moor (Leeds)" -> True; "マリア・ロペス" -> True; "Step 1" -> False; "To begin with" -> False

    :param handles: accept "saltmarsh" and "mx_77" too, and short names in Chinese characters.
    """
    name = clean_name(words)
    if not name or len(name) > 48 or name.lower() in _LABELS:
        return False
    if _KATAKANA.match(name):
        return "・" in name or handles
    if _KANJI.match(name):
        return handles or name != words.strip()
    if not _LATIN.match(name):
        return False
    tokens = name.split()
    if tokens[0].lower().strip(".") in _LABELS or tokens[-1].isdigit():
        return False
    if len(tokens) == 1:
        if name.isdigit() or ((name[0].islower() or name[0].isdigit()) and not handles):
            return False
        return _HANDLE.match(name) is not None or name[0].isupper()
    return all(token[0].isupper() or token.lower() in _PARTICLES for token in tokens) and tokens[0][0].isupper()


def fuller(name: str, known: dict[str, str]) -> str:
    """Return the full name that a first or last name stands for, where the document has exactly one.

    ("Ada", {"ada": "Ada Moor"}) -> "Ada Moor"
    """
    return known.get(name.lower(), name)


def short_forms(names: set[str]) -> dict[str, str]:
    """Return first and last names in lower case with the full name they stand for, ambiguous ones left out."""
    forms: dict[str, set[str]] = {}
    for name in names:
        tokens = re.split(r"[ ・]", name)
        if len(tokens) >= 2:
            for token in (tokens[0], tokens[-1]):
                forms.setdefault(token.lower(), set()).add(name)
    return {form: next(iter(full)) for form, full in forms.items() if len(full) == 1}
