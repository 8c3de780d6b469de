"""Small closed classes of words, per language, that say how a question is meant. Soft cues, never routes.

Lists of function words, not of topics: they hold for any corpus. A language without a list loses a preference, no
answer.
"""

from __future__ import annotations

import re

from text.words import fold, is_cjk

# Words that lean on what was said before: conjunctions at the start, pronouns, demonstratives.
_LEANING_START = re.compile(
    r"^\W*(?:and|but|or|so|then|also|what about|how about|why not|which one|und|aber|oder|dann|also|y|pero|o|entonces|"
    r"et|mais|ou|alors)(?![^\W_])|"
    r"^\W*(?:では|じゃあ|それで|それでは|でも|しかし|ちなみに|他に|ほかに|那么|那|还有)",
    re.IGNORECASE,
)
_LEANING_WORD = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|hers|its|their|theirs|that|this|these|those|there|one|ones|er|sie|es|ihn|"
    r"ihm|ihr|ihnen|das|dies|diese|dieser|dieses|dort|él|ella|ellos|ellas|eso|esto|ese|esta|ello|il|elle|ils|elles|"
    r"cela|ça|ceci)\b|それ|これ|あれ|その|この|彼|彼女|そこ|そう|他|它|她|这|那",
    re.IGNORECASE,
)
_RECORDING = re.compile(
    r"\b(?:podcast|recording|audio|episode|transcript|video|listen|hear|heard|timestamp|time ?code|aufnahme|folge|"
    r"hören|sendung|grabación|episodio|vídeo|enregistrement|émission)\w*|ポッドキャスト|録音|音声|動画|エピソード|播客|音频|视频",
    re.IGNORECASE,
)
_WHEN_IN_RECORDING = re.compile(
    r"\b(?:time ?stamps?|time ?codes?|(?:what|which|at what|how many) (?:seconds?|minutes?|time)|how far into|"
    r"(?:which|welcher|in welcher|bei welcher) (?:sekunde|minute)|wann|qué (?:segundo|minuto)|"
    r"quelle (?:seconde|minute)|where in the (?:audio|podcast|recording|episode|video)|when)\b|"
    r"何秒|何分|どのあたり|どの辺|いつ|何时|几分|几秒|タイムスタンプ|時間",
    re.IGNORECASE,
)
_TIME_ALONE = re.compile(
    r"\b(?:time ?stamps?|time ?codes?|(?:what|which) (?:second|minute)|sekunde|segundo)\b|"
    r"何秒|何分|几分|几秒|タイムスタンプ",
    re.IGNORECASE,
)


_LANGUAGES = {
    name: code
    for code, names in {
        "de": "german deutsch deutsche deutschen alemán allemand ドイツ語",
        "en": "english englisch englische englischen inglés anglais 英語 英文",
        "es": "spanish spanisch spanische spanischen español espagnol スペイン語",
        "fr": "french französisch französische französischen francés français フランス語",
        "ja": "japanese japanisch japanische japanischen japonés japonais 日本語 日文",
        "ko": "korean koreanisch koreanische coreano coréen 韓国語",
        "ru": "russian russisch russische ruso russe ロシア語",
        "zh": "chinese chinesisch chinesische chino chinois 中国語 中文",
    }.items()
    for name in names.split()
}
_LANGUAGE_NAME = re.compile(r"[^\W_]+語|[^\W_]+")


def named_languages(question: str) -> frozenset[str]:
    """Return the codes of the languages that a question names: "in the Japanese summary" -> {"ja"}."""
    found = {word.lower() for word in _LANGUAGE_NAME.findall(question)}
    written_together = (name for name in _LANGUAGES if is_cjk(name) and name in question)
    return frozenset(_LANGUAGES[name] for name in (*written_together, *(found & _LANGUAGES.keys())))


def is_about_sources(word: str) -> bool:
    """Tell whether a word speaks of the form of a source (recording, language, place), not of its matter."""
    return word in _LANGUAGES or word in _SOURCE_WORDS or bool(_RECORDING.fullmatch(word))


_SOURCE_WORDS = frozenset(
    "page pages document documents corpus text texts article articles source sources paragraph section chapter quote "
    "quotes author authors blogger writer commenter commenters speaker host narrator summary translation transcript "
    "second seconds minute minutes date dates time times name names list summarise summarize summarised "
    "summarized overview gist outline recap compare mention mentioned "
    "mentions describe explain according seite dokument quelle absatz autor zusammenfassung übersetzung sekunde minute "
    "página documento fuente párrafo autor resumen traducción segundo minuto".split()
)


# Words for whoever speaks in a document of his own.
AUTHORS = frozenset(
    "author authors writer blogger essayist columnist poster narrator autor autorin autors verfasser blogger autora "
    "escritor auteur rédacteur".split()
)
# Kinds of place that a question may name, by the role of the passages there ("author": a document's own words).
PLACES = {
    "author": re.compile(rf"\b(?:{'|'.join(sorted(AUTHORS))})\b|著者|筆者|作者|書き手|ブロガー", re.IGNORECASE),
    "comment": re.compile(
        r"\b(?:comment|reply|replies|thread|kommentar|antwort|comentari|commentaire)\w*|コメント|返信|スレッド|评论|回复",
        re.IGNORECASE,
    ),
    "summary": re.compile(
        r"\b(?:summary|summaries|abstract|key points?|zusammenfassung|resumen|résumé)\b|"
        r"要約|概要|まとめ|キーポイント|摘要",
        re.IGNORECASE,
    ),
    "translation": re.compile(r"\b(?:translat|übersetz|traducc|traduct)\w*|翻訳|訳文|译文", re.IGNORECASE),
    "footnote": re.compile(r"\b(?:foot ?note|endnote|fußnote)s?\b|脚注|注釈", re.IGNORECASE),
    "metadata": re.compile(
        r"\b(?:published|posted|released|aired|dated?|dates|title|titled|byline|veröffentlicht|erschien\w*|datum|titel|"
        r"publicad\w+|fecha|título|publiée?|titre|who (?:wrote|is the author of)|written by whom|wer schrieb|"
        r"quién escribió|qui a écrit)\b|誰が書い|書いたのは誰|公開|投稿日|日付|掲載|タイトル|发布|日期|标题",
        re.IGNORECASE,
    ),
    "recording": _RECORDING,
}
_QUOTED = re.compile(r"[\"“„«「『‘](?=\S)([^\"“”„«»「」『』‘]{4,300})[\"”“»」』]|(?<!\w)'(\S[^']{3,300})'(?!\w)")
_FEWEST_QUOTED = 2  # words; one word in quotes is a term, not a quotation


def named_places(question: str) -> frozenset[str]:
    """Return the kinds of place that a question names: "what do commenters say" -> {"comment"}."""
    return frozenset(place for place, cue in PLACES.items() if cue.search(question))


def quoted(question: str) -> tuple[str, ...]:
    """Return the words in quotation marks, folded, with single blanks; single words are left out."""
    found = (fold(" ".join((match[1] or match[2]).split())).strip(" .,;:!?…") for match in _QUOTED.finditer(question))
    return tuple(words for words in found if len(words.split()) >= _FEWEST_QUOTED or (is_cjk(words) and len(words) > 4))


_COMPARISON = re.compile(
    r"\b(?:compar\w*|contrast\w*|differ\w*|versus|vs|unlike|whereas|as opposed to|rather than|unterschie\w*|"
    r"vergleich\w*|diferen\w*|différen\w*)\b|違い|異な|比べ|比較|対して|区别|不同|相比",
    re.IGNORECASE,
)


_LIST = re.compile(
    r"\b(?:list|enumerate|name (?:the|all|some|any|two|three|four|five)|(?:what|which) (?:are|were|other)|"
    r"(?:what|which) \w+s (?:are|were|do|does|did|can|could|should|would|has|have|had)|on what \w+s|in what ways|"
    r"pros|cons|pluses|minuses|(?:two|three|four|five|six|several|many) \w+s|"
    r"(?:reasons|arguments|drawbacks|advantages|disadvantages|examples|options|steps|conditions|goals|ways|kinds|types|"
    r"points|things|risks|benefits|criticisms|objections|proposals) (?:does|do|did|are|were|for|of|to|against|that)|"
    r"welche \w+e[nr]? |nenne|zähle|gründe|cuáles|qué \w+s|enumera|razones|quels|quelles)\b|"
    r"挙げ|列挙|一覧|すべて|全て|いくつ|それぞれ|[二三四五2-5]つの|哪些|列出",
    re.IGNORECASE,
)


def lists(question: str) -> bool:
    """Tell whether a question asks for several things."""
    return bool(_LIST.search(question))


def compares(question: str) -> bool:
    """Tell whether a question asks for two things to be compared."""
    return bool(_COMPARISON.search(question))


def leans_on_earlier(question: str) -> bool:
    """Tell whether a question reads as a follow-up: it opens with a conjunction or holds a word that points back."""
    return bool(_LEANING_START.search(question) or _LEANING_WORD.search(question))


def asks_when(question: str) -> bool:
    """Tell whether a question asks when in a recording something is said."""
    return bool(_TIME_ALONE.search(question) or (_RECORDING.search(question) and _WHEN_IN_RECORDING.search(question)))
