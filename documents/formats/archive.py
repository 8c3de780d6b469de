"""Opens the zip archives that DOCX and EPUB files are, within limits that no honest document meets."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

from lxml import etree

from errors import DocumentError

MOST_MEMBERS = 2_000
LARGEST_SUM = 200_000_000  # bytes of all members, unpacked
LARGEST_RATIO = 100  # unpacked to packed, of a member that is not small
SMALL = 1_000_000  # bytes
ENCRYPTED = 0x1  # bit of a member's flags
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError, OSError, KeyError)


class Archive:
    """A zip archive in memory. Members are read by name, never unpacked to disk."""

    def __init__(self, data: bytes) -> None:
        """Open and check. :raises DocumentError: where it is damaged, encrypted or a bomb."""
        try:
            self._zip = zipfile.ZipFile(io.BytesIO(data))
            members = self._zip.infolist()
        except BROKEN:
            raise DocumentError("damaged: the zip archive that it is cannot be opened") from None
        if len(members) > MOST_MEMBERS:
            raise DocumentError(f"refused: more than {MOST_MEMBERS:,} files inside it")
        if sum(member.file_size for member in members) > LARGEST_SUM:
            raise DocumentError(f"refused: more than {LARGEST_SUM // 1_000_000} MB when unpacked")
        for member in members:
            if member.flag_bits & ENCRYPTED:
                raise DocumentError("encrypted: give it without a password")
            if member.file_size > max(SMALL, LARGEST_RATIO * member.compress_size):
                raise DocumentError("refused: packed far too tightly, as a zip bomb is")
            if member.filename.startswith(("/", "\\")) or ".." in member.filename.replace("\\", "/").split("/"):
                raise DocumentError("refused: it holds a path that leads outside")
        self.names = {member.filename for member in members}

    def read(self, name: str) -> bytes:
        """Return a member. :raises DocumentError: where it is missing, damaged or larger than it says."""
        try:
            with self._zip.open(name) as file:
                declared = self._zip.getinfo(name).file_size
                data = file.read(declared + 1)
        except BROKEN:
            raise DocumentError("damaged: a part of it is missing or cannot be unpacked") from None
        if len(data) > declared:
            raise DocumentError("refused: it unpacks to more than it says")
        return data

    def xml(self, name: str) -> Any:
        """Return the root element of an XML member, or raise: a document needs no entities of its own.

        :raises DocumentError: where it is damaged or could be an XML bomb.
        """
        return parse_xml(self.read(name))


def parse_xml(data: bytes) -> Any:
    """Return the root element; entities are neither defined, expanded nor fetched.

    :raises DocumentError: where it is damaged or could be an XML bomb.
    """
    if b"<!ENTITY" in data or "<!ENTITY".encode("utf-16-le") in data or "<!ENTITY".encode("utf-16-be") in data:
        raise DocumentError("refused: it defines XML entities, as an XML bomb does")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=False, load_dtd=False, recover=False)
    try:
        return etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError):
        raise DocumentError("damaged: the XML inside it cannot be read") from None
