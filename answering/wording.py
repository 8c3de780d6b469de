"""The few neutral words of our own that join quotes, in the reader's language. They never restate a premise."""

from __future__ import annotations

import re
from dataclasses import dataclass

from answering.quotes import without_label
from schema import Citation, Span
from text.times import clock

_IN_MARKS = re.compile(r'"[^"]+"|“[^“”]+”|„[^„“”]+[“”]|«[^«»]+»|「[^「」]+」|『[^『』]+』')


@dataclass(frozen=True, slots=True)
class Wording:
    """What Sidenote itself says, and the quotation marks it puts round what others say."""

    open: str
    close: str
    colon: str
    quoted_by: str  # takes {speaker} and {quoter}
    commenter: str
    not_said: str
    not_said_within: str  # where filters left a part of the corpus
    nothing_passes: str  # where they left nothing
    nowhere: str  # takes {words}
    nearest: str
    empty: str
    too_long: str  # takes {limit}
    separator: str
    greeting: str  # takes {titles}
    overview: str
    partly: str  # takes {words}
    place: str  # takes {count}


_WORDINGS = {
    "en": Wording(
        "“", "”", ": ", "{speaker} (quoted by {quoter})", "A commenter", "The corpus does not say.",
        "What the filters let through does not say.", "Nothing in the corpus passes these filters.",
        "It nowhere mentions {words}.", "The closest passages are shown with it.", "Ask a question.",
        "The question is longer than {limit} characters; please shorten it.", ", ",
        "Ask a question about what is here: {titles}.", "An overview, in central sentences of the documents:",
        "The corpus nowhere mentions {words}; of the rest it says:", "These words stand in {count} places:",
    ),
    "ja": Wording(
        "「", "」", ":", "{speaker}({quoter}による引用)", "コメント投稿者", "この資料には書かれていません。",
        "絞り込んだ範囲には書かれていません。", "この絞り込みに当てはまる資料はありません。",
        "{words}は資料に出てきません。", "最も近い箇所も示します。", "質問を入力してください。",
        "質問が{limit}文字を超えています。短くしてください。", "、",
        "ここにある資料について質問してください:{titles}。", "資料の中心となる文による概要です。",
        "{words}は資料に出てきません。その他については次のとおりです。", "この文は{count}か所にあります。",
    ),
    "de": Wording(
        "„", "“", ": ", "{speaker} (zitiert von {quoter})", "Ein Kommentar", "Das steht nicht in den Dokumenten.",
        "In den gefilterten Quellen steht das nicht.", "Nichts in den Dokumenten passt zu diesen Filtern.",
        "{words} kommt nirgends vor.", "Die nächstliegenden Stellen stehen dabei.", "Bitte eine Frage stellen.",
        "Die Frage ist länger als {limit} Zeichen; bitte kürzen.", ", ",
        "Fragen lässt sich nach dem, was hier steht: {titles}.", "Ein Überblick in zentralen Sätzen der Dokumente:",
        "{words} kommt nirgends vor; zum Übrigen steht da:", "Diese Worte stehen an {count} Stellen:",
    ),
    "es": Wording(
        "“", "”", ": ", "{speaker} (citado por {quoter})", "Un comentario", "Los documentos no lo dicen.",
        "Las fuentes elegidas con los filtros no lo dicen.", "Nada en los documentos pasa estos filtros.",
        "No mencionan {words} en ninguna parte.", "Se muestran los pasajes más cercanos.", "Escriba una pregunta.",
        "La pregunta tiene más de {limit} caracteres; acórtela, por favor.", ", ",
        "Pregunte sobre lo que hay aquí: {titles}.", "Un resumen con frases centrales de los documentos:",
        "No mencionan {words} en ninguna parte; de lo demás dicen:", "Estas palabras están en {count} lugares:",
    ),
    "fr": Wording(
        "« ", " »", " : ", "{speaker} (cité par {quoter})", "Un commentaire", "Les documents ne le disent pas.",
        "Les sources retenues par les filtres ne le disent pas.", "Rien dans les documents ne passe ces filtres.",
        "Ils ne mentionnent {words} nulle part.", "Les passages les plus proches sont montrés.", "Posez une question.",
        "La question dépasse {limit} caractères ; raccourcissez-la, s'il vous plaît.", ", ",
        "Posez une question sur ce qu'il y a ici : {titles}.", "Un aperçu en phrases centrales des documents :",
        "Ils ne mentionnent {words} nulle part ; du reste, ils disent :", "Ces mots figurent à {count} endroits :",
    ),
    "zh": Wording(
        "“", "”", "：", "{speaker}（{quoter}引用）", "一条评论", "资料中没有提到。",
        "筛选出的资料中没有提到。", "没有资料符合这些筛选条件。",
        "资料中没有出现{words}。", "下面是最接近的段落。", "请输入问题。",
        "问题超过{limit}个字符，请缩短。", "、",
        "可以询问这里的资料：{titles}。", "以下是由资料的核心句子组成的概述：",
        "资料中没有出现{words}；关于其余部分，资料说：", "这些话出现在{count}处：",
    ),
}  # fmt: skip


def wording(language: str) -> Wording:
    """Return the words for a language; English where there are none yet."""
    return _WORDINGS.get(language, _WORDINGS["en"])


def line(citation: Citation, words: Wording) -> str:
    """Return one quote as it stands in an answer: whose words, when, the words, the marker."""
    whose = _whose(citation, words)
    when = f"{clock(citation.time.start_seconds)}–{clock(citation.time.end_seconds)}" if citation.time else ""
    label = words.separator.join(part for part in (whose, when) if part)
    front = f"{label}{words.colon}" if label else ""
    return f"{front}{_marked(citation.quote, words)} [{citation.number}]"


def _marked(quote: str, words: Wording) -> str:
    """Return a quote in quotation marks: in its own where it stands in some as a whole."""
    return quote if _IN_MARKS.fullmatch(quote) else f"{words.open}{quote}{words.close}"


def _whose(citation: Citation, words: Wording) -> str:
    whole = Span(0, len(citation.quote))
    if without_label(citation.quote, whole, citation.speaker) != whole:
        return ""  # the quote names its speaker itself
    if citation.speaker and citation.quoted_by and citation.quoted_by != citation.speaker:
        return words.quoted_by.format(speaker=citation.speaker, quoter=citation.quoted_by)
    return citation.speaker or (words.commenter if citation.role == "comment" else "")
