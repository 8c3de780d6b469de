"""One page on which each miss can be read beside its evidence. Nothing in it comes from elsewhere."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import Any

from evaluation.scoring import CITATIONS_READ, Json, Judgement, carries

_STYLE = """
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; } td, th { padding: .1rem .8rem .1rem 0; text-align: left; }
article { border-top: 1px solid #8886; padding: 1rem 0; } h2 { font-size: 1.05rem; margin: 0; }
blockquote { margin: .4rem 0; padding-left: .8rem; border-left: .3rem solid #8888; overflow-wrap: anywhere; }
.bears { border-color: #2a9d5c; } .wanted { border-color: #3b82c4; } small { opacity: .75; }
"""


def page(
    items: Sequence[Json], answers: Mapping[str, Json], judgements: Sequence[Judgement], figures: Mapping[str, float]
) -> str:
    """Return the page: figures, then the misses, then what was right, folded away."""
    judged = list(zip(items, judgements, strict=True))
    missed = [_article(item, answers.get(item["id"]), judgement) for item, judgement in judged if judgement.result < 1]
    right = [_article(item, answers.get(item["id"]), judgement) for item, judgement in judged if judgement.result >= 1]
    table = "".join(f"<tr><td>{escape(name)}</td><td>{value:.3f}</td></tr>" for name, value in figures.items())
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{len(missed)} of {len(items)} missed</title>'
        f"<style>{_STYLE}</style><h1>{len(missed)} of {len(items)} questions missed</h1>"
        f"<details><summary>Figures</summary><table>{table}</table></details>{''.join(missed)}"
        f"<details><summary>{len(right)} right</summary>{''.join(right)}</details></html>\n"
    )


def _article(item: Json, answer: Json | None, judgement: Judgement) -> str:
    history = "".join(f"<small>{escape(question)} ▸ </small>" for question in item.get("history", ()))
    expected = item.get("expected", "answer" if item["answerable"] else "abstain")
    head = f"{escape(item['id'])} · {escape(item['type'])} · {judgement.result:.2f} · expected: {escape(expected)}"
    return (
        f"<article><small>{head}</small><h2>{history}{escape(item['question'])}</h2>"
        f"{''.join(_wanted(item))}{_shown(item, answer)}</article>"
    )


def _wanted(item: Json) -> Iterable[str]:
    for row in item["evidence"]:
        place, quote = escape(row["doc"]), escape(row["quote"])
        yield f'<blockquote class="wanted"><small>wanted, {place}</small><br>{quote}</blockquote>'


def _shown(item: Json, answer: Json | None) -> str:
    if answer is None:
        return "<p>No answer.</p>"
    cited: list[dict[str, Any]] = answer.get("citations") or answer.get("nearest") or []
    quotes = "".join(_quote(item, row) for row in cited[:CITATIONS_READ])
    return ("<p><b>Abstained.</b> Nearest:</p>" if answer.get("abstained") else "") + quotes


def _quote(item: Json, citation: Json) -> str:
    wanted = [quote["quote"] for row in item["evidence"] for quote in (row, *row.get("alts", ()))]
    bears = any(carries(citation["quote"], quote) for quote in wanted)
    place = ", ".join(str(part) for part in (citation["document"], citation.get("speaker")) if part)
    kind = ' class="bears"' if bears else ""
    return f"<blockquote{kind}><small>{escape(place)}</small><br>{escape(citation['quote'])}</blockquote>"
