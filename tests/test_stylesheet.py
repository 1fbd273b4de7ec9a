import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.stylesheet import StyleSheet

NONE = {"display": "none"}
CSS = st.text(st.sampled_from("@media screen{}.a#b:;,!*/\\ \n\"'display:none")) | st.text()


def style(css, name="p", **attributes):
    return StyleSheet([css]).style(name, {key.rstrip("_"): v for key, v in attributes.items()})


@pytest.mark.parametrize(
    "css",
    [
        ".a{display:none}", "p{display:none}", "*{display:none}", "#x{display:none}",
        "P.a { color: ; DISPLAY : None }", ".b.a{display:none}", "h1, .a{display:none}",
        "/* .a{display:block} */.a{display:none}", "@import url(x);.a{display:none}",
        ".a{display:none!important}.a{display:block}", ".a{display:none}p{display:block}",
        "#x{display:none}.a.b{display:block}", ".a{display:block}.a{display:none}",
        "@media screen{.a{display:none}}", "@media only screen, print{.a{display:none}}",
        "@supports (display:grid){@layer x{.a{display:none}}}", ".a{dis\\play:no\\6e e}",
        "@media print{.a{display:block}}.a{display:none}", ".a{display:none}/* never closed",
        "@media (width>9px){.b{display:block}}.a{display:none}", "}}.a{display:none}",
    ],
)  # fmt: skip
def test_a_simple_rule_holds(css):
    assert style(css, class_="a b", id="x")["display"] == "none"


@pytest.mark.parametrize(
    "css",
    [
        ".c{display:none}", "h1{display:none}", "h1.a{display:none}", ".a.c{display:none}",
        ".b .a{display:none}", ".a:hover{display:none}", ".a::before{display:none}",
        "p[hidden]{display:none}", "p>.a{display:none}", ".a{.b{display:none}}",
        "@media print{.a{display:none}}", "@media (max-width:9px){.a{display:none}}",
        "@media screen and (max-width:9px){.a{display:none}}", "@page{.a{display:none}}",
        "@media not all{@media screen{.a{display:none}}}", "@keyframes x{p{display:none}}",
        "@media (min-width:9px){.a{display:block}}.a{display:none}", ".a{display:none",
        "@supports not (display:grid){.a{display:none}}", "/*.a{display:none}*/",
        ".a{dis/**/play:none}", ".a{x:display:none}", "",
    ],
)  # fmt: skip
def test_any_other_rule_does_not(css):
    assert style(css, class_="a b", id="x").get("display") != "none"


def test_the_elements_own_style_wins_unless_the_rule_is_important():
    shown = {"class_": "a", "style": "display: block"}
    assert style(".a{display:none}", **shown) == {"display": "block"}
    assert style(".a{display:none ! important}", **shown) == NONE
    assert style("", style="display:none;display:block") == {"display": "block"}


def test_what_font_and_background_set_is_found_under_its_name():
    declared = style("", style="font-size:9px; font: 0/0 a; background: #fff url(x) 0; margin: 0")
    assert declared == {"font-size": "0/0 a", "background-color": "#fff url(x) 0"}


def test_attributes_from_before_style_sheets_count_less():
    assert style("", "font", color=" #FFF ", bgcolor="Red") == {
        "color": "#fff",
        "background-color": "red",
    }
    assert style("", "body", text="white", style="color:black") == {"color": "black"}
    assert style("", "p", color="white") == {}


@given(CSS, CSS)
def test_any_sheet_can_be_read(css, inline):
    found = style(css, class_="a", style=inline)
    assert all(isinstance(value, str) for value in found.values())


@pytest.mark.parametrize(
    "css",
    [
        "@media screen{" * 100_000 + ".a{display:none}",
        ".a{display:none}" * 20_000,
        "/*" * 1_000_000,
        ".a{font-size:" + "1" * 1_000_000 + "}",
        ".a{display:none" + " " * 1_000_000 + "!" + " " * 1_000_000 + "x}",
        "@media" + " x" * 500_000 + "{.a{top:0}}" * 1000,
    ],
    ids=["deep", "many", "comment", "digits", "spaces", "head"],
)
def test_no_sheet_keeps_us_busy(css):
    begun = time.process_time()
    sheet = StyleSheet([css])
    for _ in range(1000):
        sheet.style("p", {"class": "a"})
    assert time.process_time() - begun < 5
