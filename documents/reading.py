"""One file -> Document: its format's reader, its sidecar, and what both tell together."""

from __future__ import annotations

import hashlib

from documents.discover import FoundFile
from documents.formats.registry import extract, read_bytes
from documents.sidecar import SUFFIX, Sidecar, read_sidecar
from schema import Document
from settings import Settings


def read_file(file: FoundFile, settings: Settings) -> Document:
    """Read and understand one file.

    :raises DocumentError: with the reason, in words for the person whose file it is.
    """
    from documents.understand import understand  # late: the parent of the workers needs none of it

    digest = hashlib.sha256(read_bytes(file.path, settings)).hexdigest()
    sidecar = (
        read_sidecar(file.sidecar.with_name(file.sidecar.name.removesuffix(SUFFIX))) if file.sidecar else Sidecar()
    )
    return understand(file.id, extract(file.path, settings), digest, sidecar)
