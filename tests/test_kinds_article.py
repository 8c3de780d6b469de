"""Articles: languages told apart, headings, quotations and how far they go, reported speech."""

import pytest

from documents.extract import Extract, Mark
from documents.kinds.names import is_name
from documents.kinds.noise import is_interface
from documents.kinds.quotations import opened_by
from documents.kinds.reports import reported_in
from documents.sidecar import Sidecar, parse_sidecar
from documents.understand import understand
from schema import Block, Document

TRANSLATED = """Die Brücke von Halmstedt wird ersetzt
Von Marta Lindner, 12. Mai 2023
Zusammenfassung
Die Gemeinde Halmstedt ersetzt ihre 1911 gebaute Brücke. Der Neubau kostet 14 Millionen Euro und dauert bis 2026.
Übersetzung des englischen Artikels
Der Gemeinderat von Halmstedt hat am Montag beschlossen, die Brücke über die Leine zu ersetzen.
Die alte Brücke stammt aus dem Jahr 1911 und trägt nur noch Fahrzeuge bis 3,5 Tonnen.
Ein langer Streit
Die Bürgermeisterin kämpfte seit 2015 für den Neubau, der 14 Millionen Euro kosten soll.
Karl Weber: Wir haben acht Jahre verloren. Das Holz wird schlechter. (Es ist, und das sage ich nicht gern.
Es ist ein Skandal, der uns noch lange beschäftigen wird).
Wie Petra Sommer betont, ist die Finanzierung nun gesichert.
Die Bauarbeiten beginnen im Herbst 2024 und enden 2026.
Original
The Halmstedt council decided on Monday to replace the bridge over the Leine.
The old bridge dates from 1911 and now carries only vehicles of up to 3.5 tonnes.
A long quarrel
The mayor has fought since 2015 for the new building, which is to cost 14 million euros.
Karl Weber: We have lost eight years. The wood gets worse. (It is, and I do not like to say it.
It is a scandal, which will keep us busy for a long time).
As Petra Sommer says, the money is now secured.
Work begins in autumn 2024 and ends in 2026.
Related articles
Most read
"""
CHINESE = """小城图书馆为什么重新热闹起来
作者：李晓梅
2022年9月14日
三年前，河口镇的图书馆几乎没有读者。今天，周末的座位需要提前预约。
延长开放时间
馆长王立认为，最重要的变化是晚上也开门。过去图书馆五点关门，上班的人根本来不了。
王立：我们只是做了一件很简单的事，就是让大家下班以后有地方坐。其实大家一直都想读书。
居民陈芳说，她的孩子现在每天晚上都在这里写作业。
相关文章
分享
"""
SPANISH = """El faro que volvió a encenderse
Por Lucía Ferrer
3 de junio de 2021
El faro de Cabo Norte llevaba veinte años apagado. El sábado volvió a iluminar la bahía ante trescientas personas.
Una restauración difícil
Según Tomás Rey, la lámpara original estaba rota en cuatro partes y hubo que buscar cristal en Portugal.
Tomás Rey: Nadie creía que fuera posible. Trabajamos cada fin de semana durante seis años.
Elena Prado (Ayuntamiento): El faro es la memoria del pueblo. Por eso pagamos la mitad de las obras.
El coste total fue de 180.000 euros.
"""


def understood(text: str, sidecar: Sidecar | None = None, kind: str = "") -> Document:
    return understand("a.txt", Extract(text, "plain"), "0", sidecar or Sidecar(kind=kind or None))  # type: ignore[arg-type]


def block(document: Document, words: str) -> Block:
    return next(b for b in document.blocks if document.text[b.start :].startswith(words))


def test_summary_translation_and_original_are_told_apart() -> None:
    document = understood(TRANSLATED)
    assert document.kind == "article"
    assert block(document, "Die Gemeinde").role == "summary"
    assert block(document, "Der Gemeinderat").role == block(document, "Die Bauarbeiten").role == "translation"
    assert block(document, "The Halmstedt").role == block(document, "Work begins").role == "body"
    assert block(document, "Original").role == "metadata"
    assert (block(document, "Ein langer").role, block(document, "A long").role) == ("heading", "heading")
    assert {block(document, "Die alte").language, block(document, "The old").language} == {"de", "en"}


def test_no_heading_reaches_from_one_language_into_the_other() -> None:
    document = understood(TRANSLATED)
    assert block(document, "Der Gemeinderat").section == block(document, "The Halmstedt").section == ()
    assert block(document, "Die Bürgermeisterin").section == ("Ein langer Streit",)
    assert block(document, "The mayor").section == ("A long quarrel",)


def test_front_and_back_of_the_page() -> None:
    document = understood(TRANSLATED)
    assert (document.title, document.authors) == ("Die Brücke von Halmstedt wird ersetzt", ("Marta Lindner",))
    assert (document.date, document.languages) == ("2023-05-12", ("de", "en"))
    assert [b.role for b in document.blocks[-2:]] == ["noise", "noise"]


def test_a_quotation_goes_on_over_an_open_bracket_and_so_does_its_translation() -> None:
    document = understood(TRANSLATED)
    for words in ("Karl Weber: We", "It is a scandal"):
        assert (block(document, words).role, block(document, words).speaker) == ("quotation", "Karl Weber")
    assert [block(document, words).speaker_inferred for words in ("Karl Weber: We", "It is a scandal")] == [False, True]
    scandal = block(document, "Es ist ein Skandal")
    assert (scandal.role, scandal.speaker) == ("translation", "Karl Weber")
    assert block(document, "As Petra").speaker == "Marta Lindner"
    assert block(document, "Karl Weber: We").quoted_by == "Marta Lindner"


def test_paragraphs_that_take_turns_are_translations_of_each_other() -> None:
    pairs = [
        (
            "The well was dug in 1604 and served the town for centuries.",
            "El pozo se excavó en 1604 y sirvió al pueblo durante siglos.",
        ),
        ("Nobody knows today who paid for the work.", "Nadie sabe hoy quién pagó aquella obra tan costosa."),
        ("The children of the school throw coins into it.", "Los niños de la escuela le echan monedas cada día."),
        ("Restoration will begin in March of next year.", "La restauración empezará en marzo del año que viene."),
    ]
    document = understood("\n".join(line for pair in pairs for line in pair))
    assert [b.role for b in document.blocks] == ["body", "translation"] * 4


def test_chinese_names_bylines_and_buttons() -> None:
    document = understood(CHINESE)
    assert (document.kind, document.authors, document.date) == ("article", ("李晓梅",), "2022-09-14")
    assert (block(document, "王立：").role, block(document, "王立：").speaker) == ("quotation", "王立")
    assert block(document, "馆长").reports == ("王立",)
    assert block(document, "居民").reports == ("陈芳",)
    assert [b.role for b in document.blocks[-2:]] == ["noise", "noise"]


def test_spanish_quotations_with_affiliation() -> None:
    document = understood(SPANISH)
    assert block(document, "Elena").speaker == "Elena Prado"
    assert block(document, "Según").reports == ("Tomás Rey",)
    assert block(document, "Una restauración").role == "heading"
    assert block(document, "El coste").speaker == "Lucía Ferrer"


def test_labels_of_ordinary_words_are_no_quotations() -> None:
    text = (
        "Notes on the harbour\nThe project has a long timeline, and every project needs key findings of its own.\n"
        "Project Timeline: we begin in May and end in June.\nKey Findings: there is silt at the pier.\n"
        "Ada Moor: I measured it twice myself.\nJo Lund: So did I, and found the same."
    )
    document = understood(text, kind="article")
    assert {b.speaker for b in document.blocks if b.role == "quotation"} == {"Ada Moor", "Jo Lund"}
    assert block(document, "Project").section == ("Project Timeline",)


def test_a_label_with_a_stop_is_a_heading_where_the_text_speaks_of_it() -> None:
    text = (
        "How the rules began\nExit clauses. The first draft included this, and nobody objected to it at the time.\n"
        "No reply. The others kept silent for a year.\n"
        "Later the exit clauses were struck out, and an exit clause came back."
    )
    document = understood(text, kind="article")
    heading = block(document, "Exit clauses.")
    assert (heading.role, document.text[heading.start : heading.end]) == ("heading", "Exit clauses.")
    assert block(document, "The first draft").section == ("Exit clauses.",)
    assert block(document, "No reply").role == "body"


def test_a_marked_quotation_takes_the_speaker_announced_above_it() -> None:
    text = "As Ada Moor wrote:\n\nThe silt is two metres deep.\n\nIt will not go away."
    marks = (Mark(20, 48, "quotation"), Mark(50, 70, "quotation"))
    document = understand("a.html", Extract(text, "html", marks=marks), "0", Sidecar())
    assert [(b.role, b.speaker) for b in document.blocks][1:] == [("quotation", "Ada Moor")] * 2


def test_a_sidecar_names_the_end_of_a_quotation() -> None:
    text = "Ada Moor: It began in May.\nWe measured every day.\nThen the storm came.\nThe article goes on here."
    sidecar = parse_sidecar(
        'kind = "article"\nparts = [{ begins = "We measured", ends = "storm came.", role = "quotation", '
        'speaker = "Ada Moor", basis = "inferred", because = "we" }]',
        "x",
    )
    assert [b.role for b in understood(text, sidecar).blocks] == ["quotation"] * 3 + ["body"]


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Ada Moor: yes, it was.", "Ada Moor"),
        ("Ada Moor (Leeds): yes, it was.", "Ada Moor"),
        ("山田・花子：そう思います。", "山田・花子"),
        ("mx_77: no.", "mx_77"),
        ("Ada Moor replied at once: “No.”", "Ada Moor"),
        ("Petra Sommer schrieb dazu: „Nein.“", "Petra Sommer"),
        ("佐藤氏は次のように述べました:「違います。」", "佐藤"),
        ("To be clear: nobody came.", None),
        ("Goal 1: build a quay.", None),
        ("Note: nobody came.", None),
        ("At 10:30 the train left.", None),
        ("以下の主張は理解できます:", None),
    ],
)
def test_who_opens_a_quotation(text: str, speaker: str | None) -> None:
    opening = opened_by(text)
    assert (opening and opening.speaker) == speaker


@pytest.mark.parametrize(
    ("text", "language", "people"),
    [
        ("As Dana Whitfield notes, it rains.", "en", ("Dana Whitfield",)),
        ("According to Paul Reyes, it rains.", "en", ("Paul Reyes",)),
        ("But Even Dana Whitfield argues that it rains.", "en", ("Dana Whitfield",)),
        ("I disagree with Moor, who left.", "en", ("Moor",)),
        ("Dana's stated aim is rain. I think it rains, and they said so.", "en", ()),
        ("Wie Petra Sommer betont, regnet es. Laut Karl Weber nicht.", "de", ("Petra Sommer", "Karl Weber")),
        ("Según Tomás Rey, llueve.", "es", ("Tomás Rey",)),
        ("佐藤健一氏によれば、雨だった。", "ja", ("佐藤健一",)),
        ("彼は雨だと述べた。多くの人がそう言った。", "ja", ()),
        ("李明表示，天会下雨。", "zh", ("李明",)),
    ],
)
def test_whose_words_are_retold(text: str, language: str, people: tuple[str, ...]) -> None:
    assert reported_in(text, language, {}) == people


def test_names_and_buttons() -> None:
    assert all(
        is_name(name) for name in ("Ada Moor", "Jürgen Groß", "Vincent van Gogh", "オリヴィア・ペレス", "O'Neill")
    )
    assert not any(
        is_name(name) for name in ("the harbour", "Step 2", "Update", "2024", "", "Why Not Today At All Anyway Now")
    )
    assert all(
        is_interface(line) for line in ("Sign In", "Menu", "もっと見る", "Mehr anzeigen", "3 comments", "查看更多")
    )
    assert not any(is_interface(line) for line in ("The harbour", "Reply to the mayor was slow.", "古い橋", "Likewise"))
