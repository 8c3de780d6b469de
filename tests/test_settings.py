"""Settings come from SIDENOTE_* variables; arguments win; what is wrong is said."""

from dataclasses import fields
from pathlib import Path

import pytest

from errors import UsageError
from settings import PREFIX, ROOT, Settings

NUMBERS = [field.name for field in fields(Settings) if isinstance(field.default, int)]


def test_without_variables_everything_is_as_documented() -> None:
    assert Settings.from_env({}) == Settings()
    assert Settings().corpus == ROOT / "corpus"
    assert Settings().host == "127.0.0.1", "nobody else on the network gets in unless told so"


def test_variables_are_read_and_arguments_win() -> None:
    environ = {"SIDENOTE_CORPUS": "~/papers", "SIDENOTE_PORT": "8000", "SIDENOTE_HOST": "0.0.0.0"}
    settings = Settings.from_env(environ, corpus=Path("/elsewhere"), data=None)
    assert settings.corpus == Path("/elsewhere")
    assert settings.port == 8000 and settings.host == "0.0.0.0"
    assert Settings.from_env(environ).corpus == Path.home() / "papers"


def test_an_empty_variable_is_none() -> None:
    assert Settings.from_env({"SIDENOTE_PORT": "", "SIDENOTE_CORPUS": ""}) == Settings()


def test_the_address_falls_back_to_what_a_space_sets() -> None:
    space = {"GRADIO_SERVER_NAME": "0.0.0.0", "GRADIO_SERVER_PORT": "7000"}
    assert (Settings.from_env(space).host, Settings.from_env(space).port) == ("0.0.0.0", 7000)
    assert Settings.from_env(space | {"SIDENOTE_PORT": "8000"}).port == 8000


@pytest.mark.parametrize("name", NUMBERS)
@pytest.mark.parametrize("value", ["0", "-1", "many", "1.5"])
def test_a_wrong_number_is_named(name: str, value: str) -> None:
    with pytest.raises(UsageError, match=f"{PREFIX}{name.upper()}.*whole number"):
        Settings.from_env({PREFIX + name.upper(): value})


def test_collections_are_the_folders_of_a_folder(tmp_path: Path) -> None:
    for name in ("Minutes", "議事録", "alpha", ".git", " blank", "tab\t", "x" * 61):
        (tmp_path / name).mkdir()
    (tmp_path / "file.txt").write_text("no folder")
    (tmp_path / "lost").symlink_to(tmp_path / "nowhere")
    settings = Settings.from_env({"SIDENOTE_COLLECTIONS": str(tmp_path), "SIDENOTE_DATA": "/data"})
    assert settings.collection_names() == ["alpha", "lost", "Minutes", "議事録"]
    one = settings.of_collection("議事録")
    assert (one.corpus, one.data) == (tmp_path / "議事録", Path("/data/collections/議事録"))
    assert settings.of_collection("") is settings


@pytest.mark.parametrize("name", ["none", "..", "../corpus", ".git", "a/b", "file.txt", "\x00", "x" * 61])
def test_a_collection_that_is_none_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "Minutes").mkdir()
    (tmp_path / ".git").mkdir()
    with pytest.raises(UsageError, match=r"no collection .* there are Minutes"):
        Settings(collections=tmp_path).of_collection(name)


def test_there_need_not_be_collections(tmp_path: Path) -> None:
    settings = Settings(collections=tmp_path / "none")
    assert settings.collection_names() == []
    with pytest.raises(UsageError, match="there is none"):
        settings.of_collection("Minutes")


def test_every_setting_has_its_reason() -> None:
    assert all(field.metadata["reason"] for field in fields(Settings))
