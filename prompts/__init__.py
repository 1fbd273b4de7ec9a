"""What language models are told: one file per prompt, its placeholders checked when it is loaded.

Knows files and placeholders (``$name``), nothing of models.
"""

from __future__ import annotations

from collections.abc import Set
from importlib import resources
from string import Template


def load(name: str, placeholders: Set[str]) -> Template:
    """Return the prompt ``name``, to be filled with ``substitute``.

    Raises:
        ValueError: its placeholders are not those it will be filled with.
    """
    text = (resources.files("prompts") / f"{name}.md").read_text(encoding="utf-8")
    prompt = Template(text)
    if not prompt.is_valid() or set(prompt.get_identifiers()) != placeholders:
        raise ValueError(
            f"prompts/{name}.md has the placeholders {sorted(prompt.get_identifiers())}, "
            f"not {sorted(placeholders)}; a plain dollar sign is written $$"
        )
    return prompt
