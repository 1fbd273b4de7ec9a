"""Boilerplate by its own words: consent notices, machine summaries, sign-ups, footers, widgets.

Tables of German and English cues. A rule wants several of them at once, so that news ABOUT cookies
or newsletters survives; when in doubt it is journalism. Looks at one paragraph, never around it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

# The longest notice met so far has 560 characters; the median news paragraph has 400.
_LONGEST_NOTICE = 900
_LONGEST_LINE = 200
# A notice glued to journalism is left alone unless its cues span a good part of the paragraph:
# 28 % in the tersest sign-up line of the samples, 50 % where a teaser stands before an AI notice.
_SHARE_OF_PARAGRAPH = 0.25


def _any(*alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(alternatives)})")


@dataclass(frozen=True, slots=True)
class _Rule:
    """Every cue must be found outside quotation marks; ``hints`` are a cheap look before that."""

    hints: tuple[str, ...]
    cues: tuple[re.Pattern[str], ...]


# The site speaks to its reader (1) about storing or loading something (2) and offers a choice (3).
_CONSENT = _Rule(
    ("cookie", "extern", "drittanbieter", "personenbezogen", "third part", "personal data"),
    (
        _any(
            r"wir (?:und unsere|verwenden|nutzen|setzen|benötigen|brauchen|bitten)",
            r"(?:ihrer?|deiner?) (?:zustimmung|einwilligung|einverständnis)",
            r"ich bin (?:damit )?einverstanden",
            r"(?:möchtest|willst) du (?:diese|den|das|externe)",
            r"(?:möchten|wollen) sie (?:diese|den|das|externe)",
            r"(?:falls|wenn|sofern) (?:du|sie) (?:damit )?einverstanden",
            r"erlaube(?:n sie)? uns",
            r"an dieser stelle (?:finde|befinde|sehen|siehst|steh)",
            r"diese[rs]? (?:externe )?(?:inhalt|karte|video|beitrag)\w* (?:wird|stammt|kommt)",
            r"we (?:and our|use|need|ask)",
            r"(?:by|when) (?:clicking|continuing|using this)",
            r"your (?:consent|permission|privacy|choices)",
            r"if you (?:load|accept|agree|consent|click)",
            r"this \w+ (?:is (?:supplied|provided)|includes|contains)",
        ),
        _any(
            r"cookies?\b",
            r"externe[rnms]? (?:inhalt|medien|dienst)",
            r"drittanbieter|drittplattform",
            r"personenbezogene",
            r"(?:external|embedded|third[- ]party) (?:content|media|services)",
            r"third parties|personal data",
        ),
        _any(
            r"(?:inhalte?|karte|video|beitrag|cookies|tweet|alle) (?:\w+ )?"
            r"(?:laden|anzeigen|zulassen|akzeptieren|erlauben|aktivieren|freigeben)",
            r"(?:cookies|externe inhalte) (?:zu )?(?:setzen|gesetzt|angezeigt|geladen)",
            r"einverstanden und|nein danke|mehr infos|einstellungen (?:ändern|anpassen|verwalten)",
            r"daten(?:schutz(?:erklärung|hinweis|einstellung))",
            r"(?:load|show|view|accept|allow|manage) (?:the )?(?:content|all|cookies|preferences)",
            r"(?:privacy|cookie) (?:policy|settings|notice)|accept and continue",
        ),
    ),
)

# A machine wrote this (1), it may be wrong (2), and here are the buttons of the box (3).
_MACHINE_SUMMARY = _Rule(
    ("intelligen", "automati", "ki-", " ki ", " ai ", "ai-"),
    (
        _any(
            r"künstliche[rn]? intelligenz",
            r"ki\b",
            r"ki-",
            r"ai\b",
            r"ai-",
            r"artificial int",
            "automati",
        ),
        _any(
            r"lernt noch",
            r"macht (?:vielleicht|möglicherweise|manchmal) fehler",
            r"fehler (?:enthalten|machen|aufweisen)",
            r"(?:contain|make) (?:errors|mistakes|inaccuracies)",
        ),
        _any(
            r"(?:feedback|rückmeldung) (?:senden|geben)",
            r"(?:mehr|alles) (?:anzeigen|erfahren)",
            r"diese (?:automatische )?zusammenfassung|this (?:\w+ )?summary",
            r"(?:give|send) feedback|(?:show|learn|see) more",
        ),
    ),
)

# A letter to subscribe to (1), in the imperative (2): "Tausende bestellten den Newsletter" is news.
_SIGN_UP = _Rule(
    ("newsletter", "push-", "whatsapp-kanal", "whatsapp channel", "inbox", "postfach"),
    (
        _any(r"newsletter", r"push-(?:nachricht|mitteilung)", r"whatsapp[- ](?:kanal|channel)"),
        _any(
            r"melden? (?:sie sich|dich)",
            r"(?:abonnieren|bestellen|registrieren) sie|abonniere (?:jetzt|hier|unseren)",
            r"(?:jetzt|hier) (?:[\w“”-]+ ){0,5}(?:anmelden|abonnieren|bestellen)",
            r"(?:direkt|kostenlos|täglich) in (?:ihr|dein)(?:em)? (?:e-mail-)?postfach",
            r"zu[mr] (?:[\w-]*newsletter|anmeldung)$",
            r"(?:sign up|subscribe|register) (?:for|to) (?:our|my)\b",
            r"(?:sign up|subscribe) (?:now|here|today)|(?:in|to) your inbox",
        ),
    ),
)
_RULES = (_CONSENT, _MACHINE_SUMMARY, _SIGN_UP)

# Journalism tells who said it; a notice never does.
_REPORTED = _any(
    r"sagten?\b|erklärten?\b|warnt|kritisier|forder|betont|teilten?\b|nach angaben|laut\b|zufolge",
    r"urteil|rät\b|riet\b|empfiehlt|empfahl|said|says|told|warn(?:s|ed)\b|argue|according to",
)
_QUOTATION = re.compile(r"[„“«»\"][^„“”«»\"]*[“”«»\"]")

# Short lines that lead elsewhere. Some phrases could begin a sentence of the news ("Mehr zum Thema
# will die Ministerin nicht sagen."): those need a colon, and no full stop at the end.
_LEADS_AWAY = re.compile(
    r"\W*(?:(?:lesen|hören|sehen|schauen) sie (?:auch|hier|dazu|mehr)\b|lies (?:auch|hier|mehr)\b"
    r"|das (?:könnte|dürfte) (?:sie|dich) auch interessieren|you (?:may|might) also like\b"
    r"|(?:mehr (?:zum thema|dazu|lesen)|auch interessant|passend dazu|siehe auch"
    r"|(?:themen)?verwandte[rs]? (?:artikel|themen|beiträge)"
    r"|(?:weitere|mehr) (?:\w+ )?(?:artikel|beiträge|meldungen)"
    r"|read (?:more|also)|see also|more on this (?:story|topic)"
    r"|related (?:articles?|stories|topics|coverage))\b"
    r"(?=[^:.!?]{0,30}:(?:.*[^.])?$|[^.!?]*$))"
)
# Agency and copyright lines, and the whole line must be that.
_FOOTER = re.compile(
    r"\W*(?:(?:©|\(c\)|copyright(?: by|:)?)\W*(?:[12]\d{3}|dpa|afp|apa|sda|reuters|ap\b|epd|kna).*"
    r"|.*\bdpa-infocom\b.*|.{0,80}\b(?:alle rechte vorbehalten|all rights reserved)\W*"
    r"|(?:quellen?|mit material von|source):? (?:[\w./-]+[ ,]{0,2}){0,3}"
    r"(?:dpa|afp|apa|sda|reuters|ap|epd|kna|sid|den agenturen)(?:[/, ]+\w{2,4}){0,3}\W*)$"
)
# What buttons are called. A line that is nothing but labels, numbers and signs is a widget.
_LABEL = _any(
    r"auf (?:facebook|twitter|x|whatsapp|linkedin) teilen|per (?:e-)?mail (?:teilen|versenden)",
    r"share (?:on|via) (?:facebook|twitter|x|whatsapp|linkedin|e-?mail)|copy link|link kopieren",
    r"(?:artikel |beitrag |seite )?(?:teilen|drucken|merken|anhören|speichern|kommentieren)\b",
    r"(?:zu den |alle )?kommentaren?\b|kommentar(?:e|bereich| schreiben)\b|leave a comment\b",
    r"share(?: this)?(?: article| story)?\b|print\b|comments?\b|facebook\b|twitter\b|whatsapp\b",
    r"e-?mail\b",
    r"(?:externen? |alle )?(?:inhalte? |cookies )(?:laden|anzeigen|akzeptieren|zulassen)",
    r"(?:feedback|rückmeldung) (?:senden|geben)|(?:mehr|alles|weniger) anzeigen|show (?:more|less)",
    r"(?:alle |accept )(?:akzeptieren|all)\b|ablehnen\b|reject all\b|cookie-einstellungen\b",
    r"\d+ min(?:uten?)?\.? lesezeit\b|(?:lesezeit|lesedauer):? (?:ca\. )?\d+ min(?:uten?)?\b",
    r"\d+[ -]min(?:ute)?s? read\b|anzeige\b|werbung\b|advertisement\b",
)
_NOT_A_LETTER = re.compile(r"[\W\d_]*")
_NOT_ALONE = {"facebook", "twitter", "whatsapp", "e-mail", "email", "print"}  # may be a heading
_LONGEST_WIDGET = 120
# How the box of an automatic summary begins; it ends with the notice that a machine wrote it.
_BOX_OPENS = re.compile(
    r"\W*(?:darum geht'?s|kurz und knapp|kurz zusammengefasst|das wichtigste|auf einen blick"
    r"|in kürze|zusammenfassung|summary|key points|in brief|at a glance|the essentials)\b"
)


def normalised(text: str) -> str:
    """Return the text in one line of small letters, as the tables above expect it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text.replace("\u00ad", "").replace("’", "'"))
    return " ".join(text.lower().split())


def is_notice(text: str) -> bool:
    """Whether a paragraph is boilerplate by its own words alone, whatever stands around it.

    This and what follows expect a text that is ``normalised``.
    """
    if len(text) <= _LONGEST_LINE and (_is_widget(text) or leads_away(text)):
        return True
    return _is_footer(text) or any(_applies(rule, text) for rule in _RULES)


def leads_away(text: str) -> bool:
    """Whether it begins like a teaser: "Mehr zum Thema", "Lesen Sie auch"."""
    return bool(_LEADS_AWAY.match(text))


def opens_summary(text: str) -> bool:
    """Whether it begins like the box of an automatic summary: "Darum gehts"."""
    return bool(_BOX_OPENS.match(text))


def ends_summary(text: str) -> bool:
    """Whether it says that a machine wrote what stands above it."""
    return _applies(_MACHINE_SUMMARY, text)


def _is_widget(text: str) -> bool:
    """Whether nothing but labels is here, or no letter and no digit at all ("* * *")."""
    if len(text) > _LONGEST_WIDGET or text in _NOT_ALONE:
        return False
    rest, labels = _LABEL.subn("", text)
    return bool(_NOT_A_LETTER.fullmatch(rest)) and (labels > 0 or not re.search(r"\d", rest))


def _is_footer(text: str) -> bool:
    return len(text) <= _LONGEST_LINE and bool(_FOOTER.match(text))


def _applies(rule: _Rule, text: str) -> bool:
    if len(text) > _LONGEST_NOTICE or not any(map(text.__contains__, rule.hints)):
        return False
    text = _QUOTATION.sub("“”", text)  # what is quoted is somebody's word, not the site's
    spans = []
    for cue in rule.cues:
        found = [match.span() for match in cue.finditer(text)]
        if not found:
            return False
        spans += [found[0], found[-1]]
    start, end = min(spans)[0], max(end for _, end in spans)
    return end - start >= _SHARE_OF_PARAGRAPH * len(text) and not _REPORTED.search(text, start)
