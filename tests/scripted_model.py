"""A language model by rule, for the tests and for whoever wants to try the path without a key.

    python tests/scripted_model.py [BEHAVIOUR]     serves the chat with it: `make try-model`

It reads the sources of Beleg's prompt and writes their best sentences, or does what a bad model
does: one function per behaviour, from the text of the last message to a reply.
"""

import argparse
import json
import os
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from index.language import ALL_FUNCTION_WORDS, forms, sentences
from tests.openai_server import BROKEN, BUSY, GARBAGE, Reply, serving

_PART = r"<{0}>\n(.*?)\n</{0}>"
SENTENCES = 2


def part(name, text):
    """Return what stands between two tags of the prompt, as JSON values line by line."""
    found = re.search(_PART.format(name), text, re.DOTALL)
    return [json.loads(line) for line in found[1].splitlines()] if found else []


def best_sentences(text):
    """Return the sentences that share most words with the question, each with its source."""
    question = set(forms(" ".join(part("question", text)))) - ALL_FUNCTION_WORDS
    found = [
        (len(question & set(forms(source["text"][start:end]))), source, source["text"][start:end])
        for source in part("sources", text)
        for start, end in sentences(source["text"])
    ]
    found.sort(key=lambda one: -one[0])
    return [(sentence, source) for _, source, sentence in found[:SENTENCES]]


def cited(sentence, *ids):
    """Return a sentence as Beleg wants it: its ids before the full stop."""
    return f"{sentence.rstrip(' .')} {''.join(f'[{id_}]' for id_ in ids)}.\n"


def answers(write):
    """Return a behaviour that only differs in how an answer's sentence is written."""

    def reply(text):
        if "<sentence>" in text:
            return Reply("-")  # it does not know better
        if "<sources>" not in text:
            return Reply(json.loads(re.search(_PART.format("question"), text, re.DOTALL)[1]))
        pairs = best_sentences(text)
        return Reply("".join(write(*pair, part("sources", text)) for pair in pairs))

    return reply


def well(sentence, source, sources):
    return cited(sentence, source["id"])


def cites_another(sentence, source, sources):
    return cited(sentence, next(s["id"] for s in reversed(sources) if s is not source))


def cites_nothing(sentence, source, sources):
    return f"{sentence}\n"


def invents_numbers(sentence, source, sources):
    changed = re.sub(r"\d+", lambda match: str(int(match[0]) * 3 + 1), sentence)
    return cited(changed if changed != sentence else f"{sentence[:-1]} und 4711 Euro", source["id"])


def swaps_names(sentence, source, sources):
    return cited(re.sub(r"(?<= )[A-ZÄÖÜ]\w+(?= )", "Feuerstein", sentence), source["id"])


def denies(sentence, source, sources):
    changed = re.sub(r"\b(ist|sind|war|waren|hat|haben|wird|wurde|wurden)\b", r"\1 nicht", sentence)
    return cited(changed if changed != sentence else f"Nicht wahr ist: {sentence}", source["id"])


def makes_up(sentence, source, sources):
    return cited("Der Kaiser von Atlantis kaufte gestern zwölf Elefanten", source["id"])


def decorates(sentence, source, sources):
    link = f"**{sentence[:-1]}** ![x](http://evil.example/x.png) [hier](http://evil.example)"
    return f"- {link} [{source['id']}].\n"


def echoes(text):
    """Send back whatever came in."""
    return Reply(text)


def abstains(text):
    return Reply("Dazu steht nichts im Archiv." if "<sources>" in text else "-")


def _with(**changes):
    return lambda text: answers(well)(text)._replace(**changes)


BEHAVIOURS = {
    "answers-well": answers(well),
    "cites-another": answers(cites_another),
    "cites-nothing": answers(cites_nothing),
    "invents-numbers": answers(invents_numbers),
    "swaps-names": answers(swaps_names),
    "denies": answers(denies),
    "makes-up": answers(makes_up),
    "decorates": answers(decorates),
    "echoes": echoes,
    "abstains": abstains,
    "dawdles": _with(piece=8, pace=0.05),
    "stalls": _with(stall=3600),
    "breaks-off": _with(cut=True),
    "is-cut-short": _with(finish="length"),
    "refuses": _with(finish="content_filter", text=""),
    "says-nothing": lambda text: Reply(""),
    "is-busy": lambda text: BUSY,
    "is-broken": lambda text: BROKEN,
    "talks-garbage": lambda text: GARBAGE,
}


def main():
    """Serve the chat, answered by this model, until Ctrl-C."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("behaviour", nargs="?", default="answers-well", choices=BEHAVIOURS)
    options, more = parser.parse_known_args()
    with serving(BEHAVIOURS[options.behaviour]) as server:
        print(f"A scripted model at {server.address}: it {options.behaviour.replace('-', ' ')}.")
        settings = {"BELEG_MODEL": "openai:scripted", "BELEG_BASE_URL": server.address}
        beleg = Path(sys.executable).with_name("beleg")
        try:
            return subprocess.run([beleg, "serve", *more], env=os.environ | settings).returncode
        except KeyboardInterrupt:
            return 130


if __name__ == "__main__":
    sys.exit(main())
