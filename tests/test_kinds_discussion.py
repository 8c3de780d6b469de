"""Discussions: posts and comments apart, who speaks, and what a comment quotes."""

from documents.extract import Extract
from documents.sidecar import Sidecar, parse_sidecar
from documents.understand import understand
from schema import Block, Document

SIGNED = """Show HN: A tide clock for the kitchen
42 points by pelagia 5 hours ago | hide | past | favorite | 4 comments

I built a clock that shows the tide at my harbour. It reads the public buoy feed every ten minutes.

saltmarsh 4 hours ago | next [–]

How do you handle storm surge? The buoy near us is off by half a metre in a gale.

pelagia 3 hours ago | parent | next [–]

> How do you handle storm surge?

I don't. The hand shows the prediction and a small red lamp lights when the level differs.

old_keeper 2 hours ago | prev [–]

Mine warped after one winter. Use oak.
"""
GERMAN = """Kompost riecht nach Essig
Hallo zusammen, mein Komposthaufen riecht seit zwei Wochen stark nach Essig. Was mache ich falsch?
Kommentare (3)
Jürgen Groß schrieb am 3. März 2024 um 10:15 Uhr:
Das klingt nach zu wenig Luft. Rasenschnitt verklebt und dann läuft die Gärung ohne Sauerstoff ab.
Antworten
Anke_77 schrieb am 3. März 2024 um 11:02 Uhr:
Rasenschnitt verklebt und dann läuft die Gärung ohne Sauerstoff ab.
Genau so war es bei mir auch. Nach dem Umsetzen war der Geruch in drei Tagen weg.
Antworten
Teilen
"""
UNSIGNED = """Great post, and I agree with most of it. The ferry subsidy was never meant to last beyond five years.
The ferry subsidy should be abolished because it mostly helps tourists who would pay anyway
I disagree with this. In winter there are no tourists at all, and the islanders use it every single day.
My sister lives there and she told me that without the subsidy she would have to move away, and so would...
I think you are both missing the budget question.
"Nobody on the council has read the actual figures of the harbour office"
This seems too strong. I have read them, and two other members told me that they did so as well.
All opinions here are mine and not those of the harbour office.
Last week the council published its plan for the islands. I want to explain why I like parts of it.
What the plan says
The plan has three parts: a new quay, fewer sailings in winter, and an end to the subsidy in 2027.
The ferry subsidy should be abolished because it mostly helps tourists who would pay anyway, says the text.
Where the plan goes wrong
Nobody on the council has read the actual figures of the harbour office. I asked four members myself.[1]
The quay is a good idea, and it should be built first.
What I would do instead
Build the quay, keep the winter sailings, and charge visitors more in summer.
There were 41,000 of them last winter. ↩︎"""
TWO_LINES = """A ledger for small favours
by marnie
12th Mar 2025
For a year I wrote down every favour that I did and every one that I received.
How I kept it
I used a paper notebook with two columns. Each entry had a name, a date and a guess of the minutes.
2 comments
Tobias_K
3d
12
Did you count favours that you did not notice?
Reply
marnie
3d
7
No, and that is the weakest part of the method.
Reply
"""


def understood(text: str, sidecar: Sidecar | None = None) -> Document:
    return understand("a.txt", Extract(text, "plain"), "0", sidecar or Sidecar())


def block(document: Document, words: str) -> Block:
    return next(b for b in document.blocks if document.text[b.start :].startswith(words))


def test_a_signed_thread_has_a_post_and_numbered_comments() -> None:
    document = understood(SIGNED)
    assert document.kind == "discussion"
    assert (block(document, "I built").role, block(document, "I built").speaker) == ("body", "pelagia")
    assert block(document, "42 points").role == "metadata"
    got = [(b.comment, b.speaker) for b in document.blocks if b.role == "comment"]
    assert got == [(1, "saltmarsh"), (2, "pelagia"), (3, "old_keeper")]


def test_a_marked_quotation_has_the_speaker_of_its_source() -> None:
    quotation = block(understood(SIGNED), "> How")
    assert (quotation.role, quotation.speaker, quotation.speaker_inferred) == ("quotation", "saltmarsh", True)
    assert quotation.quoted_by == "pelagia"


def test_german_bylines_and_buttons() -> None:
    document = understood(GERMAN)
    assert document.kind == "discussion"
    assert [b.role for b in document.blocks].count("noise") == 3
    repeated = block(document, "Rasenschnitt")
    assert (repeated.role, repeated.speaker, repeated.quoted_by) == ("quotation", "Jürgen Groß", "Anke_77")
    assert block(document, "Hallo").role == "body"


def test_comments_without_any_mark_are_told_from_the_post_by_its_headings() -> None:
    document = understood(UNSIGNED)
    assert document.kind == "discussion"
    roles = [b.role for b in document.blocks]
    assert roles[:7] == ["comment", "quotation", "comment", "comment", "comment", "quotation", "comment"]
    assert roles[7:] == [
        "body",
        "body",
        "heading",
        "body",
        "body",
        "heading",
        "body",
        "body",
        "heading",
        "body",
        "footnote",
    ]
    assert document.blocks[3].comment == 1 and document.blocks[4].comment == 2  # the page cut the first one off


def test_who_quotes_the_post_quotes_its_author() -> None:
    document = understood(UNSIGNED, Sidecar(authors=("Ada Moor",)))
    quotation = block(
        document, "The ferry subsidy should be abolished because it mostly helps tourists who would pay anyway\n"
    )
    assert (quotation.speaker, quotation.speaker_inferred) == ("Ada Moor", True)
    assert block(document, "Build the quay").speaker == "Ada Moor"
    assert block(document, "I think you").speaker is None


def test_a_name_may_stand_alone_above_its_date() -> None:
    document = understood(TWO_LINES)
    assert document.kind == "discussion"
    assert (document.title, document.authors, document.date) == (
        "A ledger for small favours",
        ("marnie",),
        "2025-03-12",
    )
    assert block(document, "Did you").speaker == "Tobias_K"
    assert block(document, "12\n").role == "noise"
    assert block(document, "How I kept it").role == "heading"
    assert block(document, "I used").section == ("How I kept it",)


def test_mail_is_attributed_to_whom_the_line_above_names() -> None:
    text = (
        "Subject: Re: survey\n\nOn 4 May 2020, Jo Lund wrote:\n> Two metres of silt.\n> Should we dredge?\n\n"
        "Yes.\n\n> Who pays?\n\nThe county."
    )
    document = understood(text)
    assert block(document, "> Two").speaker == block(document, "> Should").speaker == "Jo Lund"
    assert block(document, "Yes").role == "body"
    assert block(document, "> Who").speaker is None


def test_comments_whose_borders_nobody_knows_keep_no_number() -> None:
    sidecar = parse_sidecar(
        'kind = "discussion"\nparts = [{ begins = "First", role = "comment", numbered = false }, '
        '{ begins = "The post", role = "body" }]',
        "x",
    )
    document = understood("First remark.\nAnother remark by somebody.\nThe post begins here.\nAnd ends.", sidecar)
    assert [b.role for b in document.blocks] == ["comment", "comment", "body", "body"]


def test_questions_of_a_faq_are_headings_however_long() -> None:
    long = (
        "You say that the starter must be fed every day, but mine lives in the cellar, where it is quite cold. "
        "Is that so bad?"
    )
    text = (
        f"Sourdough FAQ\nHow often must I feed it?\nOnce a day at room temperature.\n{long}\n"
        "Not at all. In the cold once a week is enough.\nCan I use rye?\nYes. Rye works faster than wheat."
    )
    document = understood(text)
    assert [b.role for b in document.blocks] == ["metadata", *["heading", "body"] * 3]
    assert len({b.level for b in document.blocks if b.role == "heading"}) == 1


def test_headings_stand_in_ranks() -> None:
    text = "\n".join(
        ["Part 1: the old road", "The gravel", "It came from the river and was carried up by mules each spring.",
         "The walls", "They were built without mortar and stood for a hundred years.",
         "Part 2: the new road", "It was opened in 1931 with a band and two speeches."]
    )  # fmt: skip
    document = understood(text, Sidecar(kind="discussion", title="Roads"))
    levels = [(b.level, b.section) for b in document.blocks if b.role == "heading"][1:]
    assert levels[-1] == (1, ())
