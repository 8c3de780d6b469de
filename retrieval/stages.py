"""What is going on while a question is answered, told as it happens to whoever wants to know."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

# Opening waits for an index; understanding embeds the question; finding asks the indexes; rereading is the reranker's;
# choosing picks the words to quote; writing waits for a language model. A follow-up is found and read twice, so that
# stages may come again.
Stage = Literal["opening", "understanding", "finding", "rereading", "choosing", "writing"]
Tell = Callable[[Stage], None]  # called from the thread that answers; must return at once


def silent(stage: Stage) -> None:
    """Tell nobody."""
    del stage
