"""Plain text, Markdown and subtitles: the stored text is the decoded file, the marks lie on it."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from documents.extract import Extract, Mark
from documents.formats import markdown, plain, subtitles
from documents.formats.encoding import decode
from errors import DocumentError

DATA = Path(__file__).parent / "data" / "formats"
JAPANESE = "潮は一日に二回満ちて、二回引く。港では石の柱に水位が刻まれている。パンは一晩寝かせる。"


def words(extract: Extract, mark: Mark) -> str:
    return extract.text[mark.start : mark.end]


def check_marks(extract: Extract, *, complete: bool = False) -> None:
    """Check that marks are in order, trimmed and never overlap; and, where `complete`, cover all words."""
    last = 0
    for mark in extract.marks:
        assert last <= mark.start < mark.end <= len(extract.text)
        assert words(extract, mark) == words(extract, mark).strip()
        if complete:
            assert not extract.text[last : mark.start].strip()
        last = mark.end
    if complete:
        assert not extract.text[last:].strip()


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp932", JAPANESE),
        ("euc_jp", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("gb18030", "潮水每天涨落两次。港口的石柱上刻着水位。面包需要时间发酵，不能着急。"),
        ("big5", "潮水每天漲落兩次。港口的石柱上刻著水位。麵包需要時間發酵，不能著急。"),
        ("cp949", "조수는 하루에 두 번 들어오고 나간다. 빵은 하룻밤 동안 쉬어야 한다."),
        ("cp1252", "El pan de mañana necesita más tiempo, y el niño lo amasará con cariño después. “Sí”, dijo."),
        ("cp1252", "L’abeille récolte le nectar à la belle saison ; « c’est l’été », dit-elle à sa sœur."),
        ("cp1250", "Příliv přichází dvakrát denně. Chléb musí kynout přes noc, žádný spěch, říká pekař."),
        ("cp1251", "Прилив приходит два раза в сутки. Хлеб должен подойти, спешить нельзя."),
        ("koi8_r", "Прилив приходит два раза в сутки. Хлеб должен подойти, спешить нельзя."),
    ],
)
def test_a_legacy_encoding_is_read_and_named(encoding: str, text: str) -> None:
    decoded = decode(text.encode(encoding))
    assert decoded.text == text
    assert any(decoded.encoding in warning for warning in decoded.warnings)


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE])
def test_a_byte_order_mark_decides_and_is_not_part_of_the_text(mark: bytes) -> None:
    encoding = {2: "utf-16", 4: "utf-32"}[len(mark)] + ("-le" if mark[0] == 0xFF else "-be")
    decoded = decode(mark + JAPANESE.encode(encoding))
    assert (decoded.text, decoded.warnings) == (JAPANESE, ())


def test_utf8_keeps_every_character_and_needs_no_warning() -> None:
    text = "\tcaf\u00e9\r\n\x0c\u200b\u202e A\u0308 \U0001f41d\r\n"
    extract = plain.read(b"\xef\xbb\xbf" + text.encode())
    assert (extract.text, extract.warnings) == (text, ())


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le"])
def test_wide_text_without_a_mark_is_recognised(encoding: str) -> None:
    text = "The tide turns at noon and nobody waits."
    assert decode(text.encode(encoding)).text == text


def test_one_broken_byte_does_not_turn_utf8_into_something_else() -> None:
    decoded = decode(f"{JAPANESE} — café —".encode() + b"\xff" + JAPANESE.encode())
    assert JAPANESE in decoded.text
    assert decoded.encoding == "utf-8"
    assert "1 characters" in decoded.warnings[0]


def test_half_a_surrogate_pair_is_replaced_and_told() -> None:
    decoded = decode(codecs.BOM_UTF16_LE + "tide".encode("utf-16-le") + b"\x00\xd8" + "!".encode("utf-16-le"))
    assert decoded.text.startswith("tide\ufffd")
    decoded.text.encode("utf-8")
    assert decoded.warnings


@pytest.mark.parametrize("data", [b"\x00" * 500, bytes(range(256)) * 8, b"text\x00\x01\x02\x03" * 50])
def test_binary_data_are_refused(data: bytes) -> None:
    with pytest.raises(DocumentError, match="binary"):
        decode(data)


@given(st.binary(max_size=300))
def test_any_bytes_are_text_or_refused(data: bytes) -> None:
    try:
        decode(data).text.encode("utf-8")
    except DocumentError as error:
        assert str(error)


def test_markdown_blocks_have_their_role_and_nothing_is_lost() -> None:
    extract = markdown.read((DATA / "brot.md").read_bytes())
    check_marks(extract, complete=True)
    found = [(mark.role, mark.level, words(extract, mark)) for mark in extract.marks]
    headings = [(level, text) for role, level, text in found if role == "heading"]
    assert headings == [
        (1, "Der Ansatz"),
        (2, "Was gebraucht wird"),
        (2, "Warum Salz später kommt"),
        (1, "Das Backen"),
    ]
    assert ("quotation", None, "Der Teig hat Zeit, nur der Bäcker hat keine.") in found
    assert any(mark.list_item and words(extract, mark).startswith("420 Gramm") for mark in extract.marks)
    assert any(role == "footnote" and "zwölf Broten" in text for role, _, text in found)
    assert ("body", None, "| Roggen | 84 % | 16 Stunden |") in found
    assert ("noise", None, "|------|--------|----------|") in found
    stated = (extract.title, extract.authors, extract.date, extract.language)
    assert stated == ("Vom Sauerteig", ("Hanna Keil",), "2022-11-03", "de")


def test_markdown_offsets_hold_with_any_line_end() -> None:
    text = (DATA / "brot.md").read_text(encoding="utf-8")
    unix = [words(markdown.read(text.encode()), mark) for mark in markdown.read(text.encode()).marks]
    for line_end in ("\r\n", "\r"):
        changed = markdown.read(text.replace("\n", line_end).encode())
        if line_end == "\r\n":
            assert [words(changed, mark).replace("\r\n", "\n") for mark in changed.marks] == unix
        check_marks(changed, complete=True)


def test_markdown_code_is_kept_and_its_fence_is_noise() -> None:
    extract = markdown.read(b"before\n\n```py\nx = 1\n\ny = 2\n```\n\n# Next #\n<!-- hidden -->\n")
    found = [(mark.role, words(extract, mark)) for mark in extract.marks]
    assert found == [
        ("body", "before"),
        ("noise", "```py"),
        ("body", "x = 1\n\ny = 2"),
        ("noise", "```\n\n#"),
        ("heading", "Next"),
        ("noise", "#"),
        ("noise", "<!-- hidden -->"),
    ]


@settings(deadline=None)
@given(st.lists(st.sampled_from([*"#>-*`1.) \t\nab|[]:^_=~<!&", "\r\n", "```", "---\n", "é", "語"]), max_size=80))
def test_markdown_marks_are_sound_for_any_text(pieces: list[str]) -> None:
    extract = markdown.read(("x" + "".join(pieces)).encode())
    check_marks(extract, complete=True)


def test_vtt_cues_have_time_and_voice() -> None:
    extract = subtitles.read((DATA / "interview.vtt").read_bytes())
    check_marks(extract, complete=True)
    turns = [mark for mark in extract.marks if mark.role == "turn"]
    assert [(words(extract, t), t.speaker, t.speaker_inferred) for t in turns] == [
        ("How long has the pole been standing\nin the harbour?", "Ada Moor", False),
        ("Since the autumn of <i>1868</i>.", "Jon Lund", False),
        ("Twelve copper bands mark the feet.", "Jon Lund", True),
        ("And the gauge?", "Ada Moor", False),
    ]
    times = [turn.time for turn in turns if turn.time]
    assert [(time.start_seconds, time.end_seconds) for time in times] == [
        (1.0, 4.5),
        (5.0, 9.25),
        (9.5, 13.0),
        (3614.0, 3616.0),
    ]
    lines = [extract.text[time.source_start : time.source_end] for time in times]
    assert lines[0] == "00:00:01.000 --> 00:00:04.500 align:start"
    assert lines[3] == "01:00:14.000 --> 01:00:16.000"
    noise = [words(extract, mark) for mark in extract.marks if mark.role == "noise"]
    assert {"NOTE", "Recorded on the north pier.", "::cue { color: white }", "4", "<v Ada Moor>"} <= set(noise)
    assert (extract.title, extract.kind) == ("Talking about the tide", "transcript")


def test_srt_of_a_program_is_read_as_it_is() -> None:
    data = (DATA / "backstube.srt").read_bytes()
    extract = subtitles.read(data)
    assert extract.text == data.decode()
    check_marks(extract, complete=True)
    turns = [
        (words(extract, mark), mark.speaker, mark.speaker_inferred) for mark in extract.marks if mark.role == "turn"
    ]
    assert turns == [
        ("Wie lange geht der Teig?\r\nSechzehn Stunden.", None, False),
        ("Sechzehn Stunden,\r\nnicht weniger.", "KEIL", False),
        ("Und im Winter länger.", "KEIL", True),
    ]


def test_a_word_with_a_colon_is_a_speaker_only_if_it_labels_more_than_one_turn() -> None:
    cue = "{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{words}\n\n"
    spoken = ["Remember: bring bread.", "Anna: Yes.", "Anna: Both.", "田中：はい。", "田中：潮です。"]
    extract = subtitles.read("".join(cue.format(n=n, words=w) for n, w in enumerate(spoken, 1)).encode())
    turns = [(words(extract, mark), mark.speaker) for mark in extract.marks if mark.role == "turn"]
    assert turns == [
        ("Remember: bring bread.", None),
        ("Yes.", "Anna"),
        ("Both.", "Anna"),
        ("はい。", "田中"),
        ("潮です。", "田中"),
    ]


def test_subtitles_without_a_time_are_refused() -> None:
    with pytest.raises(DocumentError, match="time"):
        subtitles.read(b"WEBVTT\n\nno cue\n")


@settings(deadline=None)
@given(
    st.lists(
        st.sampled_from(
            ["\n", "\r\n", "\n\n", "1", "00:01.000 --> 00:02.000", "<v A>", "</v>", "<i>", "- ", "ANNA: ", "tide ", "é"]
        ),
        max_size=60,
    )
)
def test_subtitle_marks_are_sound_for_any_text(pieces: list[str]) -> None:
    text = "WEBVTT\n\n00:00.000 --> 00:01.000\nfirst\n" + "".join(pieces)
    check_marks(subtitles.read(text.encode()), complete=True)
