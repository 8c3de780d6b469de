// A PDF as it looks: one page at a time, with the quote marked on it. The server draws the page and finds the places.

import { located } from "./address.js";
import { getJSON, idPath, make, say } from "./dom.js";

const ZOOMS = [1, 1.5, 2, 3]; // of the width that there is
const WIDEST = 2600; // pixels that the server draws at most

/** The page of a place: `show(place)` resolves to what keeps it from being shown (a name of our words), or to null. */
export class PageView {
  constructor(name) {
    this.name = name;
    this.zoom = 0;
    this.turn = 0; // counts the places: a late answer for an earlier one is dropped
    this.sheet = make("div", { class: "sheet" });
    this.frame = make("div", { class: "frame", tabindex: "0", role: "group", "aria-label": say("reader_page") }, this.sheet);
    this.told = make("span", { class: "which", role: "status" });
    const tool = (sign, label, onclick) =>
      make("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick }, sign);
    this.before = tool("‹", say("reader_page_previous"), () => this.draw(this.page - 1));
    this.after = tool("›", say("reader_page_next"), () => this.draw(this.page + 1));
    this.smaller = tool("−", say("reader_page_smaller"), () => this.scale(this.zoom - 1));
    this.larger = tool("+", say("reader_page_larger"), () => this.scale(this.zoom + 1));
    this.trouble = make("p", { class: "trouble", role: "alert", hidden: true });
    this.tools = make("span", { class: "page-tools" }, this.before, this.told, this.after, this.smaller, this.larger);
    this.element = make("div", { class: "page" }, this.trouble, this.frame);
  }

  async show({ start, end }) {
    const turn = ++this.turn;
    const query = new URLSearchParams({ start, end });
    const found = await getJSON(`reader/places/${idPath(this.name)}?${query}`).catch(() => ({ trouble: "failed" }));
    if (turn !== this.turn || found.trouble) return found.trouble ?? null;
    this.found = found;
    this.draw(found.page);
    return null;
  }

  draw(page) {
    if (!this.found || page < 1 || page > this.found.pages) return;
    this.page = page;
    this.told.textContent = say("reader_page_of", { page, pages: this.found.pages });
    this.before.disabled = page === 1;
    this.after.disabled = page === this.found.pages;
    this.trouble.hidden = true;
    const width = Math.min(WIDEST, Math.round((this.frame.clientWidth || 800) * ZOOMS[this.zoom] * devicePixelRatio));
    const query = new URLSearchParams({ page, width, version: this.found.version });
    const picture = make("img", { alt: say("reader_page_of", { page, pages: this.found.pages }) });
    picture.addEventListener("load", () => this.center());
    picture.addEventListener("error", () => this.fail());
    picture.src = located(`reader/page/${idPath(this.name)}?${query}`);
    const marks = this.found.marks.filter((mark) => mark.page === page).map(overlay);
    this.sheet.replaceChildren(picture, ...marks);
    this.scale(this.zoom, false);
  }

  scale(zoom, anew = true) {
    if (zoom < 0 || zoom >= ZOOMS.length) return;
    this.zoom = zoom;
    this.sheet.style.width = `${ZOOMS[zoom] * 100}%`;
    this.smaller.disabled = zoom === 0;
    this.larger.disabled = zoom === ZOOMS.length - 1;
    if (anew) this.draw(this.page);
  }

  center() {
    this.sheet.querySelector(".place")?.scrollIntoView({ block: "center", inline: "nearest" });
  }

  fail() {
    this.sheet.replaceChildren();
    this.trouble.textContent = say("reader_page_failed");
    this.trouble.hidden = false;
  }
}

function overlay(mark) {
  const element = make("div", { class: mark.exact ? "place" : "place loose" });
  for (const side of ["left", "top", "width", "height"]) element.style[side] = `${mark[side] * 100}%`;
  return element;
}
