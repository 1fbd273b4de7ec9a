"""Other ways to say the same that need no knowledge of the language.

Knows nothing of the checker.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

_SAYING = dict(
    pair.split("=")
    for pair in """sagte=erklärte erklärte=sagte betonte=sagte rund=etwa etwa=rund
    Samstag=Sonnabend jedoch=allerdings mehrere=einige starben=kamen_ums_Leben getötet=umgebracht
    begann=fing_an erhielt=bekam zwei=2 drei=3 vier=4 fünf=5 zwölf=12 Prozent=% %=Prozent dass=daß
    beendet=abgeschlossen errichtet=gebaut verwendet=benutzt""".split()
)
_IN_BRACKETS = re.compile(r" \([^()]*\)")
_RELATIVE = re.compile(r", (?:der|die|das|den|dem) [^,;.]{10,80},")
_QUOTED = re.compile(r"[„“”«»\"]")


def reworded(text: str) -> Iterator[str]:
    """Yield ``text`` with another word for one of it, a reporting phrase, or a part left out."""
    yield f"Laut dem Bericht: {text}"
    for old, new in _SAYING.items():
        match = re.search(rf"(?<![\w.,]){re.escape(old)}(?![\w])", text)
        if match and not _QUOTED.search(text[: match.start()]):  # a quotation stays as it is
            yield text[: match.start()] + new.replace("_", " ") + text[match.end() :]
    shorter = (pattern.sub("", text) for pattern in (_IN_BRACKETS, _RELATIVE))
    yield from (other for other in shorter if other not in ("", text))
