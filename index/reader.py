"""Opens the index that a data folder holds: the current generation, or the one before where that is damaged.

Nothing is opened before every file was compared with the hash that the build wrote down. What Chroma and tantivy
change by being opened is a private copy, so any number of processes read one generation, on a read-only disk too.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from pathlib import Path

from errors import IndexDamagedError, IndexMissingError, StoredIndexError
from index import generations, opened
from index import manifest as manifests
from index.manifest import Manifest
from index.snapshot import DENSE, LEXICAL, Index
from models import means
from models.embedding import Embedding
from settings import ROOT

__all__ = ["Index", "open_index"]

_PROBE_SECONDS = 120.0  # to open and ask an index in a child process; loading 300,000 vectors takes 8
_PROBE = "import sys; from index.verify import main; sys.exit(main())"
_ATTEMPTS = 3  # a generation may be replaced and removed between reading CURRENT and taking hold of it


def open_index(data: Path, embedding: Embedding | None = None) -> Index:
    """Open the current generation, or the newest sound one; the index's `notice` then says so.

    :param embedding: the model that questions will be embedded with, to make sure that it is the index's own.
    :raises IndexMissingError: where nothing was built yet.
    :raises IndexDamagedError: where no generation passes verification.
    :raises StoredIndexError: where the index was made with another model.
    """
    for _ in range(_ATTEMPTS):
        try:
            return _open_first_sound(data, embedding)
        except IndexMissingError:
            continue
        except OSError as error:
            raise StoredIndexError(f"the index in {data} cannot be opened ({error.strerror or error})") from error
    raise IndexMissingError(f"no index in {data}: build it with `python -m index`")


def _open_first_sound(data: Path, embedding: Embedding | None) -> Index:
    first: IndexDamagedError | None = None
    names = generations.names(data)
    for name in names:
        try:
            return _open(data, name, embedding, _notice(first))
        except IndexDamagedError as error:
            first = first or error
        except IndexMissingError:
            if name == names[0] and name != generations.current(data):
                raise  # it was replaced while we looked: look again
            first = first or IndexDamagedError(f"{name} is missing")
    if first is None:
        raise IndexMissingError(f"no index in {data}")
    raise IndexDamagedError(f"the index is damaged ({first}), no older one is sound: run `python -m index`") from first


def _notice(damage: IndexDamagedError | None) -> str | None:
    if damage is None:
        return None
    return f"The newest index is damaged ({damage}); an older one answers. Run `python -m index` to build it again."


def _open(data: Path, name: str, embedding: Embedding | None, notice: str | None) -> Index:
    """Verify and open one generation, holding it until the index is closed."""
    with contextlib.ExitStack() as resources:
        resources.callback(os.close, generations.hold(data, name))
        manifest = manifests.read(data / name)
        if manifest.generation != name:
            raise IndexDamagedError(f"{name} holds the manifest of {manifest.generation}")
        known = opened.check(data, manifest)
        if embedding is not None:
            _check_model(manifest, embedding)
        private = generations.private_copy(data / name, (DENSE, LEXICAL), resources)
        if not known:
            if manifest.verified != opened.versions():
                _probe(data, name)
            opened.remember(data, manifest)
        return Index(data / name, manifest, private, notice, resources.pop_all())


def _check_model(manifest: Manifest, embedding: Embedding) -> None:
    recipe = manifest.recipe
    if (recipe.fingerprint, recipe.dimensions) != (embedding.fingerprint, embedding.dimensions):
        raise StoredIndexError(
            f"the index was made with the embedding model {recipe.embedding} ({recipe.fingerprint}) and questions would"
            f" use {embedding.name} ({embedding.fingerprint}): run `python -m index` to build it again"
        )
    if recipe.means != means.load(embedding.fingerprint).fingerprint:
        raise StoredIndexError("the index was made with other language means: run `python -m index` to build it again")


def _probe(data: Path, name: str) -> None:
    """Open and ask a generation in a child process, which may crash.

    :raises IndexDamagedError: where the child crashed or did not find what it should.
    """
    command = [sys.executable, "-c", _PROBE, str(data / name)]
    try:
        child = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=_PROBE_SECONDS, check=False)
    except subprocess.TimeoutExpired as error:
        raise IndexDamagedError(f"{name} could not be opened within {_PROBE_SECONDS:.0f} s") from error
    if child.returncode != 0:
        raise IndexDamagedError(f"{name} cannot be opened with {opened.versions()}")
