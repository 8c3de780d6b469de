"""Sidecars: what may stand in them, what is refused and how, and where their parts lie in a text."""

import os
import tomllib
from pathlib import Path

import pytest

from documents.extract import Extract
from documents.kinds.places import place
from documents.sidecar import Part, Sidecar, is_sidecar, parse_sidecar, read_sidecar
from documents.understand import understand
from errors import DocumentError
from schema import Document

TEXT = "The lamps\nWe had “forty-two” lamps.\nThe walk took him\nfour hours.\nNobody fell.\nWe had two ladders."


def understood(content: str, text: str = TEXT) -> Document:
    return understand("a.txt", Extract(text, "plain"), "0", parse_sidecar(content, "a.txt.meta.toml"))


def test_no_sidecar_is_an_empty_one(tmp_path: Path) -> None:
    assert read_sidecar(tmp_path / "a.txt") == Sidecar()


@pytest.mark.parametrize("name", ["talk.txt.meta.toml", "talk.meta.toml"])
def test_a_sidecar_may_be_named_after_the_file_or_its_stem(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('title = "A talk"\nauthors = ["Ada", "Jo"]\ndate = 2024-05-31\n', "utf-8")
    sidecar = read_sidecar(tmp_path / "talk.txt")
    assert (sidecar.title, sidecar.authors, sidecar.date, sidecar.name) == ("A talk", ("Ada", "Jo"), "2024-05-31", name)
    assert is_sidecar(tmp_path / name)
    assert not is_sidecar(tmp_path / "talk.toml")


def test_the_full_name_wins_over_the_stem(tmp_path: Path) -> None:
    (tmp_path / "talk.txt.meta.toml").write_text('title = "full"')
    (tmp_path / "talk.meta.toml").write_text('title = "stem"')
    assert read_sidecar(tmp_path / "talk.txt").title == "full"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("title = ", "no valid TOML"),
        ('titel = "x"', '"titel" is unknown'),
        ("title = 3", "title must be text"),
        ('authors = "Ada"', "authors must be a list"),
        ('kind = "poem"', "choose one of discussion"),
        ('parts = "x"', "parts must be a list"),
        ('parts = ["x"]', "part 1: write it as a table"),
        ("[[parts]]\nrole = 'body'", "part 1: give its first words"),
        ("[[parts]]\nbegins = 'a'\nrole = 'king'", 'part 1: role is "king"'),
        ("[[parts]]\nbegins = 'a'\nlevel = 0", "part 1: level must be a whole number"),
        ("[[parts]]\nbegins = 'a'\nwhy = 'b'", 'part 1: "why" is unknown'),
        ("[[parts]]\nbegins = 'a'\nbasis = 'inferred'", "say how it is known"),
        ("title = '" + "x" * 3000 + "'", "at most 2000 characters"),
        ("a = " + "[" * 5000, "no valid TOML"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(content: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message) as caught:
        parse_sidecar(content, "a.meta.toml")
    assert "a.meta.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("parts = [{ begins = 'No such words', role = 'noise' }]", "not in the document"),
        ("parts = [{ begins = 'We had', role = 'noise' }]", "stand 2 times"),
        ("parts = [{ begins = 'We had', occurrence = 3, role = 'noise' }]", "correct the occurrence"),
        ("parts = [{ begins = 'Nobody', ends = 'The lamps', role = 'noise' }]", "do not follow"),
    ],
)
def test_words_that_are_not_there_are_reported(content: str, message: str) -> None:
    with pytest.raises(DocumentError, match=message):
        understood(content)


def test_a_link_or_a_pipe_is_not_followed_or_waited_for(tmp_path: Path) -> None:
    secret = tmp_path / "secret.toml"
    secret.write_text('title = "secret"')
    (tmp_path / "a.txt.meta.toml").symlink_to(secret)
    os.mkfifo(tmp_path / "b.txt.meta.toml")
    (tmp_path / "c.txt.meta.toml").write_bytes(b"#" * 1_000_001)
    (tmp_path / "d.txt.meta.toml").write_bytes(b"title = '\xff'")
    for name in "abcd":
        with pytest.raises(DocumentError):
            read_sidecar(tmp_path / f"{name}.txt")


def test_first_words_may_differ_in_quotes_case_and_line_breaks() -> None:
    places = place(
        Sidecar(parts=(Part('we had "forty-two"'), Part("walk took him four hours"))), TEXT, [(0, len(TEXT))]
    )
    assert [TEXT[found.start :][:13] for found in places] == ["We had “forty", "walk took him"]


def test_occurrence_chooses_among_equal_words() -> None:
    document = understood("parts = [{ begins = 'We had', occurrence = 2, role = 'noise' }]")
    noise = [block for block in document.blocks if block.role == "noise"]
    assert [document.text[block.start : block.end] for block in noise] == ["We had two ladders."]


def test_ends_cuts_a_paragraph_where_it_says() -> None:
    document = understood(
        "parts = [{ begins = 'One.', ends = 'Two.', role = 'quotation', speaker = 'Ada' }]", "One. Two. Three.\nFour."
    )
    blocks = [(document.text[block.start : block.end], block.role, block.speaker) for block in document.blocks]
    assert blocks[0] == ("One. Two.", "quotation", "Ada")
    assert [role for _, role, _ in blocks[1:]] == ["body", "body"]


def test_a_comment_lasts_until_the_next_part_and_a_quotation_for_one_paragraph() -> None:
    text = "First remark here.\nIts second line.\nQuoted words.\nIts last line.\nSecond remark.\nAnd more."
    document = understood(
        """kind = "discussion"
        parts = [
          { begins = "First remark", role = "comment", speaker = "Ada", basis = "inferred", because = "her style" },
          { begins = "Quoted words", role = "quotation", speaker = "Jo" },
          { begins = "Second remark", role = "comment" },
        ]""",
        text,
    )
    got = [(b.role, b.comment, b.speaker, b.speaker_inferred, b.quoted_by) for b in document.blocks]
    ada = ("comment", 1, "Ada", True, None)
    assert got == [ada, ada, ("quotation", 1, "Jo", False, "Ada"), ada, *[("comment", 2, None, False, None)] * 2]


def test_what_the_sidecar_says_wins_over_the_words() -> None:
    text = "Old title\nBy Ada Moor\n3 May 2020\nSome words that are long enough to be a paragraph of the text."
    document = understood('title = "New"\nauthors = ["Jo"]\ndate = "2021-01-01"\norigin = "b.txt"', text)
    assert (document.title, document.authors, document.date, document.origin) == ("New", ("Jo",), "2021-01-01", "b.txt")
    bare = understand("dir/a.txt", Extract(text, "plain"), "0", Sidecar())
    assert (bare.title, bare.authors, bare.date) == ("Old title", ("Ada Moor",), "2020-05-03")
    assert bare.origin == "dir/a.txt"


def test_the_example_of_the_readme_is_a_sidecar() -> None:
    readme = (Path(__file__).parents[1] / "corpus" / "README.md").read_text("utf-8")
    example = readme.split("```toml\n")[1].split("```")[0]
    sidecar = parse_sidecar(example, "example")
    assert len(sidecar.parts) == len(tomllib.loads(example)["parts"]) == 5
    for key in Part.__dataclass_fields__:
        assert f"`{key}`" in readme, f"corpus/README.md does not explain {key}"


def test_the_shipped_sidecars_fit_their_documents() -> None:
    corpus = Path(__file__).parents[1] / "corpus"
    for path in sorted(corpus.glob("*.txt")):
        sidecar = read_sidecar(path)
        assert sidecar.name, f"{path.name} has no sidecar"
        assert understand(path.name, Extract(path.read_text("utf-8"), "plain"), "", sidecar).kind == sidecar.kind
