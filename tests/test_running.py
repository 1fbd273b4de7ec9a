import json
import threading
import time

import pytest

from index.errors import GoldenError
from rag.evaluation.record import Judgement, Record, ask
from rag.evaluation.running import run
from tests.golden import abstained, answered, cited, question

QUESTIONS = [question(f"q{number}") for number in range(12)]
IDS = [one.id for one in QUESTIONS]


def reply(asked):
    return abstained(asked.id)


def lines(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1]]


def test_questions_are_asked_at_the_same_time_and_come_back_in_order():
    together = threading.Barrier(4, timeout=5)

    def wait_for_others(asked):
        together.wait()
        time.sleep(0.02 if asked.id == "q0" else 0)
        return reply(asked)

    assert list(run(wait_for_others, QUESTIONS)) == IDS


def test_progress_counts_up_to_all():
    seen = []
    run(reply, QUESTIONS, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 12) for done in range(13)]


def test_each_record_is_kept_at_once(tmp_path):
    keep, seen = tmp_path / "run.jsonl", []
    run(reply, QUESTIONS, keep=keep, progress=lambda done, _: seen.append(len(lines(keep)) - done))
    assert seen == [0] * 13


def test_a_killed_run_goes_on_where_it_stopped(tmp_path):
    keep, asked = tmp_path / "run.jsonl", []

    def note(one):
        asked.append(one.id)
        return reply(one)

    run(reply, QUESTIONS[:5], keep=keep)
    keep.write_bytes(keep.read_bytes()[:-20])  # a kill cut the last line short
    for _ in range(2):  # and the file is sound again after going on
        records = run(note, QUESTIONS, keep=keep, resume=True)
        assert list(records) == IDS
        assert sorted(asked) == sorted(IDS[4:])
        assert sorted(line["id"] for line in lines(keep)) == sorted(IDS)


def test_a_line_cut_inside_a_character_is_asked_again(tmp_path):
    keep = tmp_path / "run.jsonl"
    run(lambda one: abstained(one.id, answer="ä"), QUESTIONS[:1], keep=keep)
    text = keep.read_bytes()
    keep.write_bytes(text + text[: text.index("ä".encode()) + 1])
    assert list(run(reply, QUESTIONS[:2], keep=keep, resume=True)) == ["q0", "q1"]


def test_an_interrupt_keeps_what_is_done_and_begins_nothing_new(tmp_path):
    keep, begun = tmp_path / "run.jsonl", []

    def until_interrupted(asked):
        begun.append(asked.id)
        if asked.id == "q5":
            raise KeyboardInterrupt
        time.sleep(0.01)
        return reply(asked)

    with pytest.raises(KeyboardInterrupt):
        run(until_interrupted, [question(f"q{n}") for n in range(500)], keep=keep)
    assert lines(keep)
    assert len(begun) < 50
    assert list(run(reply, QUESTIONS, keep=keep, resume=True)) == IDS


def test_without_resume_all_begins_anew(tmp_path):
    keep, asked = tmp_path / "run.jsonl", []
    run(reply, QUESTIONS, keep=keep)
    run(lambda one: asked.append(one.id) or reply(one), QUESTIONS[:3], keep=keep)
    assert sorted(asked) == IDS[:3]
    assert len(lines(keep)) == 3


def test_records_made_with_other_settings_are_asked_again(tmp_path):
    keep, asked = tmp_path / "run.jsonl", []
    run(reply, QUESTIONS, keep=keep, made_with="threshold 0.5")
    more = {"keep": keep, "resume": True, "made_with": "threshold 0.6"}
    records = run(lambda one: asked.append(one.id) or reply(one), QUESTIONS, **more)
    assert sorted(asked) == sorted(IDS)
    assert {record.made_with for record in records.values()} == {"threshold 0.6"}


def test_records_of_other_questions_are_left_out(tmp_path):
    keep, seen = tmp_path / "run.jsonl", []
    run(reply, QUESTIONS, keep=keep)
    more = {"keep": keep, "resume": True, "progress": lambda *done: seen.append(done)}
    assert list(run(reply, QUESTIONS[:2], **more)) == IDS[:2]
    assert seen == [(2, 2)]


@pytest.mark.parametrize("bad", ["{", "[]", '{"id": "q"}', '"text"'])
def test_a_file_that_is_no_run_is_an_error(tmp_path, bad):
    keep = tmp_path / "run.jsonl"
    keep.write_text(f"{bad}\n", encoding="utf-8")
    with pytest.raises(GoldenError, match=r"line 1 is no record .*: start without --resume"):
        run(reply, QUESTIONS, keep=keep, resume=True)
    assert keep.read_text() == f"{bad}\n"


def test_a_record_survives_its_line():
    text = "Zeile\u2028eins\x85 und zwei."
    record = answered(
        (f"«{text}»", (1,)), citations=[cited(1, text)], ranking=(("a", 1), ("b", 2)),
        tokens={"input": 3}, judgements=(Judgement(1, 0.5), Judgement(failure="late")),
    )  # fmt: skip
    assert Record.from_dict(json.loads(json.dumps(record.to_dict()))) == record


def test_odd_line_ends_in_an_answer_do_not_break_the_file(tmp_path):
    keep = tmp_path / "run.jsonl"
    run(lambda one: abstained(one.id, answer="a\u2028b\x85c"), QUESTIONS, keep=keep)
    assert len(run(reply, QUESTIONS, keep=keep, resume=True)) == 12


def test_a_question_that_cannot_be_asked_is_recorded_as_an_error(assistant):
    record = ask(assistant, question(question="Wer? " * 100_000))
    assert record.status == "error"
    assert "too long" in record.error or "characters" in record.error
    assert record.milliseconds > 0


def test_what_an_assistant_answers_is_recorded(assistant):
    asked = question(question="Wer hat die Risse an der Kranbrücke entdeckt?")
    record = ask(assistant, asked)
    answer = assistant.ask(asked.question)
    assert (record.status, record.answer) == ("answered", answer.answer)
    assert {(c.article_id, c.paragraph) for c in answer.citations} <= set(record.ranking)
    assert all(c.text[c.start : c.end] == c.quote for c in record.citations)
    assert record.tokens == {}
