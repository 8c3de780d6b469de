"""Words that deny, in five languages, and sentences turned into their contrary by one of them.

Rules, no parser: `contrary` changes a sentence only where the rule reads well, and gives None elsewhere.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache

_Rule = tuple[re.Pattern[str], str]

_DENIES = {
    "en": r"\b(?:not(?! only\b| just\b| merely\b)|cannot|\w+n['’]t|never|no(?! more than\b| longer than\b)|none|nobody|"
    r"nothing|nowhere|neither|nor|without|hardly|barely|lacks?|lacked|lacking|fail(?:s|ed)? to|refus\w+|rejected|"
    r"denie[sd]|unable|impossible|unlikely|avoid(?:s|ed|ing)?|prevent(?:s|ed|ing)?)\b",
    "de": r"\b(?:nicht(?! nur\b)|kein\w*|nie|niemals|niemand\w*|nichts|nirgends|weder|ohne|kaum|un(?:möglich|fähig)\w*|"
    r"verhinder\w+|verweiger\w+|bestreite\w*|vermeide\w*)\b",
    "es": r"\b(?:no(?! s[oó]lo\b| solamente\b)|nunca|jamás|nada|nadie|ning[uú]n\w*|tampoco|ni|sin|apenas|imposible\w*|"
    r"evita\w*|impid\w+|niega\w*|neg[óo]|rechaz\w+)\b",
    "fr": r"(?:\b(?:pas(?! seulement\b| que\b)|jamais|rien|personne(?= ne\b| n['’])|aucun\w*|nulle?|sans|ni|guère|"
    r"impossible\w*|évit\w+|empêch\w+|refus\w+|rejet\w+)\b|\bne (?=\w+ plus\b))",
    "ja": r"ない(?!しは)|なかった|なく(?!なる|なっ)|なけれ|ません|ず(?=に|、|。|$)|ぬ(?=。|$)|不可能|無し|"
    r"なし(?!と)|未だ|拒否|防[ぐいげ]|避け",
}
_NOT_DENYING = {
    "ja": r"だけで(?:は)?なく|のみならず|ばかりか|なければな(?:らない|らなかった|りません)|"
    r"ざるを得な(?:い|かった)|に違いない|かもしれ(?:ない|なかった|ません)|にすぎな(?:い|かった)|少なく|ではないか|仕方な",
}

_PARTICIPLE = (
    r"(?:\w+ed|\w+[td]en|been|had|made|done|gone|seen|taken|known|shown|given|found|come|become|begun|built|"
    r"brought|bought|caught|grown|held|kept|left|led|lost|made|meant|met|paid|put|run|said|sent|set|sold|spent|told|"
    r"thought|used|won|written)\b"
)
_EN = (
    (r"\b(does|do|did) not (?!only\b)", r"\1 "),
    (r"\b(is|are|was|were|will|would|should|could|must|may|might|has|have|had) not (?!only\b|just\b|merely\b)", r"\1 "),
    (r"\b(is|are|was|were|would|should|could|does|do|did|has|have|had)n['’]t\b", r"\1"),
    (r"\bcan(?:not|['’]t)\b", "can"),
    (r"\bwon['’]t\b", "will"),
    (r"\b(has|have|had|is|are|was|were|will|would|should|can|could) never\b", r"\1 always"),
    (r"\bthere (is|are|was|were) no (?=[a-z])", r"there \1 "),
    (r"(?<=[a-z,\d] )(is|are|was|were|will|would|should|could|must|might) (?=[a-z]+(?<!than))", r"\1 not "),
    (r"(?<=[a-z,\d] )can (?=[a-z])", "cannot "),
    (rf"(?<=[a-z,\d] )(has|have|had) (?={_PARTICIPLE})", r"\1 not "),
)
_DE = (
    (r"\bnicht (?!nur\b|zuletzt\b)", ""),
    (r"\bkein(en|em|er|es)?\b", r"ein\1"),
    (r"\bkeine (?=[A-ZÄÖÜ]\w+en\b)", ""),
    (r"\bkeine\b", "eine"),
    (r"\b(?:nie|niemals)\b", "immer"),
    (r"(?<=\w )(ist|war|wird|wurde|hat|hatte|kann|soll|muss|sind|waren|haben) ein(e|en|em|er)? ", r"\1 kein\2 "),
    (r"(?<=[\w)] )(?=(?:(?:ge|be|ver|er|ent|zer)\w+(?:t|en)|\w+iert|\w{2,4}ge\w+(?:t|en))"
     r"(?: (?:wird|wurde|werden|wurden|hat|haben|ist|sind|war|waren))?[.,;])", "nicht "),
    (r"(?<=\w )(ist|war|sind|waren|wird|werden|wurde|wurden) "
     r"(?=(?:in|auf|für|von|bei|mit|an|zu|so|sehr|nach|aus|\w+(?:ig|lich|bar|isch|sam|los|iv))\b)", r"\1 nicht "),
)  # fmt: skip
_ES_VERB = (
    r"(?:es|son|era|eran|fue|fueron|está|están|estaba|ha|han|había|habían|puede|pueden|podía|debe|deben|tiene|tienen|"
    r"será|serán|hay|hubo|existe|existen|permite|permiten|requiere|incluye|sería|podría|podrían)"
)
_ES = (
    (rf"\bno ((?:(?:se|lo|le|les|me|te|nos) )?{_ES_VERB})\b(?! s[oó]lo)", r"\1"),
    (r"\bnunca\b", "siempre"),
    (rf"(?<=[\w,)] )(?<!\bno )(?<!\bque no )((?:(?:se|lo|le|les|me|te|nos) ){_ES_VERB})\b", r"no \1"),
    (rf"(?<=[\w,)] )(?<!\bno )(?<!\bse )(?<!\blo )(?<!\ble )({_ES_VERB})\b", r"no \1"),
)
_FR_VERB = (
    r"(?:est|sont|était|étaient|ont|avait|avaient|peut|peuvent|pouvait|doit|doivent|devait|fut|furent|sera|seront|a|"
    r"serait|pourrait|permet|permettent|existe|existent|constitue|représente|comprend|font|fait|veut|veulent)"
)
_FR = (
    (rf"\bn['’]({_FR_VERB}) (?:pas|plus|jamais)\b", r"\1"),
    (rf"\bne ((?:(?:se|le|la|les|lui|leur) )?|s['’]|l['’])({_FR_VERB}) (?:pas|plus|jamais)\b", r"\1\2"),
    (rf"(?<=[\w,)] )(?<!\bne )(?<!\bn['’])(s['’]|se |l['’](?!est)|y )({_FR_VERB})\b(?! pas| plus| jamais)",
     r"ne \1\2 pas"),
    (r"(?<=[\w,)] )(?<!\bne )(?<!\bse )(?<!\ble )(?<!\by )"
     r"((?:est|était|étaient|ont|avait|avaient|a|existe|existent))\b(?! pas| plus| jamais|-)", r"n'\1 pas"),
    (rf"(?<=[\w,)] )(?<!\bne )(?<!\bse )(?<!\ble )({_FR_VERB})\b(?! pas| plus| jamais|-)", r"ne \1 pas"),
)  # fmt: skip
_STOP = r"(?=[。」』]*$|[。]|が、|ため|と(?:述べ|考え|主張|し))"
_JA = tuple(
    (rf"{told}{_STOP}", denied)
    for told, denied in (
        (r"(?<!かもしれ)(?<!なり)(?<!いけ)ませんでした", "ました"),
        (r"(?<!かもしれ)(?<!なり)(?<!いけ)ません", "ます"),
        (r"ではなかった", "であった"),
        (r"ていなかった", "ていた"),
        (r"でいなかった", "でいた"),
        (r"(?<=[さがはもき])れなかった", "れた"),
        (r"しなかった", "した"),
        (r"できなかった", "できた"),
        (r"(?:では|じゃ)ない", "である"),
        (r"ていない", "ている"),
        (r"でいない", "でいる"),
        (r"(?<=[さまわかえけ])れない", "れる"),
        (r"できない", "できる"),
        (r"(?<=[一-龥ァ-ヴー])しない", "する"),
        (r"(?<=[がは])ない", "ある"),
        (r"いました", "いませんでした"),
        (r"しました", "しませんでした"),
        (r"されました", "されませんでした"),
        (r"います", "いません"),
        (r"します", "しません"),
        (r"できます", "できません"),
        (r"であった", "ではなかった"),
        (r"だった", "ではなかった"),
        (r"である", "ではない"),
        (r"です", "ではありません"),
        (r"ていた", "ていなかった"),
        (r"でいた", "でいなかった"),
        (r"ている", "ていない"),
        (r"でいる", "でいない"),
        (r"(?<=[一-龥ァ-ヴー])した", "しなかった"),
        (r"(?<=[一-龥ァ-ヴー])する", "しない"),
        (r"できた", "できなかった"),
        (r"できる", "できない"),
        (r"(?<=[さまわか])れた", "れなかった"),
        (r"(?<=[さまわか])れる", "れない"),
        (r"(?<=[がはも])ある", "ない"),
        (r"(?<=[がはも])あった", "なかった"),
        (r"となった", "とならなかった"),
        (r"になる", "にならない"),
        (r"(?<=[一-龥]{2})だ", "ではない"),
        (r"ない", ""),
    )
    if denied
)
_RULES = {"en": _EN, "de": _DE, "es": _ES, "fr": _FR, "ja": _JA}


def denials(text: str, language: str) -> int:
    """Return how many words of a text deny; 0 in a language that is not known here.

    ("It is not only cheap, it does not fail.", "en") -> 1
    """
    if language not in _DENIES:
        return 0
    if language in _NOT_DENYING:
        text = re.sub(_NOT_DENYING[language], "", text)
    return len(_denying(language).findall(text))


def contrary(sentence: str, language: str, rng: random.Random) -> str | None:
    """Return a sentence with one denial put in or taken out, None where no rule reads well.

    What denies is taken out where there is one; else one goes in, at one of the places where it may.
    """
    if language not in _RULES or sentence.rstrip('"”」』)').endswith(("?", "？")):
        return None
    for pattern, instead in _compiled(language):
        places = list(pattern.finditer(sentence))
        if places:
            chosen = rng.choice(places)
            changed = sentence[: chosen.start()] + chosen.expand(instead) + sentence[chosen.end() :]
            return changed if _differs(sentence, changed, language) else None
    return None


def _differs(sentence: str, changed: str, language: str) -> bool:
    return denials(sentence, language) != denials(changed, language)


@lru_cache(maxsize=8)
def _denying(language: str) -> re.Pattern[str]:
    return re.compile(_DENIES[language], re.IGNORECASE)


@lru_cache(maxsize=8)
def _compiled(language: str) -> tuple[_Rule, ...]:
    return tuple((re.compile(pattern), instead) for pattern, instead in _RULES[language])
