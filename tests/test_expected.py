"""What a question asks for, by its wording, and which sentences hold such a thing."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.expected import Asked, asked_for, held, holds_speech, is_asked


def in_every_case(text):
    return {text, text.lower(), text.replace("ß", "ẞ").upper()}


# --- what is asked for -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text"),
    [
        ("age", "Wie alt ist die Lotsin?"),
        ("age", "In welchem Alter starb sie? Welches Alter hatte er?"),
        ("age", "How old is the pilot?"),
        ("age", "At what age did she retire?"),
        ("duration", "Wie lange dauerte die Sperrung?"),
        ("duration", "Wie lange wird die Brücke gesperrt?"),
        ("duration", "Wie lang wird gebaut?"),
        ("duration", "Wie viele Jahre war die Brücke gesperrt?"),
        ("duration", "Wie viele lange Stunden wartete der Rat?"),
        ("duration", "Wie lange war die Brücke gesperrt?"),
        ("duration", "How long was it closed?"),
        ("duration", "How many days did it last?"),
        ("share", "Wie viel Prozent stimmten zu?"),
        ("share", "Wie hoch war die Wahlbeteiligung?"),
        ("share", "Wie hoch ist der Anteil der Fähren?"),
        ("share", "Welche Mehrheit bekam der Plan?"),
        ("share", "What percentage agreed?"),
        ("share", "How high was the turnout?"),
        ("money", "Wie hoch ist die Strafe?"),
        ("money", "Wie hoch war für den Rat der Schaden?"),
        ("money", "Was kostet die neue Brücke?"),
        ("money", "Wie viel bezahlte Grothaven für den Kran?"),
        ("money", "Wie viel Geld fehlt?"),
        ("money", "Wie teuer wird die Brücke?"),
        ("money", "How much does it cost?"),
        ("money", "What did the town pay?"),
        ("money", "How expensive is the ferry?"),
        ("number", "Wie viele Menschen kamen?"),
        ("number", "Wieviele kamen?"),
        ("number", "Wie hoch ist der Turm?"),
        ("number", "Wie groß ist das Wrack?"),
        ("number", "Welche Höhe hat der Turm?"),
        ("number", "How many people came?"),
        ("number", "How tall is the tower?"),
        ("number", "What number of boats sank?"),
        ("when", "Wann tagt der Rat?"),
        ("when", "Seit wann ist die Brücke zu?"),
        ("when", "In welchem Jahr wurde die Brücke gebaut?"),
        ("when", "Um wie viel Uhr beginnt die Sitzung?"),
        ("when", "When does it open?"),
        ("when", "What year was it built?"),
        ("where", "Wo liegt das Wrack?"),
        ("where", "Woher kommt die Fähre?"),
        ("where", "In welcher Stadt steht der Kran?"),
        ("where", "Where is the wreck?"),
        ("where", "In which small town is it?"),
        ("why", "Warum streiken die Lotsen?"),
        ("why", "Aus welchem Grund wurde gesperrt?"),
        ("why", "Wodurch entstand das Feuer?"),
        ("why", "Why do they strike?"),
        ("why", "What caused the fire?"),
        ("saying", "Was sagte die Bürgermeisterin?"),
        ("saying", "Mit welchen Worten trat er ab?"),
        ("saying", "Wie reagierte Tamsen?"),
        ("saying", "What did the mayor say?"),
        ("name", "Wie heißt die Fähre?"),
        ("name", "Wie wird die alte Brücke genannt?"),
        ("name", "Welchen Namen trägt der Kran?"),
        ("name", "What is the ferry called?"),
        ("who", "Wer lobte den Einsatz?"),
        ("who", "Von wem stammt der Plan?"),
        ("who", "Welche Politikerin kam?"),
        ("who", "Who drafted the plan?"),
        ("who", "Which politician came?"),
        ("how", "Womit wurde das Wrack gehoben?"),
        ("how", "Auf welche Weise kam er frei?"),
        ("how", "How did it happen?"),
        ("thing", "Welche Farbe hat die Fähre?"),
        ("thing", "Was ist das?"),
        ("thing", "What colour is it?"),
        ("thing", "Friedensplan"),
    ],
)
def test_what_is_asked_for(asked, text):
    assert {asked_for(one) for one in in_every_case(text)} == {asked}


def test_every_kind_is_asked_for_above():
    tested = {row[0] for row in test_what_is_asked_for.pytestmark[0].args[1]}
    assert tested == {kind.value for kind in Asked}


@pytest.mark.parametrize(
    ("text", "mistaken"),
    [
        ("Welcher Gewinner kam?", "money"),
        ("Welcher Lohnschreiber kam?", "money"),
        ("Welcher Preisträger kam?", "money"),
        ("Welche Markthalle brannte?", "money"),
        ("Was erzählte der Küster?", "money"),
        ("Wer bezahlte die Brücke?", "money"),
        ("Wie hoch ist der Turm an der Geldstraße?", "money"),
        ("Wie lange ist die Brücke?", "duration"),
        ("Wie lang ist das Boot?", "duration"),
        ("Wie viele Tagungen gab es?", "duration"),
        ("Wie viele Mitglieder hat der Rat mit der Mehrheit?", "share"),
        ("Was macht die Mehrheit?", "share"),
        ("Welche Landung misslang?", "where"),
        ("Was steht in der Stadt?", "where"),
        ("Womit fährt sie?", "where"),
        ("Die Wolke zog ab", "where"),
        ("Welcher Manner Strand brennt?", "who"),
        ("Was schwer wiegt", "who"),
        ("Wenn es regnet", "who"),
        ("Wie altmodisch ist sie?", "age"),
        ("Somewhat dry and whenever", "when"),
        ("Was besagt der Plan?", "saying"),
        ("Show did it", "how"),
    ],
)
def test_what_only_looks_like_it_is_not_taken_for_it(text, mistaken):
    assert mistaken not in {asked_for(one) for one in in_every_case(text)}


# --- what a sentence holds -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "text", "things"),
    [
        ("age", "Die Prüferin Tamsen (52) kam.", {"(52)"}),
        ("age", "Tamsen, 52, prüft Brücken.", {"52"}),
        ("age", "Der 52-jährige Küster kam.", {"52-jährige"}),
        ("age", "Er starb im Alter von 83.", {"alter von 83"}),
        ("age", "She is 31 years old.", {"31 years"}),
        ("age", "Der Rat (2024) kam mit 52 Booten.", set()),
        ("duration", "Die Brücke war drei Wochen zu.", {"drei wochen"}),
        ("duration", "Es dauerte 2,5 Stunden.", {"2,5 stunden"}),
        ("duration", "Ein halbes Jahr lang.", {"halbes jahr"}),
        ("duration", "Von 1987 bis 1990 lag sie still.", {"1987 bis 1990"}),
        ("duration", "It took six months.", {"six months"}),
        ("duration", "Er bekam eine dreijährige Haft.", {"dreijährige"}),
        ("duration", "Er bekam lebenslange Haft.", {"lebenslange"}),
        ("duration", "Die Brücke ist 300 Meter lang.", set()),
        ("duration", "Sie war eine gute Lotsin.", set()),
        ("money", "Das kostet 12.500 Euro.", {"12.500 euro"}),
        ("money", "Rund 7,8 Mrd. Dollar fehlen.", {"7,8 mrd. dollar"}),
        ("money", "Es sind drei Millionen Franken.", {"drei millionen franken"}),
        ("money", "It costs $5 or £ 4.", {"$5", "£ 4"}),
        ("money", "Die Fahrt kostet 3 €, früher 2 $.", {"3 €", "2 $"}),
        ("money", "Die Fahrt ist kostenlos.", {"kostenlos"}),
        ("money", "30 Boote und ein Eurozeichen.", set()),
        ("money", "3 Markthallen brannten.", set()),
        ("share", "52 Prozent sagten ja, 40 % nein.", {"52 prozent", "40 %"}),
        ("share", "Zwei Drittel und die Hälfte.", {"zwei drittel", "hälfte"}),
        ("share", "Half of them left.", {"half"}),
        ("share", "52 Boote, drei Kräne.", set()),
        ("number", "Es kamen 12.500 Menschen.", {"12.500"}),
        ("number", "Rund vierzig Leute kamen.", {"vierzig"}),
        ("number", "Zwei Menschen starben.", {"zwei"}),
        ("number", "It costs 3 euros.", {"3"}),
        ("number", "Es waren 21.", {"21"}),
        ("number", "Das war am 3. November, um 21 Uhr.", set()),
        ("number", "It was on 3 November.", set()),
        ("number", "Sie spielt in der 3. Liga.", set()),
        ("number", "Es kamen viele Menschen.", set()),
        ("when", "Sie tagen am 3. November.", {"3", "november"}),
        ("when", "Das war 1987.", {"1987"}),
        ("when", "Im 19. Jahrhundert stand sie schon.", {"19. jahrhundert"}),
        ("when", "They meet on Monday.", {"monday"}),
        ("when", "Um 21 Uhr.", {"21 uhr"}),
        ("when", "12.500 Leute, 30 Boote, ein Maibaum, früher.", set()),
        ("where", "Das Wrack liegt vor Borkum.", {"vor borkum"}),
        ("where", "Dort im schönen alten Grothaven.", {"im schönen alten grothaven"}),
        ("where", "It lies near Aue.", {"near aue"}),
        ("where", "Es liegt im November am Montag tief.", set()),
        ("why", "Sie streiken, weil der Lohn sinkt.", {"weil"}),
        ("why", "It closed because of cracks.", {"because"}),
        ("why", "Sie streiken weiter.", set()),
        ("saying", "Er sei krank.", {"sei"}),
        ("saying", "„Ja“, rief sie.", {"„", "“"}),
        ("saying", "Er ist krank.", set()),
        ("name", "Die Fähre heißt so.", {"heißt"}),
        ("name", "Sie taufte die „Möwe“.", {"„"}),
        ("name", "A boat known as Gull.", {"known as"}),
        ("name", "Die Fähre fährt.", set()),
        ("who", "Das sagte Wiebke Tamsen gestern.", {"wiebke tamsen"}),
        ("who", "Es kam Ursula von Leyen.", {"ursula von leyen"}),
        ("who", "Es kam keiner.", set()),
        ("who", "Die Brücke ist alt. Am Montag regnet es.", set()),
        ("how", "Man hob es mit einem Kran.", {"mit"}),
        ("how", "They did it by night.", {"by"}),
        ("how", "Es gelang gestern.", set()),
    ],
)
def test_what_a_sentence_holds(asked, text, things):
    assert held(Asked(asked), "?", text) == things
    assert is_asked(Asked(asked), "?", text) == bool(things)


def test_every_kind_but_a_thing_is_looked_for_above():
    tested = {row[0] for row in test_what_a_sentence_holds.pytestmark[0].args[1]}
    assert tested == {kind.value for kind in Asked} - {"thing"}


@pytest.mark.parametrize(
    ("question", "known", "new"),
    [
        ("Wer ist Anna Berg?", "Anna Berg kam.", "Es kam Udo Tal."),
        ("Wann war nach dem 3. Mai 1987 Ruhe?", "Am 3. Mai 1987.", "Am 3. Mai 1990."),
        ("Was kostet die Fähre für 30 Euro heute?", "Sie kostete 30 Euro.", "Sie kostet 31 Euro."),
        ("Wie viele von den 14 Booten sanken?", "Es gab 14 Boote.", "Es sanken 9 Boote."),
        ("Wo ist die Brücke in Grothaven?", "Sie ist in Grothaven.", "Sie ist am Hafen."),
    ],
)
def test_what_the_question_names_is_no_answer(question, known, new):
    asked = asked_for(question)
    assert not is_asked(asked, question, known)
    assert is_asked(asked, question, new)
    assert held(asked, question, f"{known} {new}") == held(asked, question, new)


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Wie viele Leute kamen 2014?", "Es kamen 14 Leute."),
        ("Warum wurde gesperrt?", "Man sperrte, um zu bauen."),
        ("Wann war das in Mainz?", "Das war im Mai."),
    ],
)
def test_what_only_stands_inside_a_word_of_the_question_is_not_named_by_it(question, text):
    assert is_asked(asked_for(question), question, text)


@pytest.mark.parametrize("text", ["Es regnet.", "", "😀"])
def test_where_anything_would_do_anything_does(text):
    assert is_asked(Asked.THING, "Was war?", text)
    assert held(Asked.THING, "Was war?", text) == set()


@pytest.mark.parametrize("text", ["Er sagte es.", "„Ja.“", "Er ging, ERKLÄRTE sie.", '"No."'])
def test_speech_is_quoted_or_said(text):
    assert holds_speech(text)


@pytest.mark.parametrize("text", ["Er ging.", "Ein Zitatenschatz.", "Absagen trafen ein.", ""])
def test_other_sentences_are_no_speech(text):
    assert not holds_speech(text)


# --- any text --------------------------------------------------------------------------------

PIECES = st.sampled_from(
    ["52", "(52)", "3.", "Mai", "1987", "–", "1990", "Euro", "Mio.", "%", "$", "drei", "Wochen",
     "Anna", "Berg", "von", "in", "„", "“", "weil", "wie", "viel", "lange", "WER", "ß", "ẞ", "İ",
     "e\u0301", "\u00ad", "Uhr", "12.500,3", "½", "①"]
)  # fmt: skip
TEXTS = st.text(max_size=60) | st.lists(PIECES, max_size=12).map(" ".join)


@given(TEXTS, TEXTS)
def test_any_text_can_be_asked_and_answered_and_what_is_held_stands_there(question, text):
    assert asked_for(question) in Asked
    for kind in Asked:
        things = held(kind, question, text)
        assert all(thing in text.lower() for thing in things)
        assert is_asked(kind, question, text) == (bool(things) or kind is Asked.THING)


@pytest.mark.parametrize(
    "piece", ["a", "1", "1.", "wie viel ", "drei ", "Ab ", "was ", "welche ", "what is ", "A-"]
)
def test_a_long_text_is_read_at_once(piece):
    text = (piece * 600)[:600]
    started = time.process_time()
    asked_for(text)
    for kind in Asked:
        held(kind, "?", text)
    assert time.process_time() - started < 0.5
