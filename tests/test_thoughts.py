import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.thoughts import Thoughts


def given_in(pieces):
    thoughts = Thoughts()
    return "".join([*map(thoughts.without, pieces), thoughts.rest()])


@pytest.mark.parametrize(
    ("reply", "wanted"),
    [
        ("Er kam [k3f].", "Er kam [k3f]."),
        ("<think>Hm, [k3f]?</think>\n\nEr kam [k3f].", "\n\nEr kam [k3f]."),
        ("\n <think>\n</think>Er kam.", "Er kam."),
        ("<think>ohne Ende", ""),
        ("<thin", "<thin"),
        ("<b>Er</b> kam.", "<b>Er</b> kam."),
        ("Er kam. <think>Später</think>", "Er kam. <think>Später</think>"),
        ("", ""),
        ("-", "-"),
    ],
)
def test_thoughts_before_a_reply_are_left_out_however_it_is_cut(reply, wanted):
    assert given_in([reply]) == given_in(reply) == wanted
    assert given_in([reply[:9], reply[9:11], reply[11:]]) == wanted


@given(st.lists(st.text(alphabet="<think/>a \n", max_size=8)))
def test_how_a_reply_is_cut_changes_nothing(pieces):
    assert given_in(pieces) == given_in(["".join(pieces)])


def test_a_reply_is_given_as_soon_as_it_is_none():
    thoughts = Thoughts()
    assert thoughts.without("<think>a") == ""
    assert thoughts.without("b</think>Er") == "Er"
    assert thoughts.without(" kam") == " kam"
