"""Plain text: the stored text is the file itself."""

from __future__ import annotations

from documents.extract import Extract
from documents.formats.encoding import decode


def read(data: bytes) -> Extract:
    """Read a text in any encoding. Line ends and control characters stay as they are.

    :raises DocumentError: where it is no text.
    """
    decoded = decode(data)
    return Extract(decoded.text, "plain", warnings=decoded.warnings)
