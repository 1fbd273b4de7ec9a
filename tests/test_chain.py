import datetime
import threading

import pytest

from index import embedding
from index.errors import QuestionError
from index.store import Store
from rag import Settings, chain, phrases
from rag.answer import Answer, Sources, Token

QUESTION = "Wer hat die Risse an der Kranbrücke entdeckt?"


@pytest.fixture(scope="module")
def generation(sample_store):
    generation = Store(sample_store).open()
    yield generation
    generation.close()


@pytest.fixture(scope="module")
def build(generation):
    def build(threshold=0.5):
        settings = Settings(threshold=threshold)
        return chain.build(generation, embedding.load("subword"), settings, None)

    return build


def test_invoke_gives_the_answer(build, generation):
    answer = build().invoke({"question": QUESTION})
    assert isinstance(answer, Answer)
    assert answer.status == "answered"
    assert answer.generation == generation.name
    assert answer.as_of == datetime.date.today()


def test_the_steps_stream_in_order_and_the_whole_answer_comes_last(build):
    sources, *tokens, answer = build().stream({"question": QUESTION})
    assert isinstance(sources, Sources)
    assert tokens
    assert all(isinstance(token, Token) for token in tokens)
    assert "".join(token.text for token in tokens) == answer.answer


def test_a_stream_comes_sentence_by_sentence(build):
    _, *tokens, answer = build(0).stream({"question": "Wo wurde der Himmelsglobus gestohlen?"})
    assert len(tokens) == len(answer.sentences) > 1


def test_an_abandoned_stream_leaves_no_thread_behind(build):
    threads = threading.active_count()
    stream = build().stream({"question": QUESTION})
    next(stream)
    assert threading.active_count() == threads


def test_the_threshold_decides_whether_it_is_answered(build):
    sure, doubtful = build(0), build(1)
    assert sure.invoke({"question": "Welche Farbe hat Merz?"}).status == "answered"
    answer = doubtful.invoke({"question": "Welche Farbe hat Merz?"})
    assert answer.status == "not_in_corpus"
    assert (answer.sentences, answer.citations) == ((), ())


@pytest.mark.parametrize(
    ("question", "language"),
    [("Wofür bedankte sich Xaver Quetzal?", "de"), ("What did Xaver Quetzal say?", "en")],
)
def test_what_is_not_there_is_said_in_the_questions_language(build, question, language):
    answer = build().invoke({"question": question})
    assert answer.status == "not_in_corpus"
    assert answer.answer == phrases.NOT_IN_CORPUS[language]
    assert answer.language == language


@pytest.mark.parametrize(
    ("time", "noted"),
    [
        ("letzte Woche", ("10. 11. 2025", "23. 11. 2025")),
        ("seit dem 3. November", ("3. 11. 2025", "23. 11. 2025")),
        ("bis gestern", ()),
        ("vor dem 3. November", ()),
        ("am 3. November", ()),
        ("im November 2025", ()),
    ],
)
def test_a_note_says_where_the_search_was_narrowed_by_a_time(build, time, noted):
    asked = {"question": f"Wer hat {time} die Risse an der Kranbrücke entdeckt?"}
    answer = build().invoke(asked | {"as_of": datetime.date(2025, 11, 23)})
    notes = [note for note in answer.notes if note.startswith("Gesucht wurde")]
    assert bool(notes) == bool(noted)
    assert all(day in notes[0] for day in noted)


def test_timings_add_up(build):
    timings = build().invoke({"question": QUESTION}).timings_ms
    assert timings.keys() == {"retrieve", "answer", "total"}
    assert all(value > 0 for value in timings.values())
    assert timings["total"] == pytest.approx(timings["retrieve"] + timings["answer"], abs=0.1)


def test_a_parameter_misspelt_is_refused_with_those_known(build):
    with pytest.raises(QuestionError, match=r"'datefrom'.*date_from"):
        build().invoke({"question": QUESTION, "datefrom": datetime.date(2025, 1, 1)})
