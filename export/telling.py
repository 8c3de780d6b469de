"""What a file tells of a quote in the page's own words: whose it is, and where and when it stands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from export.composed import left_out
from export.plain import one_line
from schema import Answer, Citation
from text.times import clock

_LONGEST = 300  # characters of a name, title or heading


def whose(citation: Citation, words: Mapping[str, str]) -> str:
    """Return whose words these are: the speaker, or the title where none is known; whether inferred; who quotes."""
    name = one_line(citation.speaker or citation.title or citation.document, _LONGEST)
    about = []
    if citation.speaker and citation.speaker_inferred:
        about.append(words["inferred"])
    if citation.quoted_by and citation.quoted_by != citation.speaker:
        about.append(words["quoted_by"].format(name=one_line(citation.quoted_by, _LONGEST)))
    return f"{name} ({'; '.join(about)})" if about else name


def facts(citation: Citation, words: Mapping[str, str]) -> Iterator[str]:
    """Yield title (unless `whose` told it), section, time, page, role and date."""
    if citation.speaker:
        yield one_line(citation.title or citation.document, _LONGEST)
    if citation.section and (heading := one_line(citation.section[-1], _LONGEST)):
        yield heading
    if citation.time:
        yield f"{clock(citation.time.start_seconds)}–{clock(citation.time.end_seconds)}"
    if citation.page is not None:
        yield words["page"].format(page=citation.page)
    yield words[f"role_{citation.role}"]
    if citation.date:
        yield one_line(citation.date, _LONGEST)


def origin(answer: Answer, words: Mapping[str, str], writer: str) -> str:
    """Return who wrote an answer and what was found of its sentences; "" where it was not written but quoted."""
    if answer.mode != "composed":
        return ""
    said = [words["export_composed"].format(name=one_line(writer, _LONGEST) or words["export_writer"])]
    if count := len(left_out(answer)):
        said.append(words["left_out_one" if count == 1 else "left_out_other"].format(count=count))
    return " ".join(said)
