"""Hybrid search: lexical and vector candidates, ranked together, one hit per paragraph.

Knows scores, not answers. ``HybridRetriever`` is the same search as a LangChain retriever.
"""

from __future__ import annotations

import datetime
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever

from index.article import Article, Passage
from index.embedding import Embedding
from index.errors import ModelError
from index.generation import Generation
from index.lexical import ANY_TIME
from index.vectors import Neighbour
from rag.answer import Hit
from rag.candidates import find_candidates
from rag.question import Question
from rag.rarity import Rarity
from rag.scoring import Scorer

logger = logging.getLogger(__name__)

# More find no more: with 50 from words and vectors each instead of 30 and 5, five articles instead
# of three, and five paragraphs around what was found instead of three, the gold paragraph is first
# for 79 % (Wikinews by hand) and 93 % (XQuAD-de) instead of 81 and 93 %, in twice the time.
_CANDIDATES = 30
_VECTORS, _VECTORS_OF_A_MODEL = 5, 50
READ = 3  # so many of the best articles are read further, and so many paragraphs by sentence
_NEAR = 3  # paragraphs; most of a news article, little of a book
# How much the merit of a passage's best sentence adds to its score. Gold paragraph first, Wikinews
# by hand / samples / XQuAD-de: .74 / .75 / .930 with 0, .79 / .77 / .936 with this, .76 / .77 /
# .928 with .16.
_MERIT = 0.05
_AS_GOOD = 0.8  # of the best score: where several reports of one story lie
# Below this a passage shares no word with the question, and by its vector is no nearer than chance.
_LEAST = 0.02
_CANDIDATES_IN_PERIOD = 500  # neighbours are filtered by date only after they are found


def retrieve(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> tuple[Hit, ...]:
    """Return the ``k`` best paragraphs for ``question``, best first."""
    similarities = _candidates(question, generation, embedding, k)
    found = generation.archive.passages(list(similarities)).values()
    passages = [passage for passage in found if passage.date in question.time.within]
    scorer = Scorer(question, rarity_in(generation))
    rank = partial(_rank, scorer, similarities, embedding.weight)
    scores = rank(_with_siblings(rank(passages), generation))
    best: dict[tuple[str, int], Passage] = {}
    for passage, score in scores.items():
        if score >= _LEAST:
            best.setdefault((passage.article_id, passage.paragraph), passage)
    chosen = list(best.values())[:k]
    articles = generation.archive.articles(list({passage.article_id for passage in chosen}))
    hits = [_hit(passage, scores[passage], articles[passage.article_id]) for passage in chosen]
    ranked = by_best_sentence(question, hits)
    return _newest_first(ranked) if question.time.newest and ranked else ranked


def by_best_sentence(question: Question, hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits again, the first of them in the light of the best sentence each has."""
    merits: dict[Hit, float] = {}
    for candidate in find_candidates(question, hits[:READ]):
        merits[candidate.hit] = max(candidate.merit, merits.get(candidate.hit, 0.0))
    scores = {hit: hit.score + _MERIT * merits.get(hit, 0.0) for hit in hits}
    top = max(scores.values(), default=1.0)
    better = [replace(hit, score=round(score / top, 4)) for hit, score in scores.items()]
    return tuple(sorted(better, key=lambda hit: -hit.score))


def _newest_first(hits: Sequence[Hit]) -> tuple[Hit, ...]:
    """Return the hits again, of those that are nearly as good as the best the latest first."""
    good = [hit for hit in hits if hit.score >= _AS_GOOD * hits[0].score]
    good.sort(key=lambda hit: hit.date or datetime.date.min, reverse=True)
    best = [replace(hit, score=hits[0].score) for hit in good]
    return (*best, *hits[len(good) :])


def _candidates(
    question: Question, generation: Generation, embedding: Embedding, k: int
) -> dict[str, float]:
    """Return passage id -> similarity of vectors, 0 for what only the words have found."""
    size = generation.lexical.count()
    count = min(max(k, _CANDIDATES), size)
    if not count:
        return {}
    within = question.time.within
    matches = generation.lexical.search(question.words, count, within, question.related)
    vectors = max(_VECTORS, round(embedding.weight * _VECTORS_OF_A_MODEL))
    wide = min(vectors if within == ANY_TIME else _CANDIDATES_IN_PERIOD, size)
    neighbours = _nearest(question, generation, embedding, wide)
    return {match.id: 0.0 for match in matches} | dict(neighbours)


def _nearest(
    question: Question, generation: Generation, embedding: Embedding, count: int
) -> Sequence[Neighbour]:
    """Return the passages nearest to ``question``; none while a provider's server fails.

    The words then search alone: an answer that may miss something is better than none.
    """
    try:
        vector = embedding.embed_question(question.wording, generation.manifest.dimension)
    except ModelError as error:
        logger.warning("searching by words alone: %s", error)
        return []
    return generation.vectors.nearest(vector, count)


def _with_siblings(ranked: Iterable[Passage], generation: Generation) -> list[Passage]:
    """Add what stands near in the best articles: what is asked may stand beside what was found."""
    found = list(ranked)
    places: defaultdict[str, list[int]] = defaultdict(list)
    for passage in found:
        places[passage.article_id].append(passage.paragraph)
    siblings = (
        passage
        for passage in generation.archive.passages_of(list(places)[:READ])
        if any(abs(passage.paragraph - place) <= _NEAR for place in places[passage.article_id])
    )
    return list({passage.id: passage for passage in [*found, *siblings]}.values())


def _rank(
    scorer: Scorer, similarities: Mapping[str, float], weight: float, passages: Sequence[Passage]
) -> dict[Passage, float]:
    """Return passage -> score, best first: its share of the best, plus weighted similarity."""
    raw = scorer.scores(passages)
    top = max(raw, default=0.0) or 1.0
    scores = {
        passage: score / top + weight * similarities.get(passage.id, 0.0)
        for passage, score in zip(passages, raw, strict=True)
    }
    return dict(sorted(scores.items(), key=lambda pair: (-pair[1], pair[0].id)))


def rarity_in(generation: Generation) -> Rarity:
    """Return how rare words are in the archive of ``generation``."""
    lexical = generation.lexical
    return Rarity(lexical.count(), lexical.stem_frequency, lexical.subword_frequency)


def _hit(passage: Passage, score: float, article: Article) -> Hit:
    return Hit(
        article_id=passage.article_id,
        paragraph=passage.paragraph,
        start=passage.start,
        end=passage.end,
        text=passage.text,
        score=score,
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
