"""Articles, also in several languages: summary, translation and original, headings, quotations, reported speech.

Two long stretches in different languages that match paragraph by paragraph are an original and its translation.
What the page's own language adds before them (its title, key points, a comment of its editors) is its summary.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from documents.extract import Extract
from documents.kinds.draft import Draft, begin
from documents.kinds.finish import finish
from documents.kinds.footnotes import mark_footnotes
from documents.kinds.front import mark_back, mark_front, read_front
from documents.kinds.headings import mark_headings, mark_typed_headings, rank_headings
from documents.kinds.labels import mark_labels
from documents.kinds.languages import runs
from documents.kinds.lines import bare, is_rule, visual_width
from documents.kinds.noise import is_button
from documents.kinds.parallel import Pair, align
from documents.kinds.quotations import mark_quotations
from documents.kinds.repeats import mark_quoted_lines
from documents.kinds.reports import mark_reports
from documents.sidecar import Sidecar
from schema import Block

_SHORTEST_RUN = 4  # paragraphs of a stretch in one language
_ORIGINAL = re.compile(r"\b(?:original\w*|source text|texto original)\b|原文|原著|원문|оригинал", re.IGNORECASE)
_TRANSLATION = re.compile(
    r"\b(?:translat\w+|übersetz\w+|traducc?i[oó]n|traduction|traduit\w*|traduzione|tradução|перевод)\b"
    r"|翻訳|和訳|邦訳|日本語訳|译文|翻译|譯文|번역",
    re.IGNORECASE,
)
_SUMMARY = re.compile(
    r"(?:(?:executive )?summary|abstract|tl;?\s?dr|(?:key|main) (?:points|takeaways|findings)|at a glance|in brief"
    r"|zusammenfassung|kurzfassung|auf einen blick|resumen|puntos clave|résumé|en bref|points clés|riassunto|sintesi"
    r"|resumo|аннотация|резюме|要約|要旨|概要|まとめ|キーポイント|要点|摘要|概述|总结|요약)\W*$",
    re.IGNORECASE,
)


def parse(extract: Extract, sidecar: Sidecar | None = None) -> tuple[Block, ...]:
    """Return the blocks of an article. :raises DocumentError: where a part of the sidecar is not in the text."""
    sidecar = sidecar or Sidecar()
    drafts = begin(extract, sidecar)
    mark_typed_headings(drafts)
    mark_dividers(drafts)
    mark_front(drafts)
    mark_back(drafts)
    mark_footnotes(drafts)
    mark_headings(drafts)
    mark_quoted_lines(without_noise(drafts))
    pairs = _mark_languages(drafts)
    rank_headings(drafts)
    mark_summaries(drafts)
    couples = [(drafts[original], drafts[translation]) for original, translation in pairs]
    names = mark_quotations(without_noise(drafts))
    spelled: dict[str, str] = {}
    for original, translation in couples:
        spelled |= _carry_over(original, translation)
    mark_reports(drafts, names | known_names(drafts, sidecar, extract))
    for original, translation in couples:
        own = tuple(spelled.get(name, name) for name in translation.reports)
        translation.reports = original.reports or tuple(name for name in own if name != translation.speaker)
    mark_labels(drafts)
    return finish(drafts, voice=only_author(drafts, sidecar, extract))


def without_noise(drafts: Sequence[Draft]) -> list[Draft]:
    """Return the paragraphs that are read one after the other, without buttons, rules and marks between them."""
    return [draft for draft in drafts if draft.role != "noise"]


def only_author(drafts: Sequence[Draft], sidecar: Sidecar, extract: Extract) -> str | None:
    """Return who wrote the document, where that is one person: by the sidecar, the file, or its first lines."""
    authors = sidecar.authors or extract.authors or read_front(drafts).authors
    return authors[0] if len(authors) == 1 else None


def mark_dividers(drafts: Sequence[Draft]) -> None:
    """Give lines that only divide, and buttons between paragraphs, the role of noise."""
    for draft in drafts:
        free = draft.is_prose and draft.role is None and draft.mark is None
        if free and (is_rule(draft.text) or is_button(draft.text)):
            draft.role = "noise"


def known_names(drafts: Sequence[Draft], sidecar: Sidecar, extract: Extract) -> set[str]:
    """Return the names of all who speak or write in the document, as far as it is told."""
    told = {part.speaker for part in sidecar.parts if part.speaker}
    return told | set(sidecar.authors or extract.authors) | {draft.speaker for draft in drafts if draft.speaker}


def _mark_languages(drafts: Sequence[Draft]) -> list[tuple[int, int]]:
    """Tell translation, original and summary apart; return pairs of (original, translation) as draft numbers."""
    stretches = [run for run in runs(drafts, _SHORTEST_RUN) if run[1] - run[0] >= _SHORTEST_RUN]
    if len({language for *_, language in stretches}) < 2:
        return _mark_alternating(drafts)
    (a, a_end, _), (b, b_end, _) = _two_longest(drafts, stretches)
    first = align(drafts[a:a_end], drafts[b:b_end])
    second = [Pair(p.b, p.a, p.likeness) for p in align(drafts[b:b_end], drafts[a:a_end])] if not first else []
    matched = first or second
    if not matched:
        return []
    pairs = [(pair.a + a, pair.b + b) for pair in matched]
    if _first_is_translation(drafts, a, b, pairs):
        pairs = [(y, x) for x, y in pairs]
    _role_languages(drafts, pairs, {a: a_end, b: b_end})
    return pairs


def _two_longest(drafts: Sequence[Draft], stretches: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Return the longest stretch and the longest in another language, in the order of the text."""
    by_size = sorted(stretches, key=lambda run: -sum(visual_width(d.text) for d in drafts[run[0] : run[1]]))
    other = next(run for run in by_size if run[2] != by_size[0][2])
    return sorted([by_size[0], other])


def _first_is_translation(drafts: Sequence[Draft], a: int, b: int, pairs: list[tuple[int, int]]) -> bool:
    """Tell which of two matching stretches is the translation, by the sidecar, by dividers, then by the page.

    A page is made for readers of the language it begins in: what it adds there makes the stretch its translation.
    """
    first_a, first_b = pairs[0]
    for at, other in ((first_a, first_b), (first_b, first_a)):
        if drafts[at].region_role == "translation" or drafts[other].region_role == "body":
            return at == first_a
    for at in (first_b, first_a):
        above = " ".join(draft.text for draft in drafts[max(0, at - 2) : at] if visual_width(draft.text) <= 60)
        if _ORIGINAL.search(above):
            return at == first_b
        if _TRANSLATION.search(above):
            return at == first_a
    return first_a - a >= 2  # the page has words of its own before it


def _role_languages(drafts: Sequence[Draft], pairs: list[tuple[int, int]], ends: dict[int, int]) -> None:
    translated = {y for _, y in pairs}
    start = min(translated)
    stretch = next((begin, end) for begin, end in ends.items() if begin <= start < end)
    originals = {x for x, _ in pairs}
    if start and drafts[start - 1].role == "heading" and start - 1 not in originals and start > min(originals):
        start -= 1  # the translated title above the first match
        drafts[start].language = drafts[start + 1].language
    for i in range(min(start, min(originals)), len(drafts)):
        drafts[i].stretch = 1 if (i < max(start, min(originals))) else 2
    for i in range(stretch[0], stretch[1]):
        draft = drafts[i]
        if draft.role in (None, "heading") and not draft.settled and _is_divider(draft):
            draft.role, draft.level = "metadata", None
        elif i >= start and draft.role == "heading" and not _has_body(drafts, i):
            draft.role, draft.level = None, None
        if not draft.is_prose or draft.role is not None or draft.region_role not in (None, "body"):
            continue
        if i >= start:
            draft.role = "translation"
        elif min(x for x, _ in pairs) > start or stretch[0] < start:
            draft.role = "summary"


def _is_divider(draft: Draft) -> bool:
    """Tell whether a short line says that the original or the translation follows."""
    words = draft.text
    return visual_width(words) <= 60 and bool(_ORIGINAL.search(words) or _TRANSLATION.search(words))


def _has_body(drafts: Sequence[Draft], i: int) -> bool:
    """Tell whether something that can be read stands under a heading before the stretch ends."""
    return i + 1 < len(drafts) and drafts[i + 1].role != "noise" and drafts[i + 1].language == drafts[i].language


def _mark_alternating(drafts: Sequence[Draft]) -> list[tuple[int, int]]:
    """Take a document whose paragraphs take turns in two languages: each second one translates the one before."""
    prose = [i for i, draft in enumerate(drafts) if draft.is_prose and draft.role is None]
    turns = [(x, y) for x, y in pairwise(prose) if drafts[x].language != drafts[y].language]
    if len(prose) < 6 or len(turns) < 0.7 * (len(prose) - 1):
        return []
    first = drafts[prose[0]].language
    pairs = [(x, y) for x, y in turns if drafts[x].language == first]
    for _, y in pairs:
        drafts[y].role = "translation"
    return pairs


def mark_summaries(drafts: Sequence[Draft]) -> None:
    """Give what stands under a heading such as "Summary" its role, down to the next heading of that rank."""
    level: int | None = None
    for i, draft in enumerate(drafts):
        if i and draft.whole != drafts[i - 1].whole:
            level = None
        if draft.role == "heading":
            if level is None or (draft.level or 1) <= level:
                level = (draft.level or 1) if _SUMMARY.match(bare(draft.text)) else None
        elif level is not None and draft.is_prose and draft.role is None:
            draft.role = "summary"


def _carry_over(original: Draft, translation: Draft) -> dict[str, str]:
    """Give a translated paragraph the speaker of its original, under the name that the original has.

    Return how the translation spells the name, with the name.
    """
    spelled: dict[str, str] = {}
    if original.speaker and "speaker" not in translation.told and translation.role != "heading":
        opened_itself = translation.speaker is not None and not translation.speaker_inferred
        if opened_itself and translation.speaker:
            spelled[translation.speaker] = original.speaker
        translation.speaker = original.speaker
        translation.speaker_inferred = original.speaker_inferred and not opened_itself
    elif original.role == "body" and translation.speaker_inferred and "speaker" not in translation.told:
        translation.speaker = None
    return spelled
