"""Generations: one writer, readers that keep what they read, one step from the old to the new."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from errors import IndexBusyError, IndexMissingError
from index import generations
from settings import ROOT


def publish(data: Path, content: str) -> str:
    staged = generations.stage(data)
    (staged / "sub").mkdir()
    (staged / "sub" / "file").write_text(content)
    return generations.publish(data, staged)


def generation_folders(data: Path) -> list[str]:
    return sorted(path.name for path in data.iterdir() if path.name.startswith("gen-"))


def test_a_second_writer_is_told_at_once(tmp_path: Path) -> None:
    started = time.monotonic()
    with (
        generations.writer(tmp_path),
        pytest.raises(IndexBusyError, match="another process"),
        generations.writer(tmp_path),
    ):
        pass
    assert time.monotonic() - started < 1.0
    with generations.writer(tmp_path):
        pass


def test_a_killed_writer_leaves_no_lock(tmp_path: Path) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from index import generations\n"
        "with generations.writer(Path(sys.argv[1])): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert subprocess.run([sys.executable, "-c", script, str(tmp_path)], cwd=ROOT, check=False).returncode < 0
    with generations.writer(tmp_path):
        pass


def test_the_current_generation_and_the_one_before_are_kept(tmp_path: Path) -> None:
    made = [publish(tmp_path, str(n)) for n in range(4)]
    assert made == sorted(made)
    generations.clean(tmp_path)
    assert generation_folders(tmp_path) == made[2:]
    assert generations.names(tmp_path) == [made[3], made[2]]
    assert (tmp_path / made[3] / "sub" / "file").read_text() == "3"


def test_a_generation_that_is_read_is_not_removed(tmp_path: Path) -> None:
    first = publish(tmp_path, "first")
    held = generations.hold(tmp_path, first)
    for n in range(3):
        publish(tmp_path, str(n))
        generations.clean(tmp_path)
    assert first in generation_folders(tmp_path)
    os.close(held)
    generations.clean(tmp_path)
    assert first not in generation_folders(tmp_path)


def test_a_removed_generation_cannot_be_held(tmp_path: Path) -> None:
    first = publish(tmp_path, "first")
    publish(tmp_path, "second")
    publish(tmp_path, "third")
    generations.clean(tmp_path)
    with pytest.raises(IndexMissingError):
        generations.hold(tmp_path, first)


def test_what_killed_builds_left_is_removed(tmp_path: Path) -> None:
    kept = publish(tmp_path, "kept")
    abandoned = generations.stage(tmp_path)
    (abandoned / "half").write_text("made")
    orphan = generations.stage(tmp_path)  # killed between the two steps of publishing
    os.rename(orphan, tmp_path / generations.generation_name(orphan))
    generations.clean(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["CURRENT", kept]


def test_a_damaged_generation_is_not_the_one_before(tmp_path: Path) -> None:
    good, bad, newest = (publish(tmp_path, text) for text in ("good", "bad", "newest"))
    generations.clean(tmp_path, damaged=[bad])
    assert generation_folders(tmp_path) == [good, newest]


def test_readers_find_a_whole_generation_during_many_swaps(tmp_path: Path) -> None:
    publish(tmp_path, "x" * 1000)
    done = threading.Event()
    failures: list[BaseException] = []

    def read() -> None:
        while not done.is_set():
            try:
                name = generations.current(tmp_path)
                assert name is not None
                try:
                    held = generations.hold(tmp_path, name)
                except IndexMissingError:
                    continue  # replaced twice since its name was read: as a reader does, try the new one
                assert len((tmp_path / name / "sub" / "file").read_text()) == 1000
                os.close(held)
            except BaseException as error:
                failures.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for n in range(30):
        publish(tmp_path, str(n % 10) * 1000)
        generations.clean(tmp_path)
    done.set()
    for reader in readers:
        reader.join()
    assert failures == []


def test_private_copies_are_removed_when_closed_and_by_the_next_build_when_not(tmp_path: Path) -> None:
    import contextlib

    name = publish(tmp_path, "x")
    with contextlib.ExitStack() as resources:
        private = generations.private_copy(tmp_path / name, ["sub"], resources)
        generations.clean(tmp_path)
        assert (private / "sub" / "file").read_text() == "x"
    assert not private.exists()
    (tmp_path / "open-left").mkdir()
    generations.clean(tmp_path)
    assert not (tmp_path / "open-left").exists()
