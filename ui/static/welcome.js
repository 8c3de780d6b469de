// What stands where the conversation will be: how far the index is, which documents are open, questions to begin with.

import { collection } from "./address.js";
import { collectionsDialog } from "./collections.js";
import { getJSON, make, say, sayCount } from "./dom.js";

const OWN = "https://huggingface.co/docs/hub/spaces-overview#duplicating-a-space";

export class Welcome {
  constructor(column, app) {
    this.column = column;
    this.app = app;
    this.questions = [];
    for (const change of ["status", "mode"]) app.on(change, () => this.draw());
    this.draw();
  }

  async draw() {
    const status = this.app.status ?? { state: "loading" };
    this.column.replaceChildren(...this.content(status));
    if (status.state !== "ready" || this.of === status.generation) return;
    this.of = status.generation;
    const found = await getJSON("suggestions").catch(() => ({ questions: [] })); // those of the status do as well
    this.questions = found.questions;
    if (this.questions.length && this.app.status === status) this.column.replaceChildren(...this.content(status));
  }

  content(status) {
    switch (status.state) {
      case "ready":
        return this.ready(status);
      case "loading":
        return busy(say("state_loading"), null);
      case "building":
        return busy(building(status), status.fraction);
      case "missing":
        return [...trouble(status), button(say("collections_title"), collectionsDialog)];
      default:
        return [...trouble(status), ...(status.state === "empty" ? [button(say("state_empty_add"), () => this.app.open("library"))] : [])];
    }
  }

  ready(status) {
    const known = this.questions.length ? this.questions : status.examples;
    const examples = known.length ? known : [{ text: say("example_fallback"), language: null }];
    const buttons = examples.map(({ text, language }) =>
      make("li", {}, make("button", { type: "button", lang: language, dir: "auto", onclick: () => this.app.ask(text) }, text)),
    );
    return [
      make("h2", {}, say("welcome")),
      make("p", { class: "tagline" }, say("tagline")),
      make("p", { class: "documents" }, ...documents(status)),
      status.visitors ? visitors(status, this.app.modes.mode) : null,
      make("p", { class: "label", id: "sidenote-examples" }, say("examples")),
      make("ul", { class: "examples", "aria-labelledby": "sidenote-examples" }, ...buttons),
      status.notice ? make("p", { class: "notice", role: "status" }, status.notice) : null,
    ].filter(Boolean);
  }
}

/** For a public page: whose documents these are, where a question goes, how to have one's own. */
function visitors({ writer }, mode) {
  const own = make("a", { href: OWN, target: "_blank", rel: "noopener noreferrer" }, say("visitor_own"));
  const where = writer?.away && mode === "composed" ? say("visitor_away", { name: writer.name }) : say("visitor_privacy");
  return make("p", { class: "visitors" }, say("visitor_documents"), " ", where, " ", own);
}

function button(text, onclick) {
  return make("p", {}, make("button", { type: "button", class: "library-button", onclick }, text));
}

function building({ fraction, stage }) {
  const now = say(`stage_${stage}`) || say("state_building");
  return fraction === null ? now : say("stage_percent", { stage: now, percent: Math.floor(fraction * 100) });
}

function busy(sentence, fraction) {
  return [
    make("h2", { role: "status" }, sentence),
    make("progress", { "aria-label": sentence, max: "1", value: fraction === null ? null : String(fraction) }),
    make("p", {}, say("state_patience")),
  ];
}

function trouble({ state, message }) {
  const help = message || (state === "missing" ? say("state_missing_help", { name: collection }) : "") || (state === "empty" ? say("state_empty_help") : "");
  return [
    make("h2", { role: "alert" }, say(`state_${state}`)),
    help ? make("p", { class: "message", dir: "auto" }, help) : null,
  ].filter(Boolean);
}

/** "3 documents are open: A, B, C." with each title a word of its own that cannot turn the sentence around. */
function documents({ documents: titles, total }) {
  const [before, after] = sayCount("welcome_documents", total).replace("{titles}", "\u0000").split("\u0000");
  const names = titles.flatMap((title, position) => [position ? ", " : "", make("bdi", {}, make("cite", {}, title))]);
  const more = total > titles.length ? ` ${say("welcome_more", { count: total - titles.length })}` : "";
  return [before, ...names, more, after ?? ""];
}
