"""An extracted text and its sidecar -> a Document: kind, blocks, languages, title, authors, date."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import PurePosixPath

from documents.extract import Extract
from documents.kinds import article, discussion, transcript
from documents.kinds import text as plain
from documents.kinds.detect import detect_kind
from documents.kinds.draft import Draft, begin
from documents.kinds.front import Front, read_front
from documents.sidecar import Sidecar
from schema import UNKNOWN_LANGUAGE, Block, Document, Kind

Parser = Callable[[Extract, Sidecar], tuple[Block, ...]]

PARSERS: Mapping[Kind, Parser] = {
    "discussion": discussion.parse,
    "article": article.parse,
    "transcript": transcript.parse,
    "text": plain.parse,
}
_FRONT = 16  # blocks in which title, authors and date may stand
_SAMPLE = 500_000  # characters by which the kind is told
_LEAST_SHARE = 0.02  # of the characters that a language must have to count as one of the document's


def understand(document_id: str, extract: Extract, sha256: str, sidecar: Sidecar) -> Document:
    """Return the document with its blocks; what the sidecar says wins over the file, the file over its words.

    :param document_id: path below the corpus folder, with forward slashes.
    :param sha256: of the file's bytes.
    :raises DocumentError: where a part of the sidecar is not in the text.
    """
    kind = sidecar.kind or extract.kind or _kind(extract, sidecar)
    blocks = PARSERS[kind](extract, sidecar)
    front = _front(extract.text, blocks)
    return Document(
        id=document_id,
        text=extract.text,
        sha256=sha256,
        title=sidecar.title or extract.title or front.title or PurePosixPath(document_id).stem,
        kind=kind,
        blocks=blocks,
        authors=sidecar.authors or extract.authors or front.authors,
        date=sidecar.date or extract.date or front.date,
        languages=_languages(blocks, sidecar.language or extract.language),
        link=sidecar.link or extract.link,
        origin=sidecar.origin or document_id,
        format=extract.format,
        warnings=extract.warnings,
    )


def _kind(extract: Extract, sidecar: Sidecar) -> Kind:
    """Tell the kind from the beginning of the text."""
    marks = tuple(mark for mark in extract.marks if mark.end <= _SAMPLE)
    sample = replace(extract, text=extract.text[:_SAMPLE], marks=marks)
    return detect_kind(sample, begin(sample, replace(sidecar, parts=())))


def _front(text: str, blocks: tuple[Block, ...]) -> Front:
    """Read what the first lines say, with the roles that the parser gave them."""
    return read_front(
        [
            Draft(block.start, block.end, text[block.start : block.end], role=block.role, level=block.level)
            for block in blocks[:_FRONT]
        ]
    )


def _languages(blocks: tuple[Block, ...], stated: str | None) -> tuple[str, ...]:
    """Return the languages of the text, the commonest first."""
    sizes: Counter[str] = Counter()
    for block in blocks:
        if block.role != "noise" and block.language != UNKNOWN_LANGUAGE:
            sizes[block.language] += block.end - block.start
    whole = sum(sizes.values())
    found = tuple(language for language, size in sizes.most_common() if size >= _LEAST_SHARE * whole)
    return found or ((stated,) if stated else ())
