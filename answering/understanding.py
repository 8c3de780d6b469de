"""The first call to a language model: a follow-up as a question that stands alone, and its translation.

Most questions need neither, and are found as they were typed. Nothing of a document is sent with it, so that no
document has a say in what is looked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass

from answering.calling import Calls
from answering.claims import objects
from answering.fencing import inside
from answering.languages import name_of
from answering.plain import harmless
from answering.prompts import Prompt
from errors import WriterError
from retrieval.retriever import Ranking, Retriever
from schema import UNKNOWN_LANGUAGE, ScoredPassage, Turn

_TOKENS = 400  # that may be written: two questions
_EARLIER = 4  # questions that are sent along
_LONGEST_EARLIER = 500  # characters of each
_K = 20  # passages found for each wording
# After these the second call would fail as well; after others the question is taken as it was typed.
_HOPELESS = frozenset({"unreachable", "busy", "failed", "slow", "paused", "budget"})
_SCHEMA = {
    "type": "object",
    "properties": {"question": {"type": "string"}, "translation": {"type": "string"}},
    "required": ["question", "translation"],
    "additionalProperties": False,
}


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as a model is to answer it, and the passages found for it, best first."""

    question: str
    passages: tuple[ScoredPassage, ...]


def needs_understanding(ranking: Ranking, languages: Sequence[str]) -> bool:
    """Tell whether a question was read as leaning on an earlier one, or is in a language that the corpus is not in."""
    return ranking.query.earlier is not None or _is_foreign(ranking, languages)


def understand(
    prompt: Prompt, calls: Calls, retriever: Retriever, ranking: Ranking, turns: Sequence[Turn], longest: int
) -> Asked:
    """Return the question as it stands alone, with what is found for that and for its translation as well.

    What was found before stays among the passages, so that a wrong reading adds some and takes none away.

    :param longest: characters of a question.
    :raises WriterError: where the model cannot be asked a second time either.
    """
    languages = list(retriever.index.languages())
    main = languages[0] if languages else ranking.query.language
    earlier = [f"- {_line(turn.question[:_LONGEST_EARLIER], longest)}" for turn in turns[-_EARLIER:]]
    values = {"earlier": "\n".join(earlier) or "(none)", "question": _line(ranking.query.question, longest)}
    try:
        with closing(calls.ask(prompt, _SCHEMA, _TOKENS, language=name_of(main), **values)) as pieces:
            rows = [row for row in objects(pieces) if isinstance(row.get("question"), str)]
    except WriterError as error:
        if error.fault in _HOPELESS:
            raise
        rows = []
    said = rows[0] if rows else {}
    question = _line(said.get("question"), longest) if ranking.query.earlier is not None else ""
    translation = _line(said.get("translation"), longest) if _is_foreign(ranking, languages) else ""
    further = [retriever.rank(text, (), _K) for text in dict.fromkeys((question, translation)) if text]
    return Asked(question or ranking.query.text, _best([ranking, *further]))


def _is_foreign(ranking: Ranking, languages: Sequence[str]) -> bool:
    return ranking.query.language not in {*languages, UNKNOWN_LANGUAGE}


def _line(text: object, longest: int) -> str:
    """Return a question as one line, empty where it is none or too long to be one."""
    line = " ".join(inside(harmless(text)).split()) if isinstance(text, str) else ""
    return line if len(line) <= longest else ""


def _best(rankings: Sequence[Ranking]) -> tuple[ScoredPassage, ...]:
    """Return the passages of all rankings, each once with the best score that it has anywhere, best first."""
    best: dict[int, ScoredPassage] = {}
    for found in (found for ranking in rankings for found in ranking.passages):
        if found.passage.id not in best or best[found.passage.id].score < found.score:
            best[found.passage.id] = found
    return tuple(sorted(best.values(), key=lambda found: -found.score))
