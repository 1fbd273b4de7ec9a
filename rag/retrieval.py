"""Hybrid search: lexical and vector candidates, ranked together, one hit per paragraph.

Knows scores, not answers. ``HybridRetriever`` is the same search as a LangChain retriever.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.article import Article, Passage
from index.embedding import Embedding
from index.generation import Generation
from index.lexical import ANY_TIME
from rag.answer import Hit
from rag.question import Question
from rag.scoring import Frequencies, score_passages

# Of the dev questions' gold paragraphs that are found at all, 99 % stand among the first 50.
_CANDIDATES = 50
# Below this a passage shares no word with the question, and by its vector is no nearer than chance.
_LEAST = 0.02
_CANDIDATES_IN_PERIOD = 500  # neighbours are filtered by date only after they are found


def retrieve(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best paragraphs for ``question``, best first."""
    similarities = _candidates(question, generation, embedding, k)
    found = generation.archive.passages(list(similarities)).values()
    passages = [passage for passage in found if passage.date in question.period]
    scores = _scores(question, passages, similarities, generation, embedding.weight)
    best: dict[tuple[str, int], Passage] = {}
    for passage in sorted(passages, key=lambda passage: (-scores[passage.id], passage.id)):
        if scores[passage.id] < _LEAST:
            break
        best.setdefault((passage.article_id, passage.paragraph), passage)
    chosen = list(best.values())[:k]
    articles = generation.archive.articles(list({passage.article_id for passage in chosen}))
    return tuple(_hit(p, scores[p.id], articles[p.article_id]) for p in chosen)


def _candidates(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> dict[str, float]:
    """Return passage id -> similarity of vectors, 0 for what only the words have found."""
    size = generation.lexical.count()
    count = min(max(k, _CANDIDATES), size)
    if not count:
        return {}
    matches = generation.lexical.search(question.words, count, question.period)
    wide = count if question.period == ANY_TIME else min(_CANDIDATES_IN_PERIOD, size)
    vector = embedding.embed_question(question.text)
    return {match.id: 0.0 for match in matches} | dict(generation.vectors.nearest(vector, wide))


def _scores(
    question: Question,
    passages: Sequence[Passage],
    similarities: Mapping[str, float],
    generation: Generation,
    weight: float,
) -> dict[str, float]:
    """Return passage id -> score: its share of the best score, plus weighted similarity."""
    lexical = generation.lexical
    counts = Frequencies(lexical.count(), lexical.document_frequency, lexical.subword_frequency)
    raw = score_passages(question, passages, counts)
    top = max(raw, default=0.0) or 1.0
    return {
        passage.id: score / top + weight * similarities[passage.id]
        for passage, score in zip(passages, raw, strict=True)
    }


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
