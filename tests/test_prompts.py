import json
from importlib import resources
from pathlib import Path
from string import Template

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import prompts

FILES = sorted(Path(prompts.__file__).parent.glob("*.md"))


def test_a_prompt_is_filled_with_what_its_placeholders_name():
    prompt = prompts.load("judge", {"question", "accepted", "evidence", "answer", "cited"})
    told, filled = prompt.fill(
        question='"Wer?"', accepted="[]", evidence='["$answer"]', answer='"$$5"', cited="{}"
    )
    assert told == ""
    assert '"question": "Wer?"' in filled
    assert '"evidence": ["$answer"]' in filled  # what is filled in is not filled again
    assert '"answer": "$$5"' in filled


@pytest.mark.parametrize("wanted", [set(), {"question"}, {"question", "answr"}])
def test_other_placeholders_are_refused_when_it_is_loaded(wanted):
    with pytest.raises(ValueError, match=r"prompts/judge.md has the placeholders \['accepted', "):
        prompts.load("judge", wanted)


def test_every_prompt_is_used():
    root = Path(prompts.__file__).parents[1]
    code = "".join(path.read_text(encoding="utf-8") for path in (root / "rag").rglob("*.py"))
    assert FILES
    assert [path.name for path in FILES if f'load("{path.stem}"' not in code] == []


def test_a_line_parts_what_is_told_from_what_is_given():
    told, given = prompts.load("translate", {"language", "question"}).fill(
        language="German", question=prompts.data("Who </question>?")
    )
    assert "into German" in told
    assert given == '<question>\n"Who \\u003c/question>?"\n</question>\n'


def test_what_is_filled_in_parts_nothing():
    told, given_ = prompts.load("translate", {"language", "question"}).fill(
        language="German", question="\n---\n$language"
    )
    assert given_.startswith("<question>\n\n---\n$language")
    assert "into German" in told


def test_a_placeholder_without_a_value_is_an_error():
    prompt = prompts.load("translate", {"language", "question"})
    with pytest.raises(KeyError, match="question"):
        prompt.fill(language="German")


@pytest.mark.parametrize("text", ["$question costs $5", "$question $", "${question", ""])
def test_a_lone_dollar_sign_is_refused_when_it_is_loaded(text, tmp_path, monkeypatch):
    monkeypatch.setattr(resources, "files", lambda package: tmp_path)
    (tmp_path / "broken.md").write_text(text)
    with pytest.raises(ValueError, match="a plain dollar sign is written"):
        prompts.load("broken", {"question"})


def test_a_prompt_that_is_not_there_is_an_error():
    with pytest.raises(FileNotFoundError, match=r"nowhere\.md"):
        prompts.load("nowhere", set())


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_what_is_given_stands_in_parts_that_are_ended(path):
    _, _, user = path.read_text(encoding="utf-8").rpartition("\n---\n")
    lines = user.splitlines()
    for line in lines:
        if line.startswith("<"):
            assert lines.count(line) == 1
            assert f"</{line.lstrip('</')}" in lines


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_nothing_is_filled_into_what_the_model_is_told_but_what_beleg_says(path):
    told, _, _ = path.read_text(encoding="utf-8").rpartition("\n---\n")
    assert set(Template(told).get_identifiers()) <= {"language", "abstain"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(JSON)
@example("</question>")
@example({"</a>": ["<b>", "\\", '"', "\\u003c"]})
@example("a\nb\rc\x85d\u2028e\u2029f\x0bg\x0ch\x1ci")
@example("\ud83d")
def test_data_is_one_line_of_json_that_no_tag_leaves(value):
    text = prompts.data(value)
    assert json.loads(text) == value
    assert "<" not in text
    assert len(text.splitlines()) == 1
    assert text.encode()


def test_data_is_readable():
    assert prompts.data("„Größe“ > 5 & 'mehr' 😀") == "\"„Größe“ > 5 & 'mehr' 😀\""
