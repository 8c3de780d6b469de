"""A real llama.cpp server with a real, small model: in this process, and asked over HTTP as any endpoint is."""

import json
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest

from errors import ModelError, UsageError, WriterError
from models.endpoint import Endpoint
from models.gguf import GgufModel
from models.language import Writer, load
from settings import ROOT, Settings
from tests.small_model import small_model

pytestmark = pytest.mark.model

CONTEXT = 2_048
LONG = "Write a very long story about a lighthouse keeper."
SCHEMA = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "minItems": 1,
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {"text": {"type": "string"}, "passage": {"type": "integer", "enum": [3, 7]}},
                "required": ["text", "passage"],
                "additionalProperties": False,
            },
        }
    },
    "required": ["claims"],
    "additionalProperties": False,
}


@pytest.fixture(scope="module")
def model() -> GgufModel:
    return GgufModel(small_model(), shown="small.gguf", window=CONTEXT, seconds=60)


@pytest.fixture(params=["in process", "over HTTP"])
def writer(request: pytest.FixtureRequest, model: GgufModel) -> Writer:
    """Give a writer whose breaker is new, for the same server asked in each of the two ways."""
    if request.param == "in process":
        return Writer(model, "small.gguf", CONTEXT)
    return Writer(Endpoint(model._url, "any", model._key, shown="small", window=CONTEXT, seconds=60), "small", CONTEXT)


def write(
    writer: Writer, user: str, schema: Mapping[str, Any] | None = None, tokens: int = 40, seconds: float = 60.0
) -> str:
    return "".join(writer.write("You are helpful.", user, schema=schema, tokens=tokens, seconds=seconds))


def still_writes(writer: Writer) -> float:
    """Return the seconds that the next short answer takes: more than a few, where the one before goes on."""
    started = time.monotonic()
    assert written_until_limit(writer, "Say hello.", tokens=8)
    return time.monotonic() - started


def written_until_limit(writer: Writer, user: str, tokens: int) -> str:
    """Return what is written, be it cut by the limit of tokens."""
    came: list[str] = []
    try:
        came += [""]
        for text in writer.write("You are helpful.", user, schema=None, tokens=tokens, seconds=60):
            came.append(text)
    except WriterError as error:
        assert error.fault == "cut"
    return "".join(came)


def test_it_streams(writer: Writer) -> None:
    came: list[float] = []
    started = time.monotonic()
    for text in writer.write("You are helpful.", "Say hello.", schema=None, tokens=100, seconds=60):
        came += [time.monotonic() - started] if text else []
    assert len(came) > 3
    assert came[0] < came[-1]


def test_what_it_writes_keeps_to_a_schema(writer: Writer) -> None:
    claims = json.loads(write(writer, "Name two colours.", SCHEMA, tokens=500))["claims"]
    assert claims and all(claim["passage"] in (3, 7) and claim.keys() == {"text", "passage"} for claim in claims)


def test_an_answer_that_reaches_its_limit_is_called_cut(writer: Writer) -> None:
    with pytest.raises(WriterError, match="cut"):
        write(writer, LONG, tokens=5)


def test_stopping_frees_the_model(writer: Writer) -> None:
    texts = writer.write("You are helpful.", LONG, schema=None, tokens=1_500, seconds=60)
    next(text for text in texts if text)
    texts.close()
    assert still_writes(writer) < 3


def test_stopping_frees_the_model_while_it_reads(writer: Writer) -> None:
    read = f"{time.monotonic()} " + "house tree water " * 550  # some 1,700 tokens that were never read before
    texts = writer.write(read, "Why?", schema=None, tokens=10, seconds=60)
    assert next(texts) == "", "it reads for seconds"
    texts.close()
    assert still_writes(writer) < 3


def test_a_deadline_ends_the_call(writer: Writer, model: GgufModel) -> None:
    started = time.monotonic()
    with pytest.raises(WriterError, match="slow"):
        write(writer, LONG, tokens=1_500, seconds=0.5)
    assert time.monotonic() - started < 1.5
    assert still_writes(Writer(model, "small.gguf", CONTEXT)) < 3


def test_too_much_to_read_is_named(writer: Writer) -> None:
    with pytest.raises(WriterError, match="overflow"):
        write(writer, "word " * 3_000)
    assert still_writes(writer) < 3, "and pauses nothing"


def test_estimates_are_above_what_the_model_counts(model: GgufModel) -> None:
    texts = [path.read_text("utf-8")[:4_000] for path in sorted((ROOT / "corpus").glob("*.md"))]
    assert texts
    for text in [*texts, "規約はなぜ変わったのですか。それは誰の考えですか。" * 20]:
        body = json.dumps({"content": text}).encode()
        head = {"Authorization": f"Bearer {model._key}", "Content-Type": "application/json"}
        with urlopen(Request(model._url.removesuffix("/v1") + "/tokenize", body, head)) as answer:
            counted = len(json.load(answer)["tokens"])
        assert counted <= Writer(model, "small", CONTEXT).tokens(text) <= 3 * counted


# The server in this process


def test_nobody_else_can_use_it(model: GgufModel) -> None:
    assert model._url.startswith("http://127.0.0.1:")
    address = model._url.removesuffix("/v1")
    for path, body in {"/v1/models": None, "/v1/chat/completions": b'{"messages":[]}', "/props": None}.items():
        with pytest.raises(HTTPError) as caught:
            urlopen(Request(address + path, body, {"Origin": "http://evil.test"}))
        assert caught.value.code == 401, path
        assert "evil" not in str(caught.value.headers)
    with pytest.raises(HTTPError) as caught:
        urlopen(Request(f"{address}/slots", headers={"Authorization": f"Bearer {model._key}"}))
    assert caught.value.code == 501, "what others ask is shown to nobody"


def test_a_file_is_a_setting(capfd: pytest.CaptureFixture[str]) -> None:
    path = small_model()
    settings = Settings(model=str(path), model_context=100_000)
    writer = load(settings)
    assert writer is not None and writer is load(settings)
    assert writer.name == path.name
    assert writer.context == 8_192, "what the model was made for is less"
    assert written_until_limit(writer, "Say hello.", tokens=8)
    shown = f"{writer!r} {writer._llm!r}" + "".join(capfd.readouterr())
    assert str(path.parent) not in shown


@pytest.mark.parametrize("content", [b"", b"no model", b"GGUF" + bytes(100), b"first megabyte"])
def test_a_file_that_is_no_model_is_named(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(small_model().open("rb").read(1_000_000) if content == b"first megabyte" else content)
    with pytest.raises(ModelError, match=r"broken\.gguf") as caught:
        load(Settings(model=str(path)))
    assert str(tmp_path) not in str(caught.value)


def test_a_folder_is_no_model(tmp_path: Path) -> None:
    (tmp_path / "folder.gguf").mkdir()
    with pytest.raises(UsageError, match=r"folder\.gguf"):
        load(Settings(model=str(tmp_path / "folder.gguf")))


def test_a_missing_package_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    path = tmp_path / "some.gguf"
    path.touch()
    with pytest.raises(ModelError, match=r"requirements-gguf\.txt"):
        load(Settings(model=str(path)))


LEAVE = """
import sys
from models.language import load
from settings import Settings
texts = load(Settings(model=sys.argv[1])).write("", "Write a long story.", schema=None, tokens=4_000, seconds=90)
print(next(text for text in texts if text))
"""


def test_leaving_in_the_middle_of_an_answer_is_quiet() -> None:
    """llama.cpp crashed the process at its end, where a request was under way."""
    started = time.monotonic()
    left = subprocess.run(
        [sys.executable, "-c", LEAVE, str(small_model())], cwd=ROOT, capture_output=True, text=True, timeout=100
    )
    assert (left.returncode, left.stderr) == (0, "")
    assert left.stdout.strip()
    assert time.monotonic() - started < 20, "it does not write to the end first"


@pytest.fixture(autouse=True)
def quiet(capfd: pytest.CaptureFixture[str]) -> Iterator[None]:
    """Whatever is done, llama.cpp prints nothing: it would print paths."""
    yield
    assert "llama" not in "".join(capfd.readouterr())
