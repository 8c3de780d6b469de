"""Tells the main text of a web page from what frames it.

trafilatura decides which words are main text, but its own tree loses headings, footnotes and the like. So the page's
own paragraphs are kept: those that trafilatura kept, and between the first and the last of them whatever is no menu.
Where trafilatura finds next to nothing, as on pages that are no articles, all of the page is taken.

On the 181 pages of scrapinghub's article-extraction-benchmark (precision / recall of word 4-grams, comments left out):
this .89 / .98, where titles and headings count as errors; trafilatura's tree .95 / .98; the page without `nav`,
`header`, `footer`, `aside` .71 / .98; all of the page .53 / .98.
"""

from __future__ import annotations

import copy
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from documents.formats.html_tree import Paragraph, is_hidden, paragraphs

MOST = 0.5  # share of a page's letters: what holds more is no menu and not hidden
LOST_SHARE = 0.2  # main text below this share of the page's prose: trafilatura did not understand the page
MENU_LINKS = 0.5  # share of link characters from which a paragraph that trafilatura left out is part of a menu
SENTENCE = 80  # characters from which a paragraph that it left out is still prose
WINDOW = 20_000  # characters of trafilatura's text in which the next paragraph is looked for: keeps the search linear
SHORT = 20  # letters; shorter paragraphs must be found whole
TITLE_REACH = 6  # paragraphs before the first one of the main text among which its title may stand
WHOLE = {"p", "head", "item", "quote", "cell", "code", "ab"}  # paragraphs in trafilatura's tree
NO_LETTERS = re.compile(r"[\W_]+")
FRAME = {"nav", "header", "footer", "aside", "menu", "dialog"}
FRAME_ROLES = {"navigation", "banner", "contentinfo", "complementary", "search", "menu", "dialog"}


def main_paragraphs(root: Any) -> tuple[list[Paragraph], tuple[str, ...]]:
    """Return the paragraphs of the main text, and a warning where they could not be told. Changes the tree."""
    letters = len(_letters("".join(root.itertext())))
    _drop(root, is_hidden, letters)
    bodies = _trafilatura(copy.deepcopy(root))
    _drop(root, _is_frame, letters)
    whole = paragraphs(root)
    roles = _Kept(bodies).roles(whole)
    prose = sum(len(p.words) for p in whole if _is_prose(p))
    kept = sum(len(p.words) for p, role in zip(whole, roles, strict=True) if role)
    if kept <= LOST_SHARE * prose:
        warning = "its main text could not be told from the rest of the page: all of it is read"
        return whole, (warning,) if prose else ()
    return _select(whole, roles), ()


def _trafilatura(root: Any) -> tuple[Any, ...]:
    """Return trafilatura's trees of main text and comments; none where it finds or survives nothing."""
    from trafilatura import bare_extraction

    for name in ("trafilatura", "htmldate"):
        logging.getLogger(name).setLevel(logging.CRITICAL)  # they log what pages contain
    try:
        found = bare_extraction(root, fast=True, favor_recall=True, with_metadata=False)
    except (RecursionError, ValueError, TypeError, AttributeError, IndexError, KeyError):
        return ()  # it is a heuristic that we can do without
    return (getattr(found, "body", None), getattr(found, "commentsbody", None))


class _Kept:
    """Finds the page's paragraphs in what trafilatura kept, by their letters alone."""

    def __init__(self, bodies: Sequence[Any]) -> None:
        self._letters: list[str] = []  # of main text and of comments, as one string each
        self._whole: list[set[str]] = []  # their paragraphs
        for body in bodies:
            whole = [] if body is None else [element for element in body.iter() if element.tag in WHOLE]
            self._letters.append("" if body is None else _letters("".join(body.itertext())))
            self._whole.append({_letters("".join(element.itertext())) for element in whole})

    def roles(self, whole: Sequence[Paragraph]) -> list[str | None]:
        """Return for each paragraph the role that it is kept in, None where it was left out."""
        cursors = [0] * len(self._letters)
        return [self._role(_letters(paragraph.words), paragraph, cursors) for paragraph in whole]

    def _role(self, letters: str, paragraph: Paragraph, cursors: list[int]) -> str | None:
        for number, (text, exact) in enumerate(zip(self._letters, self._whole, strict=True)):
            at = text.find(letters, cursors[number], cursors[number] + WINDOW + len(letters))
            if letters and (letters in exact or (at >= 0 and len(letters) >= SHORT)):
                cursors[number] = at + len(letters) if at >= 0 else cursors[number]
                return "comment" if number else paragraph.role
        return None


def _letters(text: str) -> str:
    return NO_LETTERS.sub("", text)


def _select(whole: Sequence[Paragraph], roles: Sequence[str | None]) -> list[Paragraph]:
    """Return what is kept, with headings and what else is no menu in between, the title and the footnotes."""
    numbers = [number for number, role in enumerate(roles) if role and len(_letters(whole[number].words)) >= SHORT]
    first, last = (numbers[0], numbers[-1]) if numbers else (0, len(whole))
    reach = range(max(0, first - TITLE_REACH), first)
    first = next((number for number in reach if whole[number].level == 1), first)
    result = []
    for number, (paragraph, role) in enumerate(zip(whole, roles, strict=True)):
        if role:
            result.append(replace(paragraph, role="comment") if role == "comment" else paragraph)
        elif paragraph.role == "footnote" or (first <= number <= last and _is_content(paragraph)):
            result.append(paragraph)
    return _without_empty_headings(result)


def _is_content(paragraph: Paragraph) -> bool:
    if paragraph.link_share > MENU_LINKS or paragraph.role == "noise":
        return False
    return paragraph.level is not None or len(paragraph.words) >= SENTENCE or " | " in paragraph.words


def _without_empty_headings(found: Sequence[Paragraph]) -> list[Paragraph]:
    """Leave out headings at the end, and those right before a heading of their own level: their text was a menu."""
    result = []
    for paragraph, after in zip(found, [*found[1:], None], strict=True):
        deeper = after is not None and (after.level is None or (paragraph.level or 0) < after.level)
        if paragraph.level is None or deeper:
            result.append(paragraph)
    return result


def _is_prose(paragraph: Paragraph) -> bool:
    return paragraph.link_share < MENU_LINKS and len(paragraph.words) >= SENTENCE


def _drop(root: Any, is_unwanted: Callable[[Any], bool], letters: int) -> None:
    """Take elements off the page, but none that holds most of its text: some pages hide all until a script runs."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str) or not is_unwanted(element):
            continue
        if element.getparent() is not None and len(_letters("".join(element.itertext()))) < MOST * letters:
            element.drop_tree()
        else:
            for name in ("hidden", "aria-hidden", "style"):
                element.attrib.pop(name, None)


def _is_frame(element: Any) -> bool:
    """Tell menus, heads and feet of a page, but not the header of an article, which holds its title."""
    if element.tag not in FRAME and element.get("role") not in FRAME_ROLES:
        return False
    holds_title = element.tag == "header" and next(element.iter("h1"), None) is not None
    return not holds_title and not any(above.tag in ("article", "main") for above in element.iterancestors())
