"""Bytes -> text, with a warning wherever the encoding had to be guessed."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from errors import DocumentError

# Longest mark first: the UTF-16 mark is a prefix of the UTF-32 one.
BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
LEGACY = "cp932 euc_jp gb18030 big5 cp949 cp1252 cp1250 cp1251 koi8_r cp1253 cp1254 cp1255 cp1256".split()
CENTRAL_EUROPE = {"cs", "sk", "pl", "hu", "ro", "hr", "sl", "bs", "sq"}  # what cp1250 is for
BINARY_SHARE = 0.01  # share of NUL bytes above which a file without a byte order mark is no 8-bit text
CONTROL_SHARE = 0.1  # share of other control bytes above which it is none either
MULTIBYTE_PER_LOSS = 5  # whole UTF-8 sequences that outweigh a broken one; in other encodings they are rare accidents
SAMPLE = 200_000  # bytes that are looked at to guess; an encoding does not change within a file
CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b")) + b"\x7f"


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text without its byte order mark, line ends and control characters as they were."""

    text: str
    encoding: str
    warnings: tuple[str, ...] = ()


def decode(data: bytes, declared: str | None = None) -> Decoded:
    """Decode a file. `declared` is what the file says of itself, tried after UTF-8.

    :raises DocumentError: where it is no text.
    """
    for mark, encoding in BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return _forgiving(data[len(mark) :], encoding)
    if b"\x1b$" in data[:SAMPLE] and (text := _strict(data, "iso2022_jp")) is not None:
        return Decoded(text, "iso2022_jp", (_guessed("iso2022_jp"),))
    if (wide := _wide(data[:SAMPLE])) and (text := _strict(data, wide)) is not None:
        return Decoded(text, wide, (_guessed(wide),))
    if _is_binary(data[:SAMPLE]):
        raise DocumentError("binary data, not text")
    if (text := _strict(data, "utf-8")) is not None:
        return Decoded(text, "utf-8")
    if declared and (text := _strict(data, declared)) is not None:
        return Decoded(text, declared)
    return _guess(data)


def _strict(data: bytes, encoding: str) -> str | None:
    """Decode, or None where the bytes do not fit or there is no such encoding of text."""
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _forgiving(data: bytes, encoding: str) -> Decoded:
    """Decode what names its encoding; what is broken in it becomes U+FFFD, and the reader is told."""
    text = _strict(data, encoding)
    if text is not None:
        return Decoded(text, encoding)
    text = data.decode(encoding, errors="replace")
    return Decoded(text, encoding, (_lossy(encoding, text.count("\ufffd")),))


def _wide(sample: bytes) -> str | None:
    """Recognise UTF-16 or UTF-32 without a mark: Latin text has its NUL bytes on one side."""
    if len(sample) < 4 or sample.count(0) < len(sample) * BINARY_SHARE:
        return None
    quarter = len(sample) // 4
    zeros = [sample[i::4].count(0) / quarter for i in range(4)]
    if min(zeros[1:]) > 0.9 and zeros[0] < 0.1:
        return "utf-32-le"
    if min(zeros[:3]) > 0.9 and zeros[3] < 0.1:
        return "utf-32-be"
    even, odd = (zeros[0] + zeros[2]) / 2, (zeros[1] + zeros[3]) / 2
    if max(even, odd) < 0.5 or min(even, odd) > 0.02:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _is_binary(sample: bytes) -> bool:
    controls = len(sample) - len(sample.translate(None, CONTROLS))
    return sample.count(0) > len(sample) * BINARY_SHARE or controls > len(sample) * CONTROL_SHARE


def _guess(data: bytes) -> Decoded:
    """Guess: UTF-8 with some damage, what charset-normalizer thinks, or cp1252 with losses."""
    from charset_normalizer import from_bytes

    damaged = data.decode("utf-8", errors="replace")
    lost = damaged.count("\ufffd")
    if lost * MULTIBYTE_PER_LOSS < sum(character > "\x7f" for character in damaged[:SAMPLE]) - lost:
        return Decoded(damaged, "utf-8", (_lossy("utf-8", lost),))
    for match in from_bytes(data[:SAMPLE], cp_isolation=LEGACY):
        encoding = _western_or_central(data) if match.encoding == "cp1250" else match.encoding
        if (text := _strict(data, encoding)) is not None:
            return Decoded(text, encoding, (_guessed(encoding),))
    text = data.decode("cp1252", errors="replace")
    lost = text.count("\ufffd")
    if lost > len(text) * BINARY_SHARE:
        raise DocumentError("its encoding cannot be told: save it as UTF-8")
    return Decoded(text, "cp1252", (_lossy("cp1252", lost),))


def _western_or_central(data: bytes) -> str:
    """Tell cp1252 from cp1250, which differ in a few letters only, by the language that comes out."""
    from text.language import detect

    central = data[:SAMPLE].decode("cp1250", errors="replace")
    return "cp1250" if detect(central) in CENTRAL_EUROPE or _strict(data, "cp1252") is None else "cp1252"


def _guessed(encoding: str) -> str:
    return f"decoded as {encoding}, which is a guess: save it as UTF-8 if characters look wrong"


def _lossy(encoding: str, lost: int) -> str:
    return f"decoded as {encoding}, in which {lost} characters could not be read"
