"""What the tests of ``rag.verification`` share."""

import datetime

from rag.verification import Source, verify


def problems(statement, text, *, background="", date=None, language="de"):
    """Return the kinds of problems that the check of a statement against a text finds."""
    day = date and datetime.date.fromisoformat(date)
    found = verify(statement, Source(text, background, day, language)).problems
    return {problem.kind for problem in found}
