import json

import pytest

from index.errors import GoldenError
from rag.evaluation.golden import check, evidence_texts, read, require
from tests.corpus import article
from tests.golden import ARTICLE, SAMPLES, line, question, unanswerable, write

ARCHIVE = {"a": article("Rutte lobte Trump am 3. Mai.", "Die Brücke kostet 12.500 Euro.", id="a")}
QUOTED = {"article_id": "a", "paragraph": 2, "quote": "kostet 12.500 Euro"}


def problems(path, *lines):
    return [str(problem) for problem in check(read(write(path / "g", *lines)), ARCHIVE.get)]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"id": ', "not JSON: Expecting value at column 8"),
        ("[]", "Input should be a valid dictionary"),
        ({"question": "Wer?", "answerable": False}, "id: Field required"),
        (line(question=" "), "question: String should match pattern"),
        (line(answerable="vielleicht"), "answerable: Input should be a valid boolean"),
        (line(evidence=[{"paragraph": 1}]), "evidence.0.article_id: Field required"),
        (line(evidence=[ARTICLE | {"paragraph": 0}]), "evidence.0.paragraph: Input should be"),
        (line(answers="Rutte"), "answers: Input should be a valid tuple"),
        (line(as_of="gestern"), "as_of: Input should be a valid date"),
        (line(evidence=[]), "it is answerable but has no evidence"),
        (unanswerable(answers=["Rutte"]), "it is not answerable but has answers or evidence"),
        (unanswerable("fine"), "id 'fine' is already used in line 1"),
        (line(evidence=[{"article_id": "b"}]), "article 'b' is not in the archive"),
        (line(evidence=[ARTICLE | {"paragraph": 7}]), "article 'a' has no paragraph 7"),
        (
            line(evidence=[ARTICLE | {"quote": "Merz lobte"}]),
            "the quote 'Merz lobte' is not in paragraph 1 of 'a'",
        ),
        (
            line(evidence=[{"article_id": "a", "quote": "Merz lobte"}]),
            "the quote 'Merz lobte' is not in 'a'",
        ),
        (line(answers=["Merz"]), "the answer 'Merz' stands in no evidence paragraph"),
    ],
)
def test_every_problem_is_named_with_its_line(tmp_path, bad, said):
    [problem] = problems(tmp_path, unanswerable("fine"), "", bad, unanswerable("fine, too"))
    assert problem.startswith(f"line 3: {said}")


def test_all_problems_of_a_file_are_reported_in_order(tmp_path):
    wrong = line("w", evidence=[{"article_id": "b"}], answers=["x"])
    found = problems(tmp_path, wrong, "nonsense", line("w2", evidence=[{"article_id": "c"}]))
    assert [problem.split(":")[0] for problem in found] == ["line 1", "line 2", "line 3"]


def test_a_sound_set_has_no_problems(tmp_path):
    sound = line(evidence=[QUOTED, {"article_id": "a"}], answers=["12500 Euro", "3. Mai"])
    assert problems(tmp_path, sound, unanswerable("u")) == []


def test_an_answer_outside_its_evidence_is_only_a_warning(tmp_path):
    golden = read(write(tmp_path / "g", line(answers=["Merz"])))
    [warning] = require(golden, ARCHIVE.get)
    assert warning.kind == "warning"


@pytest.mark.parametrize("text", ["", "\n \n", "\ufeff"])
def test_an_empty_file_is_an_error(tmp_path, text):
    (tmp_path / "g").write_text(text, encoding="utf-8")
    with pytest.raises(GoldenError, match="is empty"):
        read(tmp_path / "g")


def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "binary").write_bytes(b"\xff\xfe\x00{")
    for path in (tmp_path / "absent", tmp_path, tmp_path / "binary"):
        with pytest.raises(GoldenError, match="cannot be read"):
            read(path)


def test_a_byte_order_mark_blank_lines_and_windows_line_ends_are_no_problem(tmp_path):
    lines = [json.dumps(line("one")), "", json.dumps(unanswerable("two")), ""]
    (tmp_path / "g").write_bytes("\r\n".join(lines).encode("utf-8-sig"))
    golden = read(tmp_path / "g")
    assert golden.problems == []
    assert {number: q.id for number, q in golden.questions.items()} == {1: "one", 3: "two"}


def test_only_a_line_feed_ends_a_line(tmp_path):
    asked = "Wer\u2028lobte\x85Rutte?"  # other line ends may stand inside a JSON string
    golden = read(write(tmp_path / "g", line(question=asked)))
    assert golden.problems == []
    assert golden.questions[1].question == asked


def test_errors_keep_a_set_from_being_run(tmp_path):
    golden = read(write(tmp_path / "g", line(), "{", "["))
    with pytest.raises(GoldenError, match="has 2 errors, the first in line 2: not JSON"):
        require(golden, ARCHIVE.get)


def test_a_set_for_another_archive_is_named_as_such(tmp_path):
    elsewhere = [line(str(n), evidence=[{"article_id": f"x{n}"}]) for n in range(3)]
    golden = read(write(tmp_path / "g", *elsewhere, unanswerable("u")))
    with pytest.raises(GoldenError, match="over another archive: none of its 3 evidence articles"):
        require(golden, ARCHIVE.get)


def test_unanswerable_questions_alone_fit_any_archive(tmp_path):
    assert require(read(write(tmp_path / "g", unanswerable())), {}.get) == []


def test_evidence_without_a_paragraph_is_the_whole_article():
    [named] = question(evidence=[QUOTED]).evidence
    [anywhere] = question(evidence=[{"article_id": "a"}]).evidence
    assert list(evidence_texts(named, ARCHIVE["a"])) == ["Die Brücke kostet 12.500 Euro."]
    assert len(evidence_texts(anywhere, ARCHIVE["a"])) == 2


def test_the_golden_set_of_the_samples_is_sound(assistant):
    from rag.evaluation.evaluate import finder

    golden = read(SAMPLES)
    errors = [p for p in check(golden, finder(assistant)) if p.kind == "error"]
    assert errors == []
    assert len(golden.questions) >= 100
