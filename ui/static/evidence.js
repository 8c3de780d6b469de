// The quotes of one answer, as they stand in the right column.

import { evidenceOf, isWriting, links, numberOf } from "./answers.js";
import { card } from "./cards.js";
import { goTo, make, say, sayCount } from "./dom.js";

export class Evidence {
  constructor(app) {
    this.app = app;
    this.element = make("div", { class: "evidence" });
    this.shown = null; // id of the answer whose quotes are shown
    this.marker = null; // the marker that was followed last, to go back to
    this.element.addEventListener("keydown", (event) => event.key === "Escape" && this.back());
    this.clear();
  }

  /** Say what will stand here. */
  clear() {
    this.shown = null;
    this.element.replaceChildren(
      make("div", { class: "empty" }, make("h2", {}, say("evidence_empty")), make("p", {}, say("evidence_empty_help"))),
    );
  }

  /** An answer that is being written grew, or is no longer: then that before it is shown, if there is one. */
  grown(id) {
    if (this.shown === id) return;
    if (id) this.show(id);
    else this.clear();
  }

  /** Show the quotes of an answer; a later call wins over an earlier one that is still under way. */
  async show(id) {
    this.shown = id;
    try {
      const evidence = await evidenceOf(id);
      if (this.shown === id) this.draw(evidence);
    } catch {
      if (this.shown === id && !isWriting(id)) this.fail(id); // it grew meanwhile, and the next state comes
    }
  }

  /** Go from a marker to its card (number null: to the heading). */
  async follow(marker, id, number) {
    this.marker = marker;
    if (this.shown !== id || this.element.querySelector(".trouble")) await this.show(id);
    const target = number ? document.getElementById(`q-${id}-${number}`) : this.element.querySelector("h2");
    if (target) goTo(target, number ? "nearest" : "start");
  }

  /** Go back to the marker that led here, or to the last one that leads to the card in focus. */
  back() {
    const focused = document.activeElement?.closest(".card")?.id;
    const markers = links();
    const fits = (marker) => marker?.isConnected && (!focused || marker.hash === `#${focused}`);
    const marker = fits(this.marker) ? this.marker : markers.findLast((one) => one.hash === `#${focused}`);
    if (marker ?? markers.at(-1)) goTo(marker ?? markers.at(-1), "center");
  }

  draw(evidence) {
    const { answer } = evidence;
    const citations = answer.abstained ? answer.nearest : answer.citations;
    const cards = citations.map((citation, at) => cardOf(this.app, evidence, at, () => this.back()));
    const near = answer.abstained ? "cards nearest" : "cards";
    const read = document.activeElement?.closest?.(".evidence .card")?.dataset.place;
    this.element.replaceChildren(make("div", { class: near }, heading(answer, citations.length), ...cards));
    cards.find((one) => read && one.dataset.place === read)?.focus({ preventScroll: true });
  }

  fail(id) {
    const again = make("button", { type: "button", onclick: () => this.show(id) }, say("retry"));
    this.element.replaceChildren(make("div", { class: "empty trouble", role: "alert" }, say("evidence_failed"), again));
  }
}

/** The card of a quote of an answer. `named`: whether it is the one that its markers lead to. */
export function cardOf(app, { answer, titles, places, states, cut }, at, back, named = true) {
  const citation = (answer.abstained ? answer.nearest : answer.citations)[at];
  const number = answer.abstained ? null : numberOf(answer.id, citation.number);
  const id = number === null || !named ? null : `q-${answer.id}-${citation.number}`;
  const more = { number, id, titles, places: places[at], state: states[at], cut: cut[at] };
  const element = card(app, citation, more, { back, read: (place, cited) => app.read(place, cited) });
  element.dataset.place = `${citation.document} ${citation.start} ${citation.end}`;
  return element;
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
