"""Text -> numbers of the bundled model's vocabulary, as SentencePiece would cut it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

from models.e5_file import bundled

BEGIN, PAD, END = 0, 1, 2


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    file = bundled()
    vocabulary = [(piece, float(score)) for piece, score in zip(file.pieces, file.scores, strict=True)]
    tokenizer = Tokenizer(models.Unigram(vocabulary, unk_id=file.unknown, byte_fallback=False))
    blanks = normalizers.Replace(Regex(r"\s+"), " ")
    tokenizer.normalizer = normalizers.Sequence([normalizers.NFKC(), blanks, normalizers.Strip()])
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    return tokenizer


def pieces(texts: Sequence[str]) -> list[list[int]]:
    """Return the numbers of the pieces of each text, without marks of begin and end."""
    readable = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
    return [encoding.ids for encoding in _tokenizer().encode_batch(readable, add_special_tokens=False)]
