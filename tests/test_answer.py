import datetime
import json

import pytest

from rag.answer import Answer, Citation, Hit, Sentence, Twin

DAY = datetime.date(2025, 12, 21)
TWIN = Twin("c", 2, "Kurier")
CITATION = Citation(1, "a/b", 6, "Ja.", 3, 6, "Titel", DAY, "Bote", also_in=(TWIN,))


def test_an_answer_as_json_has_the_contracts_keys_in_its_order():
    answer = Answer(
        "Wer?", "answered", "«Ja.» [1]", (Sentence("«Ja.»", (1,)),), (CITATION,), 0.87,
        as_of=DAY, generation="000012", timings_ms={"total": 16.0},
    )  # fmt: skip
    assert answer.to_dict() == json.loads(json.dumps(answer.to_dict()))
    assert answer.to_dict() == {
        "question": "Wer?",
        "status": "answered",
        "answer": "«Ja.» [1]",
        "sentences": [{"text": "«Ja.»", "citations": [1], "support": "quoted"}],
        "citations": [
            {
                "number": 1, "article_id": "a/b", "paragraph": 6, "quote": "Ja.", "start": 3,
                "end": 6, "title": "Titel", "date": "2025-12-21", "source": "Bote", "url": None,
                "when": None, "also_in": [{"article_id": "c", "paragraph": 2, "source": "Kurier"}],
            }
        ],
        "confidence": 0.87,
        "notes": [],
        "language": "de",
        "model": "quoting",
        "as_of": "2025-12-21",
        "generation": "000012",
        "timings_ms": {"total": 16.0},
        "usage": {},
    }  # fmt: skip


def test_a_hit_as_json():
    hit = Hit("a/b", 6, 0, 3, "Ja.", 0.5, "Titel", DAY)
    found = json.loads(json.dumps(hit.to_dict()))
    assert {"article_id", "paragraph", "score", "text", "title", "date"} <= found.keys()
    assert (found["date"], found["source"]) == ("2025-12-21", None)


def test_answers_do_not_change():
    with pytest.raises(AttributeError):
        CITATION.quote = "Nein."
