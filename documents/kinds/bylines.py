"""Lines that say who wrote a comment, or the words below, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from documents.kinds.dates import find_date
from documents.kinds.draft import Draft
from documents.kinds.lines import bare, is_sentence_end, visual_width
from documents.kinds.names import clean_name, is_name

_AGO = re.compile(
    r"\b(?:\d{1,3}|an?|one)\s?(?:s|m|h|d|w|y|mo|min|hr|secs?|mins?|hrs?|seconds?|minutes?|hours?|days?|weeks?|months?"
    r"|years?)\b(?:\s?ago)?"
    r"|\bvor\s(?:\d{1,3}|ein(?:er|em|igen)?)\s(?:Sekunden?|Minuten?|Stunden?|Tag(?:en)?|Wochen?|Monat(?:en)?"
    r"|Jahr(?:en)?)\b"
    r"|\bhace\s(?:\d{1,3}|una?)\s(?:segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?)\b"
    r"|\bil\sy\sa\s(?:\d{1,3}|une?)\s(?:minutes?|heures?|jours?|semaines?|mois|ans?)\b"
    r"|\d{1,3}\s?(?:秒|分钟?|小时|時間|天|日|週間?|周|[かヶ个]月|年)前|(?:昨天|今天|gestern|heute|yesterday|today|ayer|hoy|hier)\b",
    re.IGNORECASE,
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d{2}(?::\d{2})?\s?(?:[ap]\.?m\.?|uhr)?", re.IGNORECASE)
_COUNTS = re.compile(
    r"[-+]?\d+\s?(?:points?|votes?|likes?|karma|punkte?|puntos?|comments?|kommentare?|comentarios?|赞|点)"
    r"|[\[(]?[-–+][\])]|(?<=\s)[-+]?\d{1,5}(?=\s|$)",
    re.IGNORECASE,
)
_GLUE = re.compile(
    r"\b(?:on|at|am|um|el|a las|le|à|says|said|writes|wrote|schrieb|schreibt|sagt|escribió|dijo|dice|a écrit|posted"
    r"|commented|submitted|replied|reply|replies|parent|next|prev|root|permalink|edited|edit|report|share"
    r"|save|by|von|por|par|uhr|op|author|past|favou?rite"
    r"|antworten|responder|to|hide)\b|[|·•—–,;:()\[\]<>\u2191\u2193▲▼△▽#/-]|の投稿|さん|发表于|回复|写道",
    re.IGNORECASE,
)
_SAYS = re.compile(
    r"(?P<name>.{2,40}?)\s?(?:says|said|writes|wrote|schrieb|schreibt|sagt|escribió|dijo|dice|a écrit|写道|说)\s?[:：]$"
)
_COMMENTS = re.compile(
    r"(?:(?:\d{1,5}|no|all|top|best|the)\s)?(?:comments?|replies|responses|discussion|answers|kommentare?|antworten"
    r"|diskussion|comentarios?|respuestas|commentaires?|réponses|commenti|comentários|комментарии|コメント|返信|评论|評論|回复|댓글)"
    r"(?:\s?(?:section|thread))?\s?[(（\[]?\d{0,5}[件条]?[)）\]]?\s?[:：]?$",
    re.IGNORECASE,
)


def read_byline(text: str) -> str | None:
    """Return the name in a line that says who wrote a comment and when, None where it is no such line.

    "ada_b · 3 hours ago · reply" -> "ada_b"; "Jürgen Groß schrieb am 3. März 2024 um 10:15 Uhr:" -> "Jürgen Groß"
    """
    if visual_width(text) > 110 or "\n" in text or text.startswith(">"):
        return None
    if (match := _SAYS.match(text)) and is_name(match["name"], handles=True):
        return clean_name(match["name"])
    found = find_date(text)
    rest = text.replace(found[1], " ") if found else text
    timed = found is not None or _AGO.search(rest) is not None
    if not timed and not re.search(r"\d+\s?(?:points?|karma)", rest):
        return None
    if is_sentence_end(text) and not _AGO.search(text[-14:]):
        return None
    for pattern in (_AGO, _CLOCK, _COUNTS, _GLUE):
        rest = pattern.sub("  ", rest)
    names = [name for name in re.split(r"\s{2,}", rest.strip()) if name]
    name = names[0].strip(" .") if names else ""
    return clean_name(name) if len(names) == 1 and is_name(name, handles=True) else None


def find_bylines(drafts: Sequence[Draft]) -> dict[int, str]:
    """Return the lines that open comments, with who speaks there; a name may stand alone above its date."""
    found: dict[int, str] = {}
    for i, draft in enumerate(drafts):
        if draft.settled or draft.list_item:
            continue
        name = read_byline(draft.text)
        after = drafts[i + 1].text if i + 1 < len(drafts) else ""
        if name is not None and draft.text.rstrip().endswith((":", "：")) and after.startswith(">"):
            continue  # "Ada wrote:" above the lines that are quoted
        if name is None and is_when(after) and "\n" not in draft.text and is_name(draft.text, handles=True):
            name = clean_name(draft.text)
        if name is not None:
            found[i] = name
    return found


def is_when(text: str) -> bool:
    """Tell whether a line holds a date or a time ago and nothing else."""
    if not text or len(text) > 40:
        return False
    found = find_date(text)
    rest = text.replace(found[1], "") if found else text
    if found is None and not _AGO.search(rest):
        return False
    for pattern in (_AGO, _CLOCK, _GLUE):
        rest = pattern.sub("", rest)
    return not rest.strip(" .")


def attributed_to(text: str) -> str | None:
    """Return who is quoted by a line above marked lines: "On 4 May 2020, Jo Lund wrote:" -> "Jo Lund"."""
    return read_byline(text) if text.rstrip().endswith((":", "：")) else None


def is_comments_title(text: str) -> bool:
    """Tell whether a line stands above comments: "12 comments", "Kommentare (3)", "コメント"."""
    return len(text) <= 60 and _COMMENTS.match(bare(text)) is not None
