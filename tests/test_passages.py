import datetime
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article, Paragraph, ParagraphKind
from index.passages import fingerprint, passages_of, searchable
from tests.corpus import MORE, PROSE, article

LONG = " ".join(f"Satz Nummer {n} steht hier und ist nicht besonders kurz." for n in range(100))
TEXT = st.text(min_size=1) | st.integers(1, 300).map(f"{PROSE} \u00a0".__mul__) | st.just(LONG)
PARAGRAPHS = st.lists(st.tuples(TEXT, st.sampled_from(ParagraphKind)), max_size=6)


def paragraphs(*pairs):
    return tuple(Paragraph(n, text, kind) for n, (text, kind) in enumerate(pairs, 1))


def test_a_paragraph_is_one_passage_with_the_day_of_its_article():
    day = datetime.date(2025, 12, 21)
    first, second = passages_of(article(PROSE, MORE, id="bote/1", date=day))
    assert (first.id, first.article_id, first.paragraph) == ("bote/1#1", "bote/1", 1)
    assert (first.start, first.end, first.text, first.date) == (0, len(PROSE), PROSE, day)
    assert (second.id, second.text) == ("bote/1#2", MORE)


def test_headings_are_context_and_boilerplate_is_nothing():
    kinds = ParagraphKind
    found = list(
        passages_of(
            Article(
                "a",
                "Titel",
                paragraphs(
                    (PROSE, kinds.TEXT),
                    ("Cookies zulassen", kinds.BOILERPLATE),
                    ("Wer zahlt", kinds.HEADING),
                    (MORE, kinds.TEXT),
                ),
            )
        )
    )
    assert [(p.paragraph, p.context) for p in found] == [(1, "Titel"), (4, "Titel\nWer zahlt")]


def test_a_long_paragraph_is_cut_between_sentences():
    found = list(passages_of(article(LONG)))
    assert [passage.id for passage in found] == [f"a#1.{n}" for n in range(1, len(found) + 1)]
    assert len(found) > 1
    assert all(len(p.text) <= 2000 and p.text.endswith("kurz.") for p in found)


@given(PARAGRAPHS)
def test_every_visible_character_of_text_is_in_one_passage_and_nothing_else_is(pairs):
    source = Article("a", "Titel", paragraphs(*pairs))
    found = list(passages_of(source))
    assert len({passage.id for passage in found}) == len(found)
    for paragraph in source.paragraphs:
        own = [p for p in found if p.paragraph == paragraph.number]
        assert all(p.text == paragraph.text[p.start : p.end] for p in own)
        inside = [at for p in own for at in range(p.start, p.end)]
        assert len(set(inside)) == len(inside)
        if paragraph.kind is ParagraphKind.TEXT:
            visible = {at for at, c in enumerate(paragraph.text) if not c.isspace()}
            assert visible <= set(inside)
        else:
            assert own == []


ID = st.text("ab#.1", min_size=1, max_size=4)


@given(ID, ID)
def test_ids_of_different_articles_never_meet(one, other):
    found = {a: {p.id for p in passages_of(article(PROSE, LONG, id=a))} for a in (one, other)}
    assert one == other or not found[one] & found[other]


def test_a_vector_is_used_again_when_and_only_when_what_was_embedded_is_the_same():
    [passage] = passages_of(article(PROSE))
    assert PROSE in searchable(passage)
    assert "Titel" in searchable(passage)
    assert fingerprint(replace(passage, id="b#7", paragraph=7)) == fingerprint(passage)
    assert fingerprint(replace(passage, text=MORE)) != fingerprint(passage)
    assert fingerprint(replace(passage, context="Anders")) != fingerprint(passage)
