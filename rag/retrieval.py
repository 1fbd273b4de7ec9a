"""Hybrid search: lexical and vector candidates, fused by passage id, one hit per paragraph.

Knows scores, not answers. ``HybridRetriever`` is the same search as a LangChain retriever.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.article import Article, Passage
from index.embedding import Embedding
from index.generation import Generation
from index.lexical import ANY_TIME
from rag.answer import Hit
from rag.question import Question

# Of the dev questions' gold paragraphs that are found at all, 99 % stand among the first 50.
_CANDIDATES = 50
_CANDIDATES_IN_PERIOD = 500  # neighbours are filtered by date only after they are found


def retrieve(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best paragraphs for ``question``, best first."""
    count = min(max(k, _CANDIDATES), generation.lexical.count())
    scores = _fused(question, generation, embedding, count) if count else {}
    passages = generation.archive.passages(list(scores))
    best: dict[tuple[str, int], Passage] = {}
    for id_ in sorted(scores, key=scores.__getitem__, reverse=True):
        passage = passages[id_]
        if passage.date in question.period:
            best.setdefault((passage.article_id, passage.paragraph), passage)
    chosen = list(best.values())[:k]
    articles = generation.archive.articles(list({passage.article_id for passage in chosen}))
    return tuple(_hit(p, scores[p.id], articles[p.article_id]) for p in chosen)


def _fused(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> dict[str, float]:
    """Return passage id -> score: the share of the best lexical score, plus weighted similarity."""
    matches = generation.lexical.search(question.words, k, question.period)
    scores = {match.id: match.score / matches[0].score for match in matches}
    wide = k if question.period == ANY_TIME else _CANDIDATES_IN_PERIOD
    vector = embedding.embed_question(question.text)
    for neighbour in generation.vectors.nearest(vector, min(wide, generation.vectors.count())):
        share = embedding.weight * neighbour.similarity
        scores[neighbour.id] = scores.get(neighbour.id, 0.0) + share
    return scores


def _hit(passage: Passage, score: float, article: Article) -> Hit:
    return Hit(
        article_id=passage.article_id,
        paragraph=passage.paragraph,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=round(score, 4),
        title=article.title,
        date=article.date,
        source=article.source,
        url=article.url,
        context=passage.context,
        language=article.language,
    )


class HybridRetriever(BaseRetriever):
    """The search as a LangChain retriever: documents with the hit's fields as metadata."""

    search: Callable[[str, int], Sequence[Hit]]
    k: int = 10

    def _get_relevant_documents(
        self, query: str, *, run_manager: CallbackManagerForRetrieverRun
    ) -> list[Document]:
        return [as_document(hit) for hit in self.search(query, self.k)]


def as_document(hit: Hit) -> Document:
    """Return the hit as a LangChain document; ``id`` is the paragraph's address."""
    metadata = hit.to_dict()
    return Document(metadata.pop("text"), id=f"{hit.article_id}#{hit.paragraph}", metadata=metadata)
