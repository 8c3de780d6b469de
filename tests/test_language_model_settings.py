"""Which model writes is a setting; what its endpoint does not know is learnt once and left out."""

from collections.abc import Mapping
from typing import Any

import pytest

from errors import UsageError, WriterError
from models import language
from models.language import estimate, load
from settings import Settings
from tests.fake_endpoint import Behaviour, FakeEndpoint, Reply, saying
from tests.fake_faults import status
from tests.stub_writer import SCHEMA, write, writer_at

# Settings


def test_without_a_model_there_is_no_writer() -> None:
    assert load(Settings()) is None


def test_loading_sends_nothing() -> None:
    with FakeEndpoint(saying("never asked")) as endpoint:
        writer = load(Settings(model="org/name:fast", model_url=endpoint.url + "/", model_context=4_096))
    assert writer is not None and (writer.name, writer.context) == ("name:fast", 4_096)
    assert not endpoint.paths


def test_a_model_may_be_silent_for_as_long_as_it_may_take() -> None:
    writer = load(Settings(model="stub", model_url="http://127.0.0.1:9/v1", model_seconds=600))
    assert writer is not None and writer._llm.seconds == 600  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "url",
    ["ftp://h/v1", "file:///etc/passwd", "127.0.0.1:11434", "http://", "http://[::1", "http://h:99999/v1", "http://h:0/",
     "http://a b/v1", "http://u:CANARY@h/v1", "http://CANARY@h/v1", "http://h/v1?key=CANARY", "http://h/v1#CANARY",
     "javascript:CANARY", "http://h/\x00CANARY", "http://h\n/v1"],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_without_saying_it(url: str) -> None:
    with pytest.raises(UsageError, match="SIDENOTE_MODEL_URL") as caught:
        load(Settings(model="stub", model_url=url, model_key="CANARY"))
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("key", ["CANARY\n", "CANARY key", "CANARY\x00", "鍵CANARY"])
def test_a_key_that_is_none_is_refused_without_saying_it(key: str) -> None:
    with pytest.raises(UsageError, match="SIDENOTE_MODEL_KEY") as caught:
        load(Settings(model="stub", model_url="http://127.0.0.1:9/v1", model_key=key))
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (Settings(model="stub"), "SIDENOTE_MODEL_URL"),
        (Settings(model_url="http://127.0.0.1:9/v1"), "SIDENOTE_MODEL"),
        (Settings(model="/CANARY/none.gguf"), r"none\.gguf"),
    ],
)
def test_half_of_a_setting_is_refused(settings: Settings, message: str) -> None:
    with pytest.raises(UsageError, match=message) as caught:
        load(settings)
    assert "CANARY" not in str(caught.value)


@pytest.mark.parametrize("model", ["\n\t", "/", "x" * 500 + "\u202e"])
def test_a_name_is_always_short_and_printable(model: str) -> None:
    shown = language._shown(model)
    assert 0 < len(shown) <= language.LONGEST_NAME and shown.isprintable()


@pytest.mark.parametrize("text", ["", "Why was it changed?", "方針はなぜ変わったのですか。" * 40, "1,234.5 %" * 9])
def test_an_estimate_is_rather_too_high(text: str) -> None:
    assert len(text) / 5 <= estimate(text) <= 3 * len(text.encode())


# An endpoint that does not know an option


def refusing(message: str, *names: str, status_code: int = 400) -> Behaviour:
    """Refuse requests with any of these options, and answer all others."""

    def behaviour(reply: Reply, request: Mapping[str, Any]) -> None:
        wrong = [name for name in names if name in request]
        if wrong:
            reply.whole(status_code, {"error": {"message": message.format(wrong[0])}})
        else:
            saying("Without.")(reply, request)

    return behaviour


def test_a_schema_that_is_refused_by_name_is_left_out_from_then_on() -> None:
    with FakeEndpoint(refusing("This {} type is unavailable now", "response_format")) as endpoint:
        writer = writer_at(endpoint.url)
        assert write(writer, SCHEMA) == "Without."
        assert write(writer, SCHEMA) == "Without."
    assert ["response_format" in call for call in endpoint.calls] == [True, False, False]


def test_max_tokens_is_called_what_the_endpoint_calls_it() -> None:
    message = "Unsupported parameter: '{}' is not supported with this model. Use 'max_completion_tokens' instead."
    with FakeEndpoint(refusing(message, "max_tokens")) as endpoint:
        assert write(writer_at(endpoint.url)) == "Without."
    assert endpoint.calls[1]["max_completion_tokens"] == 100


def test_two_refusals_are_learnt_one_call_after_the_other() -> None:
    with FakeEndpoint(refusing("Unsupported parameter: '{}'", "max_tokens", "temperature")) as endpoint:
        writer = writer_at(endpoint.url)
        with pytest.raises(WriterError, match="refused"):
            write(writer)
        assert len(endpoint.calls) == 2, "once more at most"
        assert write(writer) == "Without."
        assert len(endpoint.calls) == 3


def test_a_refusal_that_does_not_say_why_is_not_repeated_but_learnt_from() -> None:
    with FakeEndpoint(refusing("bad request", "response_format")) as endpoint:
        writer = writer_at(endpoint.url)
        with pytest.raises(WriterError, match="refused"):
            write(writer, SCHEMA)
        assert len(endpoint.calls) == 1
        assert [write(writer, SCHEMA) for _ in range(2)] == ["Without."] * 2


def test_an_echo_of_the_request_is_no_reason() -> None:
    with FakeEndpoint(status(400, {"error": {"message": "no", "input": "x" * 400 + "response_format"}})) as endpoint:
        with pytest.raises(WriterError, match="refused"):
            write(writer_at(endpoint.url), SCHEMA)
        assert len(endpoint.calls) == 1
