"""A reply without the thoughts that some local models write before it: ``<think>…</think>``.

They are no part of the answer, however long they are. Knows nothing of what a reply says.
"""

from __future__ import annotations

_BEGIN, _END = "<think>", "</think>"


class Thoughts:
    """Takes a reply piece by piece, and gives what is no thought."""

    def __init__(self) -> None:
        self._held = ""  # the beginning, while it may be a thought; inside of one, its latest end
        self._inside = False
        self._over = False

    def without(self, piece: str) -> str:
        """Return what of the reply can be given after this piece."""
        if self._over:
            return piece
        self._held += piece
        if not self._inside and self._may_begin():
            return ""
        return self._after_thought() if self._inside else self.rest()

    def rest(self) -> str:
        """Return what is still held; a thought that has no end is none of the reply."""
        held, self._held, self._over = self._held, "", True
        return "" if self._inside else held

    def _may_begin(self) -> bool:
        begun = self._held.lstrip()
        self._inside = begun.startswith(_BEGIN)
        return not self._inside and _BEGIN.startswith(begun)

    def _after_thought(self) -> str:
        _, end, after = self._held.partition(_END)
        if not end:
            self._held = self._held[-len(_END) :]
            return ""
        self._inside, self._held = False, after
        return self.rest()
