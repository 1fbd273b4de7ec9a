"""Every error Beleg raises on purpose, as one small tree.

    BelegError
    ├── SettingsError        a setting is unknown or out of range
    ├── CorpusError          the files named cannot become an archive
    ├── StoreError           the store is absent, damaged or does not fit
    │   ├── StoreMissing     there is no published generation
    │   ├── StoreBusy        another process is writing
    │   └── EmbeddingMismatch  built with another embedding than the settings name
    ├── GoldenError          a golden set, baseline or bar cannot be used
    ├── ModelError           a model did not answer in time, or not as it should
    ├── QuestionError        the question or one of its parameters cannot be understood
    └── NotFound             no such article

Each message is one line: what happened, the value, and what to do next. Knows nothing of how an
error is shown: the command line prints one line and exits 2, the server answers with JSON.
"""

from __future__ import annotations


class BelegError(Exception):
    """Base of every error a user can cause or mend."""


class SettingsError(BelegError):
    """A setting is unknown, malformed or out of range."""


class CorpusError(BelegError):
    """The files and folders named cannot become an archive."""


class StoreError(BelegError):
    """The store is damaged, of another format, or does not fit the settings."""


class StoreMissing(StoreError):
    """There is no published generation at this place."""


class StoreBusy(StoreError):
    """Another process holds the writer's lock."""


class EmbeddingMismatch(StoreError):
    """The store was built with another embedding than the settings name."""


class GoldenError(BelegError):
    """A golden set, a baseline run or a bar cannot be used."""


class ModelError(BelegError):
    """A model did not answer in time, or not as it should."""


class QuestionError(BelegError):
    """The question or one of its parameters cannot be understood."""


class NotFound(BelegError):
    """What was asked for by its id is not in the archive."""


def first_line(error: BaseException) -> str:
    """Return what an error of any library says, in one line."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]
