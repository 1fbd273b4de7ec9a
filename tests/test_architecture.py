"""What holds the house together: imports run one way, and every file says what it is for."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FOLDERS = ("index", "rag", "ui", "prompts")
MODULES = sorted(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.py"))
ALL_FILES = [path for folder in (*FOLDERS, "tests", ".ci") for path in (ROOT / folder).rglob("*")]
SUFFIXES = {"", ".py", ".toml", ".txt", ".md", ".sh", ".js", ".css"}
TEXTS = [p for p in [*ROOT.iterdir(), *ALL_FILES] if p.is_file() and p.suffix in SUFFIXES]
FORBIDDEN = {
    "index": {"rag", "ui", "prompts", "gradio", "fastapi"},
    "rag": {"ui", "gradio", "chromadb", "tantivy"},
    "ui": {"chromadb", "tantivy"},
}


def imported(path):
    """Return the full names of all that is imported anywhere in a file."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def id_of(path):
    return path.relative_to(ROOT).as_posix()


def test_there_is_something_to_look_at():
    assert {path.parent.name for path in MODULES} >= {"index", "rag", "ui"}
    assert {"pyproject.toml", "Makefile", "README.md"} <= {path.name for path in TEXTS}


@pytest.mark.parametrize("path", MODULES, ids=id_of)
def test_imports_run_one_way(path):
    folder = path.relative_to(ROOT).parts[0]
    assert not {name.split(".")[0] for name in imported(path)} & FORBIDDEN.get(folder, set())


@pytest.mark.parametrize("path", MODULES, ids=id_of)
def test_every_module_says_what_it_does(path):
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))
    assert said
    assert said.splitlines()[0].endswith((".", ":", "?"))


@pytest.mark.parametrize("path", MODULES, ids=id_of)
def test_every_module_can_be_read_in_one_sitting(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


@pytest.mark.parametrize("folder", ["index", "rag", "ui"])
def test_there_are_no_import_cycles(folder):
    modules = {f"{folder}.{path.stem}": path for path in (ROOT / folder).glob("*.py")}
    needs = {
        name: {other for other in modules if any(f"{n}.".startswith(f"{other}.") for n in names)}
        for name, names in ((name, imported(path)) for name, path in modules.items())
    }
    while leaves := {name for name, needed in needs.items() if not needed & set(needs)}:
        needs = {name: needed for name, needed in needs.items() if name not in leaves}
    assert needs == {}


def test_no_file_names_a_package_index():
    address = re.compile(r"--?(?:extra-)?index-url|https?://\S+/simple|find-links|trusted-host")
    named = [id_of(p) for p in TEXTS if p != Path(__file__) and address.search(p.read_text())]
    assert named in ([], ["Makefile"])  # there only "--no-emit-index-url"
    assert "index-url" not in (ROOT / "Makefile").read_text().replace("--no-emit-index-url", "")


def test_no_file_knows_a_path_of_this_machine():
    here = re.compile(rf"{re.escape(str(ROOT))}\b|/home/\w|/work/\w|/Users/\w|/root/")
    assert [id_of(p) for p in TEXTS if p != Path(__file__) and here.search(p.read_text())] == []


@pytest.mark.parametrize(
    ("module", "heavy"),
    [
        ("index.sync", ["chromadb", "trafilatura", "langchain_openai", "langchain"]),
        ("index.store", ["chromadb", "trafilatura"]),
        ("rag", ["chromadb", "langchain_core", "numpy", "index"]),
        ("ui.cli", ["chromadb", "gradio", "langchain_core", "numpy", "rich"]),
    ],
)
def test_what_is_heavy_is_imported_late(module, heavy):
    program = f"import sys, {module}; print([m for m in {heavy} if m in sys.modules])"
    printed = subprocess.check_output([sys.executable, "-c", program], text=True)
    assert ast.literal_eval(printed) == []
