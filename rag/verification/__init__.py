"""Does the cited paragraph really say this sentence?

Deterministic: a quotation must stand there verbatim; a reworded sentence needs every number and
nearly all of its content words. Knows texts only, not where they come from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.language import ALL_FUNCTION_WORDS, forms
from rag.matching import presence

_MARKS = "«»„“”\"‹›‚‘’' "
_COVERED = 0.8  # share of content words that must stand in the cited text
_SURE = 0.7  # from here on a word counts as standing there


def supports(sentence: str, sources: Sequence[str]) -> bool:
    """Tell whether the texts in ``sources``, taken together, say what ``sentence`` says."""
    if any(_stands_in(_unquoted(sentence), source) for source in sources):
        return True
    said = [form for form in forms(sentence) if form not in ALL_FUNCTION_WORDS]
    there = [form for source in sources for form in forms(source)]
    present = presence(said, there)
    numbers = [form for form in said if form[0].isdigit()]
    if not said or any(number not in there for number in numbers):
        return False
    return sum(present[form] >= _SURE for form in said) >= _COVERED * len(said)


def _stands_in(quotation: str, source: str) -> bool:
    """Tell whether the words stand there verbatim; ``5 Euro`` does not stand in ``1,5 Euro``."""
    words = re.escape(_flat(quotation))
    whole = rf"(?<!\w)(?<!\d[.,]){words}(?!\w)(?![.,]\d)"
    return bool(forms(quotation)) and re.search(whole, _flat(source)) is not None


def _unquoted(sentence: str) -> str:
    """Return the sentence without the quotation marks put around the whole of it."""
    text = sentence.strip()
    return text[1:-1] if text[:1] in _MARKS and text[-1:] in _MARKS else text


def _flat(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
