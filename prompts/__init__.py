"""What language models are told: one file per prompt, its placeholders checked when it is loaded.

A line ``---`` parts what the model is told from what it is given. Knows files and placeholders
(``$name``), nothing of models.
"""

from __future__ import annotations

import json
import re
from collections.abc import Set
from importlib import resources
from string import Template
from typing import Any, NamedTuple

_PARTED = "\n---\n"
# What would end a part or a line for one who does not read JSON, and what UTF-8 cannot write.
_UNSAFE = re.compile(r"[<\x85\u2028\u2029\ud800-\udfff]")


class Messages(NamedTuple):
    """What a model is told (``system``), and what it is given (``user``)."""

    system: str
    user: str


class Prompt(NamedTuple):
    """Both parts of a prompt, to be filled."""

    system: Template
    user: Template

    def fill(self, **values: str) -> Messages:
        """Return both parts with the placeholders replaced."""
        return Messages(self.system.substitute(values), self.user.substitute(values))


def load(name: str, placeholders: Set[str]) -> Prompt:
    """Return the prompt ``name``; without a parting line all of it is the user's part.

    Raises:
        ValueError: its placeholders are not those it will be filled with.
    """
    text = (resources.files("prompts") / f"{name}.md").read_text(encoding="utf-8")
    whole = Template(text)
    if not whole.is_valid() or set(whole.get_identifiers()) != placeholders:
        raise ValueError(
            f"prompts/{name}.md has the placeholders {sorted(whole.get_identifiers())}, "
            f"not {sorted(placeholders)}; a plain dollar sign is written $$"
        )
    system, _, user = text.rpartition(_PARTED)
    return Prompt(Template(system), Template(user))


def data(value: Any) -> str:
    """Return a value as JSON in which no tag can stand, so that it cannot end its own part.

    It is one line, and every character of it can be sent.
    """
    text = json.dumps(value, ensure_ascii=False)
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
