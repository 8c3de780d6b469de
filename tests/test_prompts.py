"""The prompts that are shipped can be read, and each way in which one can be broken is told by name."""

from pathlib import Path

import pytest

from answering import prompts
from errors import UsageError

SOUND = """---
name: understand
version: 3
inputs: earlier, question, language
called by: somebody
output: {"question": "…"}
---
# System
You reply with {"question": "…"}.

# User
{earlier} then {question}, in {language}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "understand.md").write_text(text, "utf-8")
    return folder


@pytest.mark.parametrize("name", prompts.INPUTS)
def test_what_is_shipped_can_be_used(name: str) -> None:
    prompt = prompts.load(name)
    assert prompt.inputs == prompts.INPUTS[name]
    filled = prompt.filled(**dict.fromkeys(prompt.inputs, "HERE"))
    assert filled.count("HERE") >= len(prompt.inputs) and "{" not in filled


def test_every_prompt_that_lies_there_is_used() -> None:
    assert {path.stem for path in prompts.FOLDER.glob("*.md")} - {"README"} == set(prompts.INPUTS)


def test_inputs_are_put_in_once_whatever_they_hold(tmp_path: Path) -> None:
    prompt = prompts.load("understand", written(tmp_path, SOUND))
    assert (prompt.version, prompt.system) == (3, 'You reply with {"question": "…"}.')
    filled = prompt.filled(earlier="{question} \\1", question="{language}{0}", language="$language")
    assert filled == "{question} \\1 then {language}{0}, in $language"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("---\nname", "name", "needs a head"),
        ("# User", "# Users", "needs a head"),
        ("version: 3\n", "", "has no 'version'"),
        ("name: understand", "name: answer", "calls itself 'answer'"),
        ("version: 3", "version: three", "version 'three'"),
        ("version: 3", "version: 0", "version '0'"),
        ("{earlier} then {question}, in {language}", "", "says nothing"),
        ("You reply", "{question}: reply", "{question} under # System"),
        ("inputs: earlier", "inputs: earlier, more", "lists the input {more}"),
        ("{earlier} then", "{earlier} {when} then", "uses the input {when}"),
        ("in {language}", "", "does not use the input {language}"),
        ("then", "then" * 20_000, "needs a head"),
    ],
)
def test_a_broken_prompt_is_told_by_its_file_and_what_is_wrong(
    tmp_path: Path, before: str, after: str, said: str
) -> None:
    with pytest.raises(UsageError) as error:
        prompts.load("understand", written(tmp_path, SOUND.replace(before, after, 1)))
    assert said in str(error.value) and "understand.md" in str(error.value) and "\n" not in str(error.value)


def test_a_prompt_that_cannot_be_read_is_told_by_its_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"understand\.md cannot be read: No such file"):
        prompts.load("understand", tmp_path)
    (tmp_path / "understand.md").write_bytes(b"\xff\xfe---")
    with pytest.raises(UsageError, match=r"understand\.md cannot be read"):
        prompts.load("understand", tmp_path)
