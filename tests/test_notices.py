# ruff: noqa: E501  (notices are as long as they are)
import unicodedata

import pytest

from index.notices import is_notice, normalised
from tests.corpus import PROSE

NOTICES = """\
Externe Inhalte Willst du diesen Beitrag (Video, Karte) ansehen? Wenn du damit einverstanden bist, dass Cookies gesetzt werden und Daten an Dritte fliessen, kannst du externe Inhalte anzeigen lassen. Mehr Infos
Empfohlener redaktioneller Inhalt An dieser Stelle finden Sie einen externen Inhalt, der den Artikel ergänzt. Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden. Mehr dazu in unserer Datenschutzerklärung.
Wir und unsere Partner verwenden Cookies, um Ihr Erlebnis zu verbessern. Alle akzeptieren Einstellungen verwalten
Mit Ihrer Zustimmung wird hier ein externer Inhalt geladen. Dabei können personenbezogene Daten übertragen werden. Inhalt laden
Mit Ihrer Zustimmung wird hier ein externer Inhalt geladen. Dabei können Cookies gesetzt werden.
We use cookies and similar technologies on this site. By clicking you agree to our cookie policy.
External content: this chart is provided by a third party. If you load it, cookies may be stored. Load content
Cookies zulassen
Alle akzeptieren
Lesen Sie auch: So steht es um die Brücken im Land
Lesen Sie hier, was der Umbau kostet.
Mehr zum Thema
Mehr zum Thema: Alle Berichte über die Brücke
Das könnte Sie auch interessieren
Weitere Artikel zum Thema
Read more: How the bridge was built
Related stories
Melden Sie sich jetzt für unseren Newsletter „Talblick“ an und verpassen Sie nichts mehr.
Alles Wichtige am Morgen: Hier den Newsletter „Talblick“ kostenlos bestellen.
Sign up for our weekly newsletter and get five stories in your inbox.
Umbau beginnt im Mai, Kosten steigen weiter Die künstliche Intelligenz des Boten lernt noch und macht vielleicht Fehler. Mehr erfahren Feedback senden Mehr anzeigen
Diese Zusammenfassung wurde mit KI erstellt und kann Fehler enthalten. Rückmeldung geben
This summary was written by artificial intelligence and may contain errors. Show more
© dpa-infocom, dpa:251221-930-12345/3
© 2025 Talbote. Alle Rechte vorbehalten.
Copyright 2025 The Valley Herald. All rights reserved.
Quelle: talbote.de, eb/dpa
Mit Material von dpa
Auf Facebook teilen | Per E-Mail versenden | Drucken
12 Kommentare
Artikel teilen
Anzeige
3 Min. Lesezeit
* * *""".splitlines()


NEWS = """\
Die EU will Cookie-Banner abschaffen. Nutzer sollen künftig nicht mehr auf jeder Seite zustimmen müssen.
Die Kommission will Cookie-Banner abschaffen: Künftig soll ein Klick im Browser genügen, um Cookies zu akzeptieren oder alle abzulehnen.
„Wir verwenden Cookies, alle akzeptieren“: Solche Banner kennt jeder, jetzt sollen die Cookies ohne sie auskommen.
Wer auf „Alle akzeptieren“ klickt, gibt personenbezogene Daten an Drittanbieter weiter, warnt die Verbraucherzentrale.
Wir verwenden Cookies nur noch für die Anmeldung, wer mag, kann alle akzeptieren, sagte der Chef des Verlags.
Ohne Ihre Einwilligung darf niemand Cookies setzen, urteilte der Gerichtshof in Luxemburg.
Der Konzern ließ personenbezogene Daten von externen Diensten auswerten, ohne dass die Kunden einverstanden waren.
Tausende Leser haben den Newsletter der Partei bestellt, obwohl sie sich nie angemeldet hatten.
Die Ministerin verschickt seit Montag einen Newsletter, in dem sie jetzt täglich ihre Termine nennt.
„Melden Sie sich jetzt für unseren Newsletter an“, steht auf den Plakaten der Kampagne.
More than 5,000 people sign up for the newsletter every week, the company said on Tuesday.
Künstliche Intelligenz lernt noch: Der Chatbot der Stadt macht Fehler, wenn es um Bauanträge geht.
Die künstliche Intelligenz macht vielleicht Fehler, aber sie schläft nicht, meint der Forscher.
Mehr zum Thema will die Ministerin erst nach der Sitzung am Freitag sagen.
Weitere Artikel des Gesetzes treten im Januar in Kraft.
Siehe auch: Der Umbau kostet acht Millionen Euro, das steht im Bericht der Prüfer.
Read more than twenty books a year and you belong to a small minority.
Related families were told on Monday, a spokesman for the airline said.
Der Verlag behält sich nach dem Urteil alle Rechte vor, auch am Copyright der Fotos.
Die Werbung für Tabak soll verboten werden
Facebook
Anzeige erstattet
3:1 (1:0)
Hintergrund""".splitlines()


@pytest.mark.parametrize("text", NOTICES)
def test_notices_are_set_aside(text):
    assert is_notice(normalised(text))
    assert is_notice(normalised(unicodedata.normalize("NFD", text)))


@pytest.mark.parametrize("text", NEWS)
def test_news_about_the_same_words_survives(text):
    assert not is_notice(normalised(text))


@pytest.mark.parametrize("notice", [n for n in NOTICES if 90 < len(n) < 170])
def test_a_notice_glued_to_much_journalism_is_left_alone(notice):
    assert not is_notice(normalised((PROSE + " ") * 8 + notice))
