import time

import pytest
import trafilatura
from hypothesis import given
from hypothesis import strategies as st

from index.hidden import remove_hidden
from tests.corpus import MORE, PROSE
from tests.reading import article, texts

SECRET = "Der Damm ist gebrochen."


def page(body, head="", title="Brücke gesperrt"):
    return (
        f"<!doctype html><html lang=de><head><title>{title}</title>{head}</head><body>"
        f"<article><h1>{title}</h1><p>{PROSE}</p>{body}<p>{MORE}</p></article></body></html>"
    )


def seen(html):
    """Return the text that is left in a page."""
    tree = trafilatura.load_html(html)
    remove_hidden(tree)
    return " ".join("".join(tree.find("body").itertext()).split())


def styled(style):
    return f'<p style="{style}">{SECRET}</p>'


HIDDEN = [
    "display:none", "DISPLAY : none !important", "visibility:hidden", "visibility: collapse",
    "opacity:0", "opacity: .01", "opacity:0%", "content-visibility:hidden",
    "font-size:0", "font-size:1px", "font:0/0 a", "font: italic 0.5pt/2 serif", "font-size:.01em",
    "color:#fff", "color:white", "color:#fefefe", "color:rgb(255 255 255)", "color:transparent",
    "color:#ffffff00;background:#000", "color:rgba(0,0,0,0)", "color:#000;background:#000",
    "color:#123;background-color:#112233", "color:WHITE;background:snow",
    "background:transparent;color:#fff", "color: white; background: none",
    "position:absolute;left:-9999px", "position:fixed;top:-200em", "position:fixed;right:9999px",
    "position:absolute;left:200000px", "position:absolute;left:-300%",
    "text-indent:-9999px", "margin-left:-9999px", "transform:translateX(-9999px)",
    "transform: translate(0, -9999px)", "transform:scale(0)", "transform: scale3d(0,0,0)",
    "clip:rect(0 0 0 0)", "clip: rect(1px, 1px, 1px, 1px)", "clip-path:inset(50%)",
    "clip-path:circle(0)", "clip-path:polygon(0 0, 0 0, 0 0)",
    "overflow:hidden;height:0", "width:1px;height:1px;overflow:hidden",
    "max-height:0;overflow:clip",
]  # fmt: skip
SHOWN = [
    "display:block", "visibility:visible", "opacity:1", "opacity:.5", "font-size:80%",
    "font: 700 16px/1 serif", "font-size:small", "font-size:calc(1rem + 1vw)", "font-size:var(--x)",
    "color:#222", "color:#fff;background:#000", "color:#fff;background:navy",
    "color:#fff;background:url(x.png)", "color:#fff;background:linear-gradient(#000,#111)",
    "background:#fff;color:hsl(0 0% 100%)", "background:#000", "color:inherit",
    "color:transparent;background:linear-gradient(red,blue);-webkit-background-clip:text",
    "left:-9999px", "position:absolute;left:40px", "position:relative;top:-20px",
    "position:absolute;top:3000px", "margin-left:-100%", "margin:0 auto", "text-indent:2em",
    "transform:translateX(-50%)", "transform:scale(0.9)", "transform:none",
    "clip:rect(auto,9px,9px,0)", "clip-path:inset(0 0 0 0)", "overflow:hidden;height:auto",
    "overflow:hidden;height:9em", "height:0", "zoom:0", "display:", "none",
]  # fmt: skip


@pytest.mark.parametrize("style", HIDDEN)
def test_what_a_style_hides_is_not_read(tmp_path, style):
    found = article(tmp_path / "x.html", page(styled(style)))
    assert texts(found)[-2:] == [PROSE, MORE]


@pytest.mark.parametrize("style", SHOWN)
def test_what_a_style_shows_is_kept(style):
    assert SECRET in seen(page(styled(style)))


@pytest.mark.parametrize(
    "body",
    [
        f"<div hidden>{SECRET}</div>", f"<p hidden=until-found>{SECRET}</p>",
        f'<p aria-hidden="true">{SECRET}</p>', f"<dialog>{SECRET}</dialog>",
        f"<div popover>{SECRET}</div>", f"<template><p>{SECRET}</p></template>",
        f"<noscript><p>{SECRET}</p></noscript>", f"<!-- <p>{SECRET}</p> -->",
        f"<iframe>{SECRET}</iframe>", f"<video>{SECRET}</video>", f"<canvas>{SECRET}</canvas>",
        f"<datalist><option>{SECRET}</datalist>", f'<font color="#ffffff">{SECRET}</font>',
        f'<table bgcolor=black><tr><td style="color:#000">{SECRET}</table>',
        f'<div style="display:none"><div style="display:block">{SECRET}</div></div>',
        f'<div style="visibility:hidden"><p>{SECRET}</p>{SECRET}</div>',
        f'<div style="color:#fff"><b>{SECRET}</b><i style="font-size:9px">{SECRET}</i></div>',
        f'<div style="font-size:0"><p style="font-size:1em">{SECRET}</p></div>',
        f'<div style="background:#000"><p style="color:black">{SECRET}</p></div>',
        f'<span style="opacity:0"><img alt="{SECRET}">{SECRET}</span>',
        f'<img src="x.png" alt="{SECRET}" title="{SECRET}">',
        f'<p title="{SECRET}" data-x="{SECRET}" aria-label="{SECRET}"></p>',
    ],
)  # fmt: skip
def test_what_an_element_or_attribute_hides_is_not_read(tmp_path, body):
    found = article(tmp_path / "x.html", page(body))
    assert texts(found)[-2:] == [PROSE, MORE]
    assert SECRET not in found.title


@pytest.mark.parametrize(
    "css",
    [
        ".s{display:none}", "p.s{color:#fff}", "#s{position:absolute;left:-9999px}",
        "@media screen{.s{visibility:hidden}}", ".s{font-size:0!important}",
        ".t{color:#000}.s{background:black}.s{color:#000}",
        "body{background:#222}.s{color:#212121}",
    ],
)  # fmt: skip
def test_what_a_simple_style_sheet_hides_is_not_read(tmp_path, css):
    html = page(f'<p class="s t" id="s">{SECRET}</p>', f"<style>{css}</style>")
    assert texts(article(tmp_path / "x.html", html))[-2:] == [PROSE, MORE]


@pytest.mark.parametrize(
    "body",
    [
        f'<div style="visibility:hidden"><p style="visibility:visible">{SECRET}</p></div>',
        f'<div style="font-size:0"><p style="font-size:1rem">{SECRET}</p></div>',
        f'<div style="color:#fff"><p style="background:#333">{SECRET}</p></div>',
        f'<div style="background:#333"><p style="color:#fff">{SECRET}</p></div>',
        f'<div aria-hidden="true"><h1>Titel</h1><p>{SECRET}</p></div>',
        f'<p aria-hidden="false">{SECRET}</p>', f"<dialog open>{SECRET}</dialog>",
        f'<p hidden style="display:block">{SECRET}</p>', f"<details>{SECRET}</details>",
        f"<i hidden>x</i>{SECRET}", f'<b style="color:#fff">x</b>{SECRET}',
        f'<p class="a b">{SECRET}</p><style>.a{{display:none}}.a.b{{display:block}}</style>',
        f"<script>x</script>{SECRET}<style>p{{}}</style>",
    ],
)  # fmt: skip
def test_what_is_shown_all_the_same_is_kept(body):
    assert SECRET in seen(page(body))


@pytest.mark.parametrize("body", ["<body hidden>", '<body style="display:none">', "<body>"])
def test_a_page_that_a_script_will_show_is_read(body):
    head = "<style>html{opacity:0} @keyframes x{from{visibility:hidden}}</style>"
    assert PROSE in seen(page("", head).replace("<body>", body))


def test_a_dark_page_is_read():
    css = "<style>body{background:#111;color:#eee} .x{color:#fff}</style>"
    assert SECRET in seen(page(f"<p class=x>{SECRET}</p>", css))


def test_text_that_only_the_pages_data_repeats_is_not_read(tmp_path):
    data = (
        '{"@context":"https://schema.org","@type":"NewsArticle","headline":"Brücke gesperrt",'
        '"datePublished":"2025-11-03","publisher":{"@type":"Organization","name":"Bote"},'
        f'"article\\u0042ody":"{SECRET * 20}","mainEntity":[{{"reviewBody":"{SECRET * 20}"}}]}}'
    )
    html = (
        f'<html lang=de><head><script type="application/ld+json">{data}</script></head><body>'
        f"<div id=data-preloaded data-preloaded='{data}'></div><p>{PROSE}</p></body></html>"
    )
    found = article(tmp_path / "x.html", html)
    assert texts(found) == [PROSE]
    assert (found.title, found.source) == ("Brücke gesperrt", "Bote")
    assert found.date.isoformat() == "2025-11-03"


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"headline": "\\ud800"}', "", "3"])
def test_odd_data_costs_nothing(data):
    head = f'<script type="application/ld+json">{data}</script>'
    assert PROSE in seen(page("", head))


@given(st.sampled_from(SHOWN), st.sampled_from(SHOWN), st.text(max_size=20))
def test_a_page_without_anything_hidden_is_left_alone(outer, inner, noise):
    html = page(f'<div style="{outer}">{noise}<p>{SECRET}</p></div>')
    tree = trafilatura.load_html(html)
    before = trafilatura.load_html(html)
    remove_hidden(tree)
    assert list(tree.itertext()) == list(before.itertext())


def test_removing_twice_is_removing_once():
    tree = trafilatura.load_html(page("".join(map(styled, HIDDEN + SHOWN))))
    remove_hidden(tree)
    once = list(tree.itertext())
    remove_hidden(tree)
    assert list(tree.itertext()) == once
    assert sum(SECRET in text for text in once) == len(SHOWN)


def test_a_large_page_is_read_in_no_time():
    rules = "".join(f".a.b{number}{{display:none}}" for number in range(5000))
    body = '<p class="a" style="color:#000" aria-hidden="true">x</p>' * 20_000
    tree = trafilatura.load_html(page(f"{'<div>' * 200}{body}", f"<style>{rules}</style>"))
    begun = time.process_time()
    remove_hidden(tree)
    assert time.process_time() - begun < 3
