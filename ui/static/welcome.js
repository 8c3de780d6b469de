// What stands where the conversation will be: how far the index is, which documents are open, questions to begin with.

import { getJSON, make, say, sayCount } from "./dom.js";

const SOON = 700; // milliseconds between two looks at the state while something is under way
const LATER = 5000; // the same while the server cannot be reached, or waits for a person

export class Welcome {
  constructor(column, ask) {
    this.column = column;
    this.ask = ask;
    this.drawn = null;
    this.watch();
  }

  async watch() {
    let status = { state: "offline" };
    try {
      status = await getJSON("status");
    } catch {
      // the server restarts or the network is gone: say so and look again
    }
    const seen = JSON.stringify(status);
    if (seen !== this.drawn) this.column.replaceChildren(...this.content(status));
    this.drawn = seen;
    document.body.dataset.sidenote = status.state;
    const wait = { loading: SOON, building: SOON, ready: null }[status.state];
    if (wait !== null) setTimeout(() => this.watch(), wait ?? LATER);
  }

  content(status) {
    switch (status.state) {
      case "ready":
        return this.ready(status);
      case "loading":
        return busy(say("state_loading"), null);
      case "building":
        return busy(building(status), status.fraction);
      default:
        return trouble(status);
    }
  }

  ready(status) {
    const examples = status.examples.length ? status.examples : [{ text: say("example_fallback"), language: "en" }];
    const buttons = examples.map(({ text, language }) =>
      make("li", {}, make("button", { type: "button", lang: language, dir: "auto", onclick: () => this.ask(text) }, text)),
    );
    return [
      make("h2", {}, say("welcome")),
      make("p", { class: "documents" }, ...documents(status)),
      make("p", { class: "label", id: "sidenote-examples" }, say("examples")),
      make("ul", { class: "examples", "aria-labelledby": "sidenote-examples" }, ...buttons),
      status.notice ? make("p", { class: "notice", role: "status" }, status.notice) : null,
    ].filter(Boolean);
  }
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
  const help = message || (state === "empty" ? say("state_empty_help") : "");
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
