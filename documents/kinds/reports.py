"""Whose words a paragraph retells in passing: "as X notes", "X argues", "according to X", 「Xは…と述べた」."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.kinds.draft import Draft
from documents.kinds.names import clean_name, fuller, is_name, short_forms
from documents.kinds.quotations import opened_by

_READ = 4_000  # characters of a paragraph
_MOST = 4  # people for one paragraph; more are a list of names
_CAPITAL = r"[A-ZÄÖÜÉÁÍÓÚÑ][\w’'.-]*"
_NAME = rf"(?P<name>{_CAPITAL}(?:\s(?:{_CAPITAL}|van|von|de|der|del|la)){{0,4}})"
_HANDLE = rf"(?P<name>(?:{_CAPITAL}|[a-z][\w’'-]*)(?:\s{_CAPITAL}){{0,3}})"
_VERB_EN = (
    r"(?:says|said|argues|argued|notes|noted|claims|claimed|predicts|predicted|pointed\sout|points\sout|writes|wrote"
    r"|thinks|thought|believes|believed|maintains|maintained|explains|explained|suggests|suggested|replied|responded"
    r"|warns|warned|reports|reported|told|adds|added|admits|admitted|insists|insisted|states|stated|observes|observed"
    r"|advocated|advocates|continued\sto|discusses|concluded|concludes|finds|found|testified|announced)"
)
_VERB_DE = (
    r"(?:sagt|sagte|meint|meinte|schreibt|schrieb|argumentiert|argumentierte|betont|betonte|behauptet|behauptete"
    r"|erklärt|erklärte|warnt|warnte|berichtet|berichtete|weist\sdarauf\shin|glaubt|glaubte)"
)
_VERB_ES = (
    r"(?:dice|dijo|afirma|afirmó|señala|señaló|escribe|escribió|sostiene|sostuvo|argumenta|argumentó|explica|explicó"
    r"|advierte|advirtió|opina|cree|declaró)"
)
_VERB_FR = r"(?:dit|affirme|écrit|explique|soutient|note|souligne|estime|avertit|a\s(?:dit|écrit|affirmé|déclaré))"
_JA = (
    r"(?P<name>[A-Za-z][A-Za-z0-9.]*(?:\s[A-Z][A-Za-z0-9.]*){0,3}|[ァ-ヺー]+(?:・[ァ-ヺー]+)*"
    r"|[一-龯々]{1,6}(?=\s?(?:氏|さん|教授|博士)))"
)
_JA_HONOUR = r"\s?(?:氏|さん|教授|博士|先生)?\s?"
_CUED: dict[str, tuple[str, ...]] = {
    "en": (
        rf"\b{_NAME}\s(?:[a-z]+ly\s)?(?:in\sparticular\s)?(?:has\s|have\s|had\s)?(?:previously\s)?{_VERB_EN}\b",
        rf"\b[Aa]s\s{_HANDLE}\s(?:{_VERB_EN}\b|puts?\s(?:it|this)\b|does[,.;])",
        rf"\b[Aa]ccording\sto\s{_NAME}",
        rf"\b(?:dis)?agreed?s?\swith\s{_HANDLE}(?=[\s,.;])",
        rf"\b{_NAME}[’']s\s(?:frame|framing|argument|claim|view|point|position|theory|description|comment|words|paper|post)"
        r"\b(?=[^.!?\n]{0,50}(?:[“\"‘]|\bsays\b|\bthat\b))",
    ),
    "de": (
        rf"\b{_NAME}\s{_VERB_DE}\b",
        rf"\b(?:[Ll]aut|[Nn]ach\sAnsicht\svon|[Nn]ach\sAngaben\svon)\s{_NAME}",
        rf"\b[Ww]ie\s{_NAME}\s{_VERB_DE}\b",
        rf"\b{_VERB_DE}\s{_NAME}(?=[,.]|\s(?:in|im|am|zu|auf)\b)",
    ),
    "es": (rf"\b{_NAME}\s{_VERB_ES}\b", rf"\b[Ss]egún\s{_NAME}", rf"\b[Cc]omo\s(?:{_VERB_ES})\s{_NAME}"),
    "fr": (rf"\b{_NAME}\s{_VERB_FR}\b", rf"\b(?:[Ss]elon|[Dd]’après|[Dd]'après)\s{_NAME}"),
    "it": (rf"\b[Ss]econdo\s{_NAME}",),
    "pt": (rf"\b[Ss]egundo\s{_NAME}", rf"\b[Dd]e\sacordo\scom\s{_NAME}"),
    "ja": (
        rf"{_JA}{_JA_HONOUR}[がはも][^。「」]{{0,60}}?(?:指摘|述べ|主張|予測|言う|言った|語[っりる]|書い|説明|解釈|伝え|報じ)",
        rf"{_JA}{_JA_HONOUR}[がはも][^。]{{0,60}}「[^」]+」[^。]{{0,16}}(?:報じ|述べ|伝え|書|語|主張|言)",
        rf"{_JA}{_JA_HONOUR}(?:によれば|によると|の言う|がおっしゃる|に(?:は)?(?:強く)?(?:同意|賛成|反対)|の意見)",
        rf"{_JA}{_JA_HONOUR}の「[^」]{{4,}}」という",
    ),
    "zh": (
        r"(?:据|根据)(?P<name>[A-Z][\w.\s]{1,30}|[一-龯]{2,8}?)(?:报道|称|所说|的说法|表示)",
        r"(?P<name>[A-Z][\w.]*(?:\s[A-Z][\w.]*){0,3}|(?<![一-龯])[一-龯]{2,4}?)(?:表示|指出|认为|認為|写道|声称|警告说|强调|说[：:，])",
    ),
}  # fmt: skip
_PATTERNS = {language: tuple(re.compile(cue) for cue in cues) for language, cues in _CUED.items()}
_NOBODY = frozenset(
    """
    i we you he she it they this that these those there who what which one someone somebody nobody everyone people many
    some others most the a an his her their my our your as if and but or so when while it’s i’m in on at for from since
    me us him them himself herself
    wie como según laut selon
    although because even both each yes no now then here still ich wir er sie es man das dies yo nosotros él ella ellos
    je nous il elle ils on ce cela also however not only just never always perhaps maybe
    """.split()
)
_SURNAME = re.compile(
    r"(?:欧阳|司马|上官|诸葛|[王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜苏魏程吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严])[一-龯]{1,2}$"
)
_KANA_WORD = re.compile(r"[ァ-ヺー]+$")
_CJK_NOBODY = re.compile(r"^(?:私|彼|我々|同社|著者|筆者|これ|それ|多く|一方|我们|他们|她们|有人|作者|本文|该公司).*")


def reported_in(text: str, language: str, known: dict[str, str]) -> tuple[str, ...]:
    """Return the people whose words a paragraph retells, in the order of the text.

    :param known: short forms of names that the document gives in full, and every name that it is known to hold.
    """
    found: dict[str, int] = {}
    for pattern in _PATTERNS.get(language, _PATTERNS["en"]):
        for match in pattern.finditer(text[:_READ]):
            name = _person(match["name"], known)
            if name is not None:
                found.setdefault(fuller(name, known), match.start("name"))
    names = sorted(found, key=lambda name: found[name])
    kept = [name for name in names if not any(name != other and name in other.split() for other in names)]
    return tuple(kept) if len(kept) <= _MOST else ()


def _person(words: str, known: dict[str, str]) -> str | None:
    """Return the name in some words that a pattern took for one; "Even Anna Berg" is Anna Berg."""
    if words.endswith(("'s", "’s")):
        return None  # "Anna's stated aim" is not what Anna stated
    tokens = clean_name(words).split()
    while tokens and tokens[0].lower() in _NOBODY:
        tokens = tokens[1:]
    name = " ".join(tokens)
    if name[:1] > "\u3000" and (person := _SURNAME.search(name)):
        name = person.group()  # "馆长王立" is 王立, the librarian
    if not name or name.lower() in _NOBODY or _CJK_NOBODY.match(name):
        return None
    if name.lower() in known:
        return name
    if name[0].islower() or (_KANA_WORD.match(name) and words.strip() == name):
        return None  # an ordinary word, as far as one can see
    return name if is_name(name, handles=True) else None


def mark_reports(drafts: Sequence[Draft], names: set[str]) -> None:
    """Note on each paragraph whose words it retells; a speaker does not report himself.

    :param names: the names that the document is known to hold, of those quoted and of its authors.
    """
    open_drafts = [
        draft
        for draft in drafts
        if draft.role not in ("noise", "metadata", "heading") and not draft.reports and "reports" not in draft.told
    ]
    known = {name.lower(): name for name in names}
    first = {name for draft in open_drafts for name in reported_in(draft.text, draft.language, known)}
    known |= short_forms(names | first)
    for draft in open_drafts:
        people = reported_in(draft.text, draft.language, known)
        opening = opened_by(draft.text)
        own = {draft.speaker, opening.speaker if opening else None}
        draft.reports = tuple(name for name in people if name not in own)
