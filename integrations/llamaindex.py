"""Sidenote as parts of a LlamaIndex program: an embedding, a retriever and a query engine.

    engine = SidenoteQueryEngine(answerer=answering.answerer.load(Settings.from_env()))
    response = engine.query("Why was the policy changed?")

Every node's text is the stored text of its document between `start_char_idx` and `end_char_idx`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.base_retriever import BaseRetriever
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.base.response.schema import Response
from llama_index.core.query_engine import CustomQueryEngine
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode
from pydantic import ConfigDict, PrivateAttr

from answering.answerer import Answerer
from models.embedding import Embedding
from retrieval.retriever import Retriever
from schema import Citation, ScoredPassage


class SidenoteEmbedding(BaseEmbedding):
    """Our embedding model as LlamaIndex's interface."""

    _embedding: Embedding = PrivateAttr()

    def __init__(self, embedding: Embedding, **kwargs: Any) -> None:
        super().__init__(model_name=embedding.name, **kwargs)
        self._embedding = embedding

    def _get_query_embedding(self, query: str) -> list[float]:
        return [float(value) for value in self._embedding.question(query)]

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        return [[float(value) for value in row] for row in self._embedding.passages(texts)]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return await asyncio.to_thread(self._get_query_embedding, query)


class SidenoteRetriever(BaseRetriever):
    """Ranks the passages of one open index."""

    def __init__(self, retriever: Retriever, similarity_top_k: int = 10) -> None:
        super().__init__()
        self._retriever = retriever
        self._top_k = similarity_top_k

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        found = self._retriever.retrieve(query_bundle.query_str, k=self._top_k)
        return [self._node(row) for row in found]

    def _node(self, found: ScoredPassage) -> NodeWithScore:
        passage = found.passage
        document = self._retriever.index.document(passage.document_id)
        node = TextNode(
            id_=f"{passage.document_id}#{passage.start}-{passage.end}",
            text=document.text[passage.start : passage.end],
            start_char_idx=passage.start,
            end_char_idx=passage.end,
            metadata={
                "document": document.id,
                "title": document.title,
                "section": " › ".join(passage.section),
                "speaker": passage.speaker,
                "language": passage.language,
            },
        )
        return NodeWithScore(node=node, score=found.score)


class SidenoteQueryEngine(CustomQueryEngine):
    """Answers with verbatim quotes; the response's metadata is the answer as JSON (docs/answer-format.md)."""

    model_config = ConfigDict(arbitrary_types_allowed=True)
    answerer: Answerer

    def custom_query(self, query_str: str) -> Response:
        """Return the answer to a question with its quotes as source nodes."""
        answer = self.answerer.answer(query_str)
        return Response(answer.text, source_nodes=_nodes(answer.citations), metadata=answer.to_json())


def _nodes(citations: Sequence[Citation]) -> list[NodeWithScore]:
    return [
        NodeWithScore(
            node=TextNode(
                id_=f"{citation.document}#{citation.start}-{citation.end}",
                text=citation.quote,
                start_char_idx=citation.start,
                end_char_idx=citation.end,
                metadata=citation.to_json(),
            )
        )
        for citation in citations
    ]
