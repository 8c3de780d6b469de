// The right side: the quotes of one answer, or the reader of one place. Drawn into an empty column of Gradio's.

import { card } from "./cards.js";
import { getJSON, goTo, make, say, sayCount } from "./dom.js";
import { reader } from "./reader.js";

const kept = new Map(); // answer id -> promise of its evidence; a conversation shows 30 answers at most

export class Evidence {
  constructor(column) {
    this.column = column;
    this.shown = null; // id of the answer whose quotes are shown
    this.marker = null; // the marker that was followed last, to go back to
    column.setAttribute("role", "complementary");
    column.setAttribute("aria-label", say("evidence"));
    column.addEventListener("keydown", (event) => event.key === "Escape" && this.back());
    this.clear();
  }

  /** Say what will stand here. */
  clear() {
    this.shown = null;
    this.column.replaceChildren(
      make("div", { class: "empty" }, make("h2", {}, say("evidence_empty")), make("p", {}, say("evidence_empty_help"))),
    );
  }

  /** Show the quotes of an answer; a later call wins over an earlier one that is still under way. */
  async show(id) {
    this.shown = id;
    try {
      if (!kept.has(id)) kept.set(id, getJSON(`answers/${id}`));
      const evidence = await kept.get(id);
      if (this.shown === id) this.draw(evidence);
    } catch {
      kept.delete(id);
      if (this.shown === id) this.fail(id);
    }
  }

  /** Go from a marker to its card (number null: to the heading). */
  async follow(marker, id, number) {
    this.marker = marker;
    if (this.shown !== id || this.column.querySelector(".reader, .trouble")) await this.show(id);
    const target = number ? document.getElementById(`q-${id}-${number}`) : this.column.querySelector("h2");
    if (target) goTo(target, number ? "nearest" : "start");
  }

  /** Go back to the marker that led here, or to the first one that leads to the card in focus. */
  back() {
    const focused = document.activeElement?.closest(".card")?.id;
    const chat = document.getElementById("sidenote-chat");
    const markers = [...chat.querySelectorAll("a[href^='#q-']")];
    const fits = (marker) => marker?.isConnected && (!focused || marker.hash === `#${focused}`);
    const marker = fits(this.marker) ? this.marker : markers.findLast((one) => one.hash === `#${focused}`);
    if (marker ?? markers.at(-1)) goTo(marker ?? markers.at(-1), "center");
  }

  draw({ answer, titles, places }) {
    const number = (citation) => (answer.abstained ? null : citation.number);
    const actions = { back: () => this.back(), read: (place, citation) => this.read(place, citation) };
    const citations = answer.abstained ? answer.nearest : answer.citations;
    const cards = citations.map((citation, at) =>
      card(answer.id, citation, number(citation), { titles, places: places[at] }, actions),
    );
    this.column.replaceChildren(
      make("div", { class: answer.abstained ? "cards nearest" : "cards" }, heading(answer, cards.length), ...cards),
    );
    this.column.scrollTop = 0;
  }

  fail(id) {
    const again = make("button", { type: "button", onclick: () => this.show(id) }, say("retry"));
    this.column.replaceChildren(make("div", { class: "empty trouble", role: "alert" }, say("evidence_failed"), again));
  }

  /** Open the text around a place, in the room of the cards; closing brings them back as they were. */
  read(place, citation) {
    const before = [...this.column.children];
    const [focused, scrolled, page] = [document.activeElement, this.column.scrollTop, window.scrollY];
    const close = () => {
      this.column.replaceChildren(...before);
      this.column.scrollTop = scrolled;
      window.scrollTo(0, page); // a narrow page scrolls as one
      focused?.focus({ preventScroll: true });
      focused?.scrollIntoView({ block: "nearest" });
    };
    const opened = reader(place, citation, close);
    this.column.replaceChildren(opened.element);
    return opened.open();
  }
}

function heading(answer, count) {
  const title = !answer.abstained ? say("evidence") : count ? say("nearest") : say("unanswered");
  const counts = answer.abstained
    ? [count ? say("nearest_help") : say("evidence_none")]
    : [sayCount("quotes", count), answer.sources > 1 ? sayCount("sources", answer.sources) : null];
  return make(
    "div",
    { class: "heading" },
    make("h2", { tabindex: "-1" }, title),
    make("p", { class: "counts" }, counts.filter(Boolean).join(" · ")),
    make("p", { class: "for" }, `${say("evidence_for")} `, make("bdi", {}, `“${answer.question}”`)),
  );
}
