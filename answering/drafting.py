"""A composed answer as it grows: each claim checked, shown where it stands, with the words that it rests on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from answering.checking import Checker, Verdict
from answering.citing import cite
from answering.claims import Claim
from answering.folding import elsewhere
from index.reader import Index
from schema import Answer, Citation, Passage, Sentence, Span
from text.sentences import QUESTION_MARKS
from text.words import is_cjk, tokens

_FEWEST_WORDS = 3  # of a sentence that says something; Chinese, Japanese and Korean count two characters as one
_PARAGRAPH = 3  # sentences after which another document begins another paragraph
_LONGEST_PARAGRAPH = 6


class Draft:
    """Sentences of a model with their verdicts, and the citations and the text of those that stand."""

    def __init__(
        self,
        index: Index,
        passages: Sequence[Passage],
        checker: Checker,
        bears: Callable[[str], bool],
        most: int,
        front: str = "",
    ) -> None:
        """Begin an answer from `passages`, of which a claim names the n-th by n.

        :param bears: tells whether a sentence has to do with the question.
        :param most: citations; what would need a further one is true, but more than a reader checks, and is left away.
        :param front: what goes before the first sentence.
        """
        self._index = index
        self._passages = passages
        self._checker = checker
        self._bears = bears
        self._most = most
        self._text = front
        self._sentences: list[Sentence] = []
        self._citations: list[Citation] = []
        self._left_away = 0
        self._paragraph: list[str] = []  # documents cited in it

    @property
    def begun(self) -> bool:
        """Tell whether any sentence was written."""
        return bool(self._sentences) or self._left_away > 0

    @property
    def shown(self) -> bool:
        """Tell whether there is a sentence to show: one that is supported, not only partly."""
        return any(sentence.support == "supported" for sentence in self._sentences)

    @property
    def stands(self) -> bool:
        """Tell whether half of what was written stands, by count, and one sentence of it is supported."""
        standing = sum(sentence.start is not None for sentence in self._sentences) + self._left_away
        return self.shown and 2 * standing >= len(self._sentences) + self._left_away

    def add(self, claim: Claim) -> None:
        """Check a claim and put it into the answer, or among the sentences that are not shown."""
        passage = self._named(claim)
        verdict = self._verdict(claim, passage) if passage else None
        if passage is None or verdict is None or verdict.support == "not" or verdict.span is None:
            score = verdict.score if verdict else 0.0
            self._sentences.append(Sentence(claim.text, None, None, (), "not", round(score, 4)))
            return
        number = self._number(passage, verdict.span)
        if number is None:
            self._left_away += 1
            return
        start = self._begin_sentence(passage.document_id)
        self._text += f"{claim.text} [{number}]"
        end = start + len(claim.text)
        self._sentences.append(Sentence(claim.text, start, end, (number,), verdict.support, round(verdict.score, 4)))

    def answer(self, quoted: Answer) -> Answer:
        """Return the answer so far, with all that the quoted one says about the question."""
        return replace(
            quoted,
            mode="composed",
            text=self._text,
            sentences=tuple(self._sentences),
            citations=tuple(self._citations),
            sources=len({citation.origin for citation in self._citations}),
        )

    def _named(self, claim: Claim) -> Passage | None:
        """Return the passage that a claim names, None where it names none or is no sentence that could be true."""
        said = sum(len(word) // 2 if is_cjk(word) else 1 for word in tokens(claim.text))
        says = said >= _FEWEST_WORDS and not claim.text.endswith(tuple(QUESTION_MARKS))
        number = claim.passage or 0
        return self._passages[number - 1] if says and 1 <= number <= len(self._passages) else None

    def _verdict(self, claim: Claim, passage: Passage) -> Verdict | None:
        """Return what the check says; None where the sentence, true or not, has nothing to do with the question."""
        if not self._bears(claim.text):
            return None
        text = self._index.document(passage.document_id).text
        verdict = self._checker.check(claim.text, text, passage, claim.quote)
        span = verdict.span
        within = span is not None and passage.start <= span.start < span.end <= passage.end
        return verdict if within else replace(verdict, span=None)

    def _number(self, passage: Passage, span: Span) -> int | None:
        """Return the number of the citation of a span, a new one where there is room for one."""
        for known in self._citations:
            if known.document == passage.document_id and known.start <= span.start and span.end <= known.end:
                return known.number
        if len(self._citations) >= self._most:
            return None
        document = self._index.document(passage.document_id)
        cited = cite(document, len(self._citations) + 1, span, passage)
        self._citations.append(replace(cited, also=elsewhere(self._index, document.id, span)))
        return cited.number

    def _begin_sentence(self, document_id: str) -> int:
        """Add what goes between two sentences, and return where the next begins."""
        full = len(self._paragraph) >= _LONGEST_PARAGRAPH
        turns = len(self._paragraph) >= _PARAGRAPH and document_id not in self._paragraph
        if full or turns:
            self._paragraph.clear()
        if self._text:
            self._text += " " if self._paragraph else "\n\n"
        self._paragraph.append(document_id)
        return len(self._text)
