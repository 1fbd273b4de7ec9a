from pathlib import Path

import pytest
from pydantic import ValidationError

import rag
from index.errors import SettingsError
from rag.settings import Settings, load

README = Path(__file__).parents[1] / "README.md"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """An empty working folder, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(f"BELEG_{name.upper()}", raising=False)
    return tmp_path


def refusal(**given):
    with pytest.raises(SettingsError) as caught:
        load(**given)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_without_anything_the_defaults_hold():
    settings = load()
    assert settings.store == Path(".beleg")
    assert (settings.host, settings.port) == ("127.0.0.1", 7860)
    assert (settings.embedding, settings.model) == ("subword", "quoting")
    assert settings.model_fields_set == set()


def test_passed_wins_over_environment_over_file_over_default(folder, monkeypatch):
    (folder / "beleg.toml").write_text('port = 1\nhost = "file"\nmodel = "file"\n')
    monkeypatch.setenv("BELEG_PORT", "2")
    monkeypatch.setenv("BELEG_HOST", "environment")
    settings = load(port=3)
    assert (settings.port, settings.host, settings.model) == (3, "environment", "file")
    assert settings.store == Path(".beleg")


def test_what_is_passed_as_none_or_empty_in_the_environment_is_not_set(monkeypatch):
    monkeypatch.setenv("BELEG_STORE", "")
    settings = load(port=None)
    assert (settings.store, settings.port) == (Path(".beleg"), 7860)
    assert settings.model_fields_set == set()


def test_settings_cannot_be_changed():
    with pytest.raises(ValidationError, match="frozen"):
        load().port = 1


def test_an_unknown_key_in_the_file_is_refused_with_those_known(folder):
    (folder / "beleg.toml").write_text("colour = 1\n")
    message = refusal()
    assert "'colour'" in message
    assert all(name in message for name in Settings.model_fields)


def test_an_unknown_variable_is_refused_with_those_known(monkeypatch):
    monkeypatch.setenv("BELEG_PROT", "80")
    message = refusal()
    assert "BELEG_PROT" in message
    assert "BELEG_PORT" in message


@pytest.mark.parametrize(
    ("name", "value"),
    [("port", 65536), ("port", -1), ("port", "http"), ("threshold", 1.5), ("threshold", "x")],
)
def test_a_value_out_of_range_is_named(monkeypatch, name, value):
    assert f"{name!r} is {value!r}" in refusal(**{name: value})
    monkeypatch.setenv(f"BELEG_{name.upper()}", str(value))
    assert f"{name!r} is {str(value)!r}" in refusal()


@pytest.mark.parametrize("content", [b"port = [", b'host = "\xff"', b"port 1"])
def test_a_broken_file_is_named(folder, content):
    (folder / "beleg.toml").write_bytes(content)
    assert refusal().startswith("beleg.toml cannot be read as TOML: ")


def test_an_open_assistant_knows_the_settings_it_was_given(sample_store):
    settings = Settings(store=sample_store, threshold=0.9)
    with rag.open(settings) as assistant:
        assert assistant.settings is settings
    with rag.open(str(sample_store)) as assistant:
        assert assistant.settings.store == sample_store


@pytest.mark.parametrize("name", Settings.model_fields)
def test_the_readme_has_every_setting(name):
    field = Settings.model_fields[name]
    row = f"| `{name}` | `{field.default}` | {field.description} |"
    assert row in README.read_text(encoding="utf-8").splitlines()
