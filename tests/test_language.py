import pytest

from text.language import detect


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("これは本です", "ja"),
        ("今天的会议讨论了新的安全政策。", "zh"),
        ("오늘 회의에서 새로운 정책을 논의했다.", "ko"),
        ("Anthropicの新しいポリシー v3", "ja"),
        ("The tide comes in twice a day at this harbour.", "en"),
        ("El libro está sobre la mesa de mi hermano", "es"),
        ("Wie heißt der Autor dieses Buches eigentlich?", "de"),
        ("Le livre est sur la table depuis hier soir.", "fr"),
        ("Эта книга лежит на столе у окна, и её никто не читает.", "ru"),
    ],
)
def test_the_language_of_a_sentence_is_told(text: str, expected: str) -> None:
    assert detect(text) == expected


@pytest.mark.parametrize("text", ["", "12.5", "OK", "…", "RSP v3"])
def test_what_cannot_be_told_is_the_default(text: str) -> None:
    assert detect(text, "de") == "de"
    assert detect(text) == "und"
