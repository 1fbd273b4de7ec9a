from pathlib import Path

import pytest

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
