"""A composed answer taken away: in files, on paper, as a verdict; each says what was found of its sentences."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from settings import Settings
from tests.browser.fake_answerer import Composing
from tests.browser.test_composed import WORDS, WRITTEN, asked, opened

pytestmark = pytest.mark.browser


def test_files_say_who_wrote_and_what_was_found(page: Page, tmp_path: Path) -> None:
    with opened(page, Composing(*WRITTEN)):
        asked(page)
        texts = {}
        for name in ("Markdown", "HTML", "JSON", "RIS"):
            page.locator(".foot button", has_text="Export").first.click()
            with page.expect_download() as coming:
                page.locator(".foot .choices button", has_text=name).click()
            texts[name] = Path(coming.value.path()).read_text("utf-8")
        for name in ("Markdown", "HTML"):
            assert "Lamp" in texts[name] and "partly supported" in texts[name] and "bells" not in texts[name]
        answer = json.loads(texts["JSON"])["answers"][0]
        assert [one["support"] for one in answer["sentences"]] == ["supported", "partly", "not", "not"]
        assert texts["RIS"].count("ER  - ") == 2


def test_on_paper_stand_the_answer_with_its_signs_and_how_many_were_left_out(page: Page) -> None:
    with opened(page, Composing(*WRITTEN)):
        asked(page)
        page.emulate_media(media="print")
        expect(page.locator("a.partly")).to_be_visible()
        expect(page.locator(".composed p")).to_be_visible()
        expect(page.locator(".left-out summary")).to_be_visible()
        expect(page.locator(".left-out li").first).to_be_hidden()
        expect(page.locator(".modes")).to_be_hidden()
        expect(page.locator(".mode-hint")).to_be_hidden()


def test_a_reader_judges_a_composed_answer_by_the_quotes_it_cites(page: Page, tmp_path: Path) -> None:
    settings = Settings(model="m", model_url="http://127.0.0.1:9/v1", data=tmp_path)
    with opened(page, Composing(*WRITTEN), settings):
        asked(page)
        page.locator(".foot button", has_text="Feedback").click()
        page.locator(".foot .choices button", has_text=WORDS["feedback_right"]).click()
        expect(page.locator(".foot .told")).to_have_text(WORDS["feedback_thanks"])
        (row,) = map(json.loads, (tmp_path / "feedback.jsonl").read_text().splitlines())
        assert (row["mode"], row["judged"], len(row["evidence"])) == ("composed", True, 2)
