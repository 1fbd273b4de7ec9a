"""Golden questions, records and tables with only what a test is about."""

import json
from pathlib import Path

import numpy as np

import rag.evaluation
from rag.evaluation.golden import GoldenQuestion
from rag.evaluation.record import Cited, Record
from rag.evaluation.table import Table

SAMPLES = Path(rag.evaluation.__file__).parent / "golden_samples.jsonl"
ARTICLE = {"article_id": "a", "paragraph": 1}


def line(id="q", **fields):
    """Return one line of a golden file as a dictionary."""
    known = {"question": "Wer?", "answerable": True, "evidence": [ARTICLE]}
    return {"id": id, **known, **fields}


def unanswerable(id="q", **fields):
    return line(id, **{"answerable": False, "evidence": [], **fields})


def question(id="q", **fields):
    return GoldenQuestion.model_validate(line(id, **fields))


def nothing_to_find(id="q", **fields):
    return GoldenQuestion.model_validate(unanswerable(id, **fields))


def write(path, *lines):
    """Write a golden file of dictionaries, or of lines as they are."""
    texts = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in lines]
    path.write_text("\n".join(texts) + "\n", encoding="utf-8")
    return path


def cited(number, text, quote=None, article_id="a", paragraph=1):
    """Return a citation of ``quote``, or of the whole ``text``."""
    quote = text if quote is None else quote
    start = text.index(quote)
    return Cited(number, article_id, paragraph, quote, start, start + len(quote), text)


def answered(*sentences, id="q", citations=(), **fields):
    """Return the record of an answer; each sentence is its text and the numbers it cites."""
    text = " ".join(said for said, _ in sentences)
    fields = {"status": "answered", "answer": text, "confidence": 0.9, **fields}
    return Record(id=id, sentences=tuple(sentences), citations=tuple(citations), **fields)


def abstained(id="q", **fields):
    return Record(id=id, **{"status": "not_in_corpus", "answer": "Nichts.", **fields})


def failed(id="q", error="question is too long"):
    return Record(id=id, status="error", error=error)


def table(ids, clusters=None, answerable=None, **columns):
    """Return a table of the columns given."""
    ids = tuple(ids)
    yes = np.ones(len(ids), dtype=bool) if answerable is None else np.array(answerable)
    arrays = {name: np.array(values, dtype=float) for name, values in columns.items()}
    return Table(ids, tuple(clusters or ids), yes, arrays)
