"""Files are read in processes that may die; the file is named and the rest goes on."""

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from documents.discover import FoundFile, discover
from documents.worker import read_all
from errors import DocumentError
from schema import Document, Skipped
from settings import Settings

ROOT = Path(__file__).parent.parent
SETTINGS = replace(Settings(), parse_seconds=1, workers=2)


def act(file: FoundFile, settings: Settings) -> Document:
    """Do what the name of the file says: the reader of these tests."""
    deed = file.id.rstrip("0123456789")
    if deed in DEEDS:
        DEEDS[deed](settings)
    text = "a" * (settings.text_characters + 1) if deed == "long" else f"text of {file.id} by {os.getpid()}"
    return Document(file.id, text, "", file.id, "text", ())


def spin(_: Settings) -> None:
    while True:
        pass


def nest(settings: Settings) -> None:
    nest(settings)


def refuse(_: Settings) -> None:
    raise DocumentError("no text layer: needs OCR")


def fail(_: Settings) -> None:
    raise ValueError("<script>alert(1)</script>\n\x1b[2J")


def shout(_: Settings) -> None:
    sys.stdout.write("noise on the output" * 1000)
    sys.stderr.write("noise on the output" * 1000)


DEEDS: dict[str, Callable[[Settings], object]] = {
    "spin": spin,
    "sleep": lambda _: time.sleep(600),
    "slow": lambda _: time.sleep(0.3),
    "crash": lambda _: ctypes.string_at(0),
    "killed": lambda _: os.kill(os.getpid(), signal.SIGKILL),
    "exit": lambda _: os._exit(0),
    "hoard": lambda settings: bytearray(settings.parse_bytes),
    "nest": nest,
    "refuse": refuse,
    "hostile": fail,
    "shout": shout,
}


def files(*names: str, size: int = 1) -> list[FoundFile]:
    return [FoundFile(name, Path("/nowhere") / name, size) for name in names]


def outcomes(*names: str, settings: Settings = SETTINGS, size: int = 1) -> dict[str, str]:
    results = list(read_all(files(*names, size=size), settings, act))
    assert [result.path if isinstance(result, Skipped) else result.id for result in results] == list(names)
    return {
        result.path if isinstance(result, Skipped) else result.id: result.reason
        if isinstance(result, Skipped)
        else "ok"
        for result in results
    }


def children() -> set[str]:
    """Return the processes that we started and that are not yet gone, zombies included."""
    found = set()
    for status in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            if int(status.read_text().rpartition(")")[2].split()[1]) == os.getpid():
                found.add(status.parent.name)
    return found


@pytest.fixture(autouse=True)
def _no_process_stays() -> Iterator[None]:
    before = children()
    yield
    assert children() <= before


def test_each_failure_is_named_and_the_others_are_read() -> None:
    settings = replace(SETTINGS, parse_bytes=600_000_000)
    names = ["a1", "crash", "a2", "killed", "exit", "hoard", "refuse", "nest", "hostile", "a3", "long", "shout", "a4"]
    assert outcomes(*names, settings=settings) == {
        "a1": "ok",
        "crash": "the reader crashed",
        "a2": "ok",
        "killed": "the reader crashed",
        "exit": "the reader crashed",
        "hoard": "needed more than 0.6 GB of memory",
        "refuse": "no text layer: needs OCR",
        "nest": "nested too deeply",
        "hostile": "the reader failed (ValueError): the file may be damaged",
        "a3": "ok",
        "long": "its text is longer than 5,000,000 characters",
        "shout": "ok",
        "a4": "ok",
    }


def test_a_reader_that_takes_too_long_is_ended() -> None:
    started = time.monotonic()
    found = outcomes("spin", "a1", "sleep", "a2", size=2_000_000)
    assert found.pop("spin") in {"took longer than 1 s", "took longer than 4 s"}  # the clock's limit, where busy
    assert found == {"a1": "ok", "sleep": "took longer than 4 s", "a2": "ok"}
    assert time.monotonic() - started < 30


def test_files_are_read_side_by_side_and_come_in_order() -> None:
    results = list(read_all(files(*(f"slow{n}" for n in range(6)), size=1_000_000), SETTINGS, act))
    texts = [result.text for result in results if isinstance(result, Document)]
    assert [text.split(" by ")[0] for text in texts] == [f"text of slow{n}" for n in range(6)]
    assert len({text.split(" by ")[1] for text in texts}) == 2


def test_few_small_files_need_one_process_only() -> None:
    results = list(read_all(files("a1", "a2", "a3"), SETTINGS, act))
    assert len({result.text.split(" by ")[1] for result in results if isinstance(result, Document)}) == 1


def test_no_file_needs_no_process() -> None:
    assert list(read_all([], SETTINGS, act)) == []


def test_leaving_early_ends_the_workers() -> None:
    results = read_all(files("a1", "sleep", "a2", size=1_000_000), SETTINGS, act)
    next(results)
    assert children()
    results.close()  # type: ignore[attr-defined]  # read_all is a generator
    assert not children()


def test_ctrl_c_leaves_cleanly() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from tests.test_worker import SETTINGS, act, files\n"
        "from documents.worker import read_all\n"
        "for result in read_all(files('a1', 'sleep', 'a2'), SETTINGS, act):\n"
        "    print(type(result).__name__, flush=True)\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", program, str(ROOT)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "Document\n"
    os.killpg(process.pid, signal.SIGINT)
    _, errors = process.communicate(timeout=10)
    assert errors.strip().endswith("KeyboardInterrupt")
    with pytest.raises(ProcessLookupError):  # the workers are gone with it
        for _ in range(50):
            os.killpg(process.pid, 0)
            time.sleep(0.1)


def test_a_hostile_folder_ends_nothing(tmp_path: Path) -> None:
    for real in (ROOT / "tests" / "data" / "formats").iterdir():
        shutil.copy(real, tmp_path / real.name)
    (tmp_path / "nul.txt").write_bytes(b"\x00" * 5000)
    (tmp_path / "blank.md").write_text(" \n\n")
    (tmp_path / "nested.html").write_bytes(b"<div>" * 200_000 + b"words")
    (tmp_path / "cut.pdf").write_bytes((tmp_path / "tides-typst.pdf").read_bytes()[:9000])
    with zipfile.ZipFile(tmp_path / "bomb.docx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", bytes(100_000_000))
    os.mkfifo(tmp_path / "pipe.txt")
    found = discover(tmp_path, Settings())
    results = list(read_all(found.files, replace(Settings(), parse_seconds=10)))
    assert len(results) == len(found.files)
    reasons = {result.path: result.reason for result in results if isinstance(result, Skipped)}
    assert reasons["nul.txt"] == "binary data, not text"
    assert reasons["blank.md"] == "no text in it"
    assert reasons["encrypted.pdf"].startswith("encrypted")
    assert reasons["scan.pdf"] == "no text layer: needs OCR"
    assert reasons["nested.html"] == "nested too deeply"
    assert reasons["bomb.docx"].startswith("refused")
    read = {result.id for result in results if isinstance(result, Document)}
    assert {"tides-typst.pdf", "brot.epub", "brot-pandoc.docx", "hachimitsu-sjis.html", "interview.vtt"} <= read
