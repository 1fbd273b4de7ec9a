"""Characters that nobody sees but a machine reads: they carry text, hide it or turn it around.

What writing needs stays: soft hyphens, joiners, direction marks, combining marks, and a variation
selector after its character. Only a run of those that no writing has is a message, and goes. Knows
nothing of formats, nor of what a page hides by its style.
"""

from __future__ import annotations

import re

_NEVER_NEEDED = (
    "\u180e\u200b\u2060-\u2065\ufeff"  # zero-width spaces, word joiner, invisible operators
    "\u202a-\u202e\u2066-\u2069"  # embeddings, overrides, isolates: not in the order they are read
    "\u206a-\u206f\ufff9-\ufffb"  # deprecated switches; what annotates between the lines
    "\U0001d173-\U0001d17a"  # beams and slurs
    "\U000e0000-\U000e007f"  # tags, a second ASCII; without them the flag of Wales is a black one
)
_SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
_MARKS = f"\u00ad\u034f\u061c\u200c-\u200f{_SELECTORS}"

_ANY = re.compile(f"[{_NEVER_NEEDED}{_MARKS}]")
_RUN = re.compile(f"{_ANY.pattern}+")
_NOTHING = re.compile(f"[{_NEVER_NEEDED}]+")
# An emoji has a selector and a joiner in a row, right-to-left text a direction mark more.
_MESSAGE = re.compile(f"[{_SELECTORS}]{{2}}|[{_MARKS}]{{4}}")


def visible(text: str) -> str:
    """Return ``text`` without what nobody sees in it; all other characters are as they were."""
    return _RUN.sub(_needed, text) if _ANY.search(text) else text


def _needed(run: re.Match[str]) -> str:
    marks = _NOTHING.sub("", run[0])
    return "" if _MESSAGE.search(marks) else marks
