"""What a build starts from: the corpus as it lies there, the generation before, and whether that will do."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from documents.discover import Discovery, discover
from errors import IndexDamagedError
from index import changes, generations, opened
from index import manifest as manifests
from index.changes import Survey
from index.manifest import Manifest, Recipe
from index.progress import Progress
from index.snapshot import CATALOGUE
from models import means
from models.embedding import Embedding
from settings import Settings


@dataclass(frozen=True, slots=True)
class Previous:
    """The generation that a build starts from. `sound` says that all its files are, not the catalogue alone."""

    folder: Path
    manifest: Manifest
    sound: bool


@dataclass(slots=True)
class Job:
    """What one build carries from step to step."""

    settings: Settings
    embedding: Embedding
    progress: Progress
    recipe: Recipe
    discovery: Discovery
    survey: Survey
    previous: Previous | None

    @property
    def reusable(self) -> Previous | None:
        """The previous generation where documents of it can be taken over as they are."""
        same = self.previous and self.previous.manifest.recipe.parameters == self.recipe.parameters
        return self.previous if same else None

    @property
    def unchanged(self) -> bool:
        """Tell whether the current generation is what a build would make."""
        if self.previous is None or not self.previous.sound:
            return False
        manifest = self.previous.manifest
        return manifest.recipe == self.recipe and manifest.states == self.survey.states


def prepare(settings: Settings, embedding: Embedding, progress: Progress, previous: Previous | None) -> Job:
    """Look at the corpus folder. :raises CorpusError: where there is none."""
    discovery = discover(settings.corpus, settings)
    survey = changes.survey(discovery.files, previous.manifest.sources if previous else ())
    recipe = Recipe(
        schema=manifests.SCHEMA,
        embedding=embedding.name,
        fingerprint=embedding.fingerprint,
        dimensions=embedding.dimensions,
        means=means.load(embedding.fingerprint).fingerprint,
        parameters=changes.parameters(settings),
    )
    return Job(settings, embedding, progress, recipe, discovery, survey, previous)


def find_previous(data: Path) -> Previous | None:
    """Return the generation to start from: CURRENT if its catalogue is sound, whatever else of it is damaged."""
    for name in generations.names(data):
        with contextlib.suppress(IndexDamagedError):
            manifest = manifests.read(data / name)
            sound = name == generations.current(data)
            try:
                opened.check(data, manifest)
            except IndexDamagedError:
                manifests.check_file(data / name, manifest, CATALOGUE)
                sound = False
            return Previous(data / name, manifest, sound)
    return None


def damaged(data: Path) -> list[str]:
    """Return the generations that fail verification."""
    found = []
    for name in generations.names(data):
        try:
            opened.check(data, manifests.read(data / name))
        except IndexDamagedError:
            found.append(name)
    return found
