import datetime
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from tests.corpus import index_articles, numbered, write
from ui.cli import run

BELEG = Path(sys.executable).with_name("beleg")
RISSE = "Wer hat die Risse an der Kranbrücke entdeckt?"
NOWHERE = "Wofür bedankte sich Xaver Quetzal?"
# Python's own buffering, as a user has it: it decides when a closed pipe is noticed.
ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def beleg(capsys):
    """Run a command in this process: exit code, stdout, stderr."""

    def beleg(*arguments):
        try:
            code = run([str(argument) for argument in arguments])
        except SystemExit as exit_:  # argparse leaves this way
            code = exit_.code
        return code, *capsys.readouterr()

    return beleg


def start(*arguments, **options):
    """Start a command as a shell does: a process group of its own, without a terminal."""
    options = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True} | options
    return subprocess.Popen(
        [BELEG, *map(str, arguments)],
        env=ENVIRONMENT,
        start_new_session=True,
        # a shell starts its background jobs, such as these tests, deaf to Ctrl-C
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        **options,
    )


# --- ask and search --------------------------------------------------------------------------


def test_ask_prints_the_answer_and_where_it_stands(beleg, sample_store):
    code, out, err = beleg("ask", RISSE, "--store", sample_store)
    assert (code, err) == (0, "")
    assert "Wiebke Tamsen" in out
    assert re.search(r"^\[1\] .+ \(\w+/[\w-]+#\d+\)$", out, re.MULTILINE)


def test_ask_json_is_one_document_as_python_gives_it(beleg, sample_store, assistant):
    code, out, err = beleg("ask", RISSE, "--store", sample_store, "--json", "--as-of", "2025-12-22")
    expected = assistant.ask(RISSE, as_of=datetime.date(2025, 12, 22)).to_dict()
    assert (code, err) == (0, "")
    assert json.loads(out) | {"timings_ms": None} == expected | {"timings_ms": None}


def test_what_is_not_in_the_corpus_exits_with_1(beleg, sample_store):
    code, out, err = beleg("ask", NOWHERE, "--store", sample_store)
    assert (code, out, err) == (1, "Dazu steht nichts im Archiv.\n", "")
    code, out, _ = beleg("ask", NOWHERE, "--store", sample_store, "--json")
    assert (code, json.loads(out)["status"]) == (1, "not_in_corpus")


def test_search_prints_as_many_hits_as_asked_for(beleg, sample_store):
    code, out, err = beleg("search", "Kranbrücke", "--store", sample_store, "-k", 2)
    assert (code, err) == (0, "")
    assert len(re.findall(r"^\d\.\d{3}  \S+#\d+  ", out, re.MULTILINE)) == 2
    code, out, _ = beleg("search", "Kranbrücke", "--store", sample_store, "--json")
    assert (code, len(json.loads(out)["hits"])) == (0, 10)


def test_a_period_restricts_and_may_leave_nothing(beleg, sample_store):
    day = ("--from", "2025-12-16", "--to", "2025-12-16")
    _, out, _ = beleg("search", "Kranbrücke", "--store", sample_store, "--json", *day)
    assert {hit["date"] for hit in json.loads(out)["hits"]} == {"2025-12-16"}
    nothing = ("search", "Kranbrücke", "--store", sample_store, "--from", "2030-01-01")
    assert beleg(*nothing) == (1, "", "")
    code, out, _ = beleg(*nothing, "--json")
    assert (code, json.loads(out)) == (1, {"hits": []})


# --- index and status ------------------------------------------------------------------------


def test_index_tells_what_it_did_and_status_what_there_is(beleg, folder):
    articles = write(folder / "texts", numbered(5))
    (articles / "leer.txt").write_text("")
    code, out, err = beleg("index", articles, "--store", "s")
    assert (code, err) == (0, "")
    assert "5 articles in s (5 added, 0 changed, 0 removed)" in out
    assert re.search(r"1 skipped:\n  .*leer\.txt: empty", out)
    code, out, err = beleg("index", articles, "--store", "s", "--json")
    assert (code, err, json.loads(out)["unchanged"]) == (0, "", True)
    code, out, err = beleg("status", "--store", "s", "--json")
    status = json.loads(out)
    assert (code, err, status["sound"], status["embedding"]) == (0, "", True, "subword")
    assert status["counts"]["articles"] == 5
    code, out, _ = beleg("status", "--store", "s")
    assert code == 0
    assert re.search(r"^sound +yes$", out, re.MULTILINE)


def test_the_store_is_beleg_store_else_the_working_folders(beleg, folder, monkeypatch):
    articles = write(folder / "texts", numbered(2))
    assert beleg("index", articles)[0] == 0
    assert (folder / ".beleg" / "CURRENT").exists()
    monkeypatch.setenv("BELEG_STORE", str(folder / "other"))
    code, _, err = beleg("status")
    assert code == 2
    assert "other" in err


# --- errors ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ([], "COMMAND"),
        (["aks", "x"], "'aks'"),
        (["ask"], "QUESTION"),
        (["ask", "Miami", "--colour"], "--colour"),
        (["ask", "Miami", "--from", "2025-13-01"], "'2025-13-01'"),
        (["ask", "Miami", "--as-of", "gestern"], "'gestern'"),
        (["ask", "Miami", "--from", "2025-12-02", "--to", "2025-12-01"], "2025-12-02"),
        (["ask", "Miami", "--model", "gpt"], "'gpt'"),
        (["ask", ""], "''"),
        (["ask", "🙂"], "'🙂'"),
        (["ask", "Mia\udcffmi"], "Unicode"),
        (["ask", "x" * 2001], "2,001"),
        (["search", "Miami", "-k", "0"], "'0'"),
        (["search", "Miami", "-k", "viele"], "'viele'"),
        (["ask", "Miami", "--store", "nirgends"], "beleg index"),
        (["status", "--store", "nirgends"], "'nirgends'"),
        (["index", "tippfehler", "--store", "neu"], "tippfehler"),
        (["index"], "PATH"),
        (["serve", "--store", "nirgends", "--host", "192.0.2.1"], "'nirgends'"),
        (["serve", "--port", "65536"], "65536"),
        (["serve", "--host", "192.0.2.1"], "192.0.2.1"),
    ],
)
def test_an_error_is_one_line_and_2(beleg, sample_store, folder, arguments, value):
    if arguments and "--store" not in arguments and arguments[0] != "aks":
        arguments = [*arguments, "--store", str(sample_store)]
    code, out, err = beleg(*arguments)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"beleg[^\n]*: [^\n]+\n", err)
    assert value in err
    assert not (folder / "neu").exists()


def test_with_json_too_an_error_is_one_line_on_stderr(beleg):
    code, out, err = beleg("ask", "Miami", "--store", "nirgends", "--json")
    assert (code, out, err.count("\n")) == (2, "", 1)


def test_a_broken_settings_file_is_one_line(beleg, folder, sample_store):
    (folder / "beleg.toml").write_text("colour = 1")
    code, _, err = beleg("status", "--store", sample_store)
    assert (code, err.count("\n")) == (2, 1)
    assert "'colour'" in err


def test_a_port_that_is_taken_is_told(beleg, sample_store):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, out, err = beleg("serve", "--port", port, "--store", sample_store)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert f"127.0.0.1:{port}" in err
    assert "--port" in err


# --- as a process ----------------------------------------------------------------------------


def test_help_is_instant():
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    help_ = subprocess.run([BELEG, "--help"], capture_output=True, text=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 0.5
    for command in ("index", "ask", "search", "serve", "status"):
        assert re.search(rf"^ +{command} ", help_.stdout, re.MULTILINE)


def test_help_and_wrong_calls_import_nothing_heavy():
    script = (
        "import sys, ui.cli\n"
        "for arguments in (['--help'], ['ask', '--help'], ['aks']):\n"
        "    try: ui.cli.run(arguments)\n"
        "    except SystemExit: pass\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    loaded = set(done.stdout.splitlines()[-1].split())
    assert "ui" in loaded
    assert not loaded & {"chromadb", "gradio", "langchain", "langchain_core", "tantivy", "numpy",
                         "pydantic", "fastapi", "rich"}  # fmt: skip


@pytest.mark.parametrize("k", [1, 200])
def test_a_reader_that_leaves_early_is_no_error(sample_store, k):
    search = start("search", "Kranbrücke", "--store", sample_store, "-k", k, "--json")
    search.stdout.close()
    assert (search.stderr.read(), search.wait()) == ("", 0)
    search.stderr.close()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_one_line_and_2(sample_store):
    with Path("/dev/full").open("w") as full:
        search = start("search", "Kranbrücke", "--store", sample_store, stdout=full)
    _, err = search.communicate()
    assert (search.returncode, err.count("\n")) == (2, 1)
    assert "No space left" in err


@pytest.mark.slow
def test_ctrl_c_while_indexing_is_one_line_and_leaves_the_store(folder):
    index_articles(folder / "s", numbered(3))
    index = start("index", write(folder / "many", numbered(8000)), "--store", "s")
    second = folder / "s" / "generations" / "000002"
    while not second.exists():
        assert index.poll() is None
        time.sleep(0.01)
    time.sleep(0.3)
    os.killpg(index.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    out, err = index.communicate()
    assert (index.returncode, out, err) == (130, "", "beleg: stopped\n")
    assert (folder / "s" / "CURRENT").read_text() == "000001\n"
    assert not second.exists()
    assert run(["ask", "Wo wurde Glocke1 geläutet?", "--store", "s"]) == 0


# --- serve -----------------------------------------------------------------------------------


@contextmanager
def serving(*arguments):
    """Serve on a free port and give the process, its address and what it said before."""
    server = start("serve", "--port", 0, *arguments)
    try:
        said = ""
        while not (address := re.search(r"http://[\d.:]+", said)):
            line = server.stderr.readline()
            assert line, said
            said += line
        yield server, address[0], said
    finally:
        server.kill()
        server.communicate()


@pytest.mark.slow
def test_serve_without_a_store_serves_the_samples_until_ctrl_c(folder):
    with serving() as (server, address, said), httpx.Client(base_url=address, timeout=30) as client:
        assert "samples" in said
        page = client.get("/")
        assert page.status_code == 200
        assert "Beleg" in page.text
        found = client.post("/v1/answers", json={"question": RISSE}).json()
        assert "Wiebke Tamsen" in found["answer"]
        assert client.get("/docs").status_code == 200
        # the chat at the root must not answer for the API
        for path, status in (("/v1/answers", 405), ("/v1/nothing", 404)):
            response = client.get(path)
            assert (response.status_code, response.json().keys()) == (status, {"error"})
        server.send_signal(signal.SIGINT)
        assert server.stderr.read() == "beleg: stopped\n"
        assert server.wait() == 130
    assert (folder / ".beleg" / "CURRENT").exists()


def test_control_characters_of_an_article_do_not_reach_the_terminal(beleg, tmp_path):
    text = "Egon\x1b[2J Escape wohnt in \u202eHeim\u202c am See."
    article = json.dumps({"id": "a", "title": "Egon", "text": text})
    (tmp_path / "a.jsonl").write_text(article, encoding="utf-8")
    run(["index", str(tmp_path / "a.jsonl"), "--store", str(tmp_path / "s")])
    _, out, _ = beleg("ask", "Wo wohnt Egon Escape?", "--store", tmp_path / "s")
    assert "\\x1b[2J" in out
    assert not {"\x1b", "\u202e"} & set(out)
