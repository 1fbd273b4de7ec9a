"""All settings, in one frozen object: defaults, ``beleg.toml``, ``BELEG_*``, then what is passed.

Knows names, types and ranges, nothing of what the settings do.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.errors import SettingsError

_PREFIX = "BELEG_"


class Settings(BaseSettings):
    """Every setting, its default and its range."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        toml_file="beleg.toml",
        extra="forbid",
        frozen=True,
    )

    store: Path = Field(Path(".beleg"), description="folder of the store")
    embedding: str = Field("subword", description="`subword`, or `provider:model`")
    model: str = Field(
        "quoting", description="who answers: `quoting` cites verbatim, or `provider:model`"
    )
    base_url: str | None = Field(
        None, description="address of a server that speaks OpenAI's language, for `openai:` models"
    )
    timeout: float = Field(
        60, gt=0, le=3600, description="seconds until an answer is there, whatever a model does"
    )
    retries: int = Field(2, ge=0, le=10, description="how often a failed call is repeated")
    concurrency: int = Field(8, ge=1, le=1000, description="calls of a language model at once")
    unproven: Literal["drop", "show"] = Field(
        "drop", description="sentences that no source proves: `drop`, or `show` them as unverified"
    )
    second_check: bool = Field(
        False, description="let the model look for contradictions in what the checks accepted"
    )
    input_price: float = Field(0, ge=0, description="price of a million tokens read, for `cost`")
    output_price: float = Field(0, ge=0, description="price of a million tokens written")
    # Of the answerable dev questions .42 lets 79 % (hand-written), 80 % (samples) and 90 % (XQuAD)
    # through; of the same asked of archives without what answers them, 79, 61 and 80 % are refused,
    # of those that no archive answers 50 and 62 %. With .35: 83, 83, 92 %; 69, 54, 75 %; 39, 50 %.
    # Below .5 a note tells the reader that the answer is unsure.
    threshold: float = Field(
        0.42, ge=0, le=1, description="confidence below which the answer is `not_in_corpus`"
    )
    host: str = Field("127.0.0.1", description="address the server listens on")
    port: int = Field(7860, ge=0, le=65535, description="its port")

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Read what is passed, the environment and ``beleg.toml``, in this order of precedence."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(**given: Any) -> Settings:
    """Return the settings; ``given`` values that are not ``None`` win over all other sources.

    Raises:
        SettingsError: a key is unknown, a value is out of range, or ``beleg.toml`` is not TOML.
    """
    _refuse_unknown_variables()
    try:
        return Settings(**{key: value for key, value in given.items() if value is not None})
    except ValidationError as error:
        raise SettingsError(_first_problem(error)) from error
    except (OSError, ValueError) as error:
        raise SettingsError(f"beleg.toml cannot be read as TOML: {error}") from error


def _refuse_unknown_variables() -> None:
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    for variable in os.environ:
        if variable.upper().startswith(_PREFIX) and variable.upper() not in known:
            raise SettingsError(
                f"environment variable {variable} is no setting: "
                f"known are {', '.join(sorted(known))}"
            )


def _first_problem(error: ValidationError) -> str:
    problem = error.errors()[0]
    name = ".".join(map(str, problem["loc"]))
    if problem["type"] == "extra_forbidden":
        return f"setting {name!r} is unknown: known are {', '.join(sorted(Settings.model_fields))}"
    return f"setting {name!r} is {problem['input']!r}: {problem['msg']}"
