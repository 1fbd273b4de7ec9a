"""Reads what a test writes: one file, one article or one problem."""

import json

from index.article import Article
from index.readers import Problem, SourceFile, read_file
from tests.corpus import PROSE


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return SourceFile(path, path.parent)


def read(path, content):
    return list(read_file(write(path, content)))


def article(path, content):
    [found] = read(path, content)
    assert isinstance(found, Article), found
    return found


def problem(path, content):
    [found] = read(path, content)
    assert isinstance(found, Problem), found
    return found


def texts(found):
    return [paragraph.text for paragraph in found.paragraphs]


def kinds(found):
    return [paragraph.kind.value for paragraph in found.paragraphs]


def record(**fields):
    return json.dumps({"id": "a", "title": "T", "text": PROSE} | fields, ensure_ascii=False)
