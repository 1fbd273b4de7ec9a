"""The systems compared, one class each: ours, and the peers as their own pages set them up.

Each makes ready what is not to be timed when it is created, indexes a file of articles, and names
the ten best paragraphs for a question. Knows nothing of clocks, questions or figures. Only
LlamaIndex is told that the text is German; the others have no such choice but tantivy, which takes
it in the name of its tokeniser.
"""

from __future__ import annotations

import os
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import bare_upsert
import material

import rag
from index import embedding
from index.store import Store
from index.sync import synchronise

BEST = 10


class Unavailable(Exception):
    """A system cannot run here; the message says why."""


class System(Protocol):
    """What every system can do."""

    def index(self, articles: Path, folder: Path) -> None:
        """Index a file of articles; what has to be on disk goes into ``folder``."""

    def search(self, question: str) -> list[str]:
        """Return the addresses of the best paragraphs, best first."""


class Beleg:
    """This project, as it comes out of the box."""

    def __init__(self) -> None:
        for heavy in ("chromadb", "index.building"):  # the peers' imports are not timed either
            import_module(heavy)

    def index(self, articles: Path, folder: Path) -> None:
        synchronise(Store(folder), [articles], "subword")
        self._assistant = rag.open(folder)

    def search(self, question: str) -> list[str]:
        hits = self._assistant.search(question, k=BEST)
        return [f"{hit.article_id}#{hit.paragraph}" for hit in hits]


class Tantivy:
    """tantivy alone, with its German tokeniser: stemmed BM25."""

    def __init__(self) -> None:
        self._tantivy = import_module("tantivy")

    def index(self, articles: Path, folder: Path) -> None:
        builder = self._tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw")
        builder.add_text_field("text", tokenizer_name="de_stem")
        folder.mkdir()
        self._index = self._tantivy.Index(builder.build(), path=str(folder))
        writer = self._index.writer()
        for passage in material.passages(articles):
            writer.add_document(self._tantivy.Document(id=passage.id, text=passage.text))
        writer.commit()
        writer.wait_merging_threads()
        self._index.reload()
        self._searcher = self._index.searcher()

    def search(self, question: str) -> list[str]:
        query, _ = self._index.parse_query_lenient(question, ["text"])
        hits = self._searcher.search(query, BEST).hits
        return [self._searcher.doc(place)["id"][0] for _, place in hits]


class ChromaWithOurVectors:
    """Chroma over the vectors of our built-in embedding, and nothing else."""

    def __init__(self) -> None:
        self._chromadb = import_module("chromadb")
        self._embedding = embedding.load("subword")

    def index(self, articles: Path, folder: Path) -> None:
        client = self._chromadb.PersistentClient(str(folder))
        self._collection = client.create_collection(
            "passages", embedding_function=None, configuration={"hnsw": {"space": "cosine"}}
        )
        passages = material.passages(articles)
        for start in range(0, len(passages), bare_upsert.BATCH):
            some = passages[start : start + bare_upsert.BATCH]
            vectors = self._embedding.embed([passage.text for passage in some])
            self._collection.upsert(ids=[passage.id for passage in some], embeddings=vectors)

    def search(self, question: str) -> list[str]:
        vector = self._embedding.embed_question(question)
        found: list[list[str]] = self._collection.query(vector[None], n_results=BEST)["ids"]
        return found[0]


class ChromaStock:
    """Chroma with the embedder it takes when none is named (all-MiniLM-L6-v2, ONNX)."""

    def __init__(self) -> None:
        self._chromadb = import_module("chromadb")
        functions: Any = import_module("chromadb.utils.embedding_functions")
        try:
            functions.DefaultEmbeddingFunction()(["Beleg"])
        except Exception as error:  # without the model it raises whatever its download ran into
            raise Unavailable("not available here: needs a download") from error

    def index(self, articles: Path, folder: Path) -> None:
        self._collection = self._chromadb.PersistentClient(str(folder)).create_collection("stock")
        passages = material.passages(articles)
        for start in range(0, len(passages), bare_upsert.BATCH):
            some = passages[start : start + bare_upsert.BATCH]
            self._collection.upsert(ids=[p.id for p in some], documents=[p.text for p in some])

    def search(self, question: str) -> list[str]:
        found: list[list[str]] = self._collection.query(query_texts=[question], n_results=BEST)[
            "ids"
        ]
        return found[0]


class LangChain:
    """LangChain's ``BM25Retriever`` with its stock tokeniser, which splits at white space."""

    def __init__(self) -> None:
        import_module("rank_bm25")
        self._retriever_class = import_module("langchain_community.retrievers").BM25Retriever
        self._document_class = import_module("langchain_core.documents").Document

    def index(self, articles: Path, folder: Path) -> None:
        documents = [
            self._document_class(id=passage.id, page_content=passage.text)
            for passage in material.passages(articles)
        ]
        self._retriever = self._retriever_class.from_documents(documents, k=BEST)

    def search(self, question: str) -> list[str]:
        return [document.id for document in self._retriever.invoke(question)]


class Haystack:
    """Haystack's ``InMemoryBM25Retriever`` over its stock document store."""

    def __init__(self) -> None:
        os.environ["HAYSTACK_TELEMETRY_ENABLED"] = "False"
        self._document_class = import_module("haystack").Document
        self._store_class = import_module("haystack.document_stores.in_memory")
        self._retrievers = import_module("haystack.components.retrievers.in_memory")

    def index(self, articles: Path, folder: Path) -> None:
        store = self._store_class.InMemoryDocumentStore()
        store.write_documents(
            [
                self._document_class(id=passage.id, content=passage.text)
                for passage in material.passages(articles)
            ]
        )
        self._retriever = self._retrievers.InMemoryBM25Retriever(store, top_k=BEST)

    def search(self, question: str) -> list[str]:
        return [document.id for document in self._retriever.run(query=question)["documents"]]


class LlamaIndex:
    """LlamaIndex's ``BM25Retriever`` with the German stemmer and German stopwords."""

    def __init__(self) -> None:
        self._retriever_class = import_module("llama_index.retrievers.bm25").BM25Retriever
        self._node_class = import_module("llama_index.core.schema").TextNode
        self._stemmer = import_module("Stemmer").Stemmer("german")

    def index(self, articles: Path, folder: Path) -> None:
        nodes = [
            self._node_class(id_=passage.id, text=passage.text)
            for passage in material.passages(articles)
        ]
        self._retriever = self._retriever_class.from_defaults(
            nodes=nodes, similarity_top_k=BEST, stemmer=self._stemmer, language="de"
        )

    def search(self, question: str) -> list[str]:
        return [found.node.node_id for found in self._retriever.retrieve(question)]


SYSTEMS: dict[str, type[System]] = {
    "Beleg": Beleg,
    "tantivy, de_stem": Tantivy,
    "Chroma, our vectors": ChromaWithOurVectors,
    "Chroma, stock": ChromaStock,
    "LangChain BM25": LangChain,
    "Haystack BM25": Haystack,
    "LlamaIndex BM25, German": LlamaIndex,
}
