// Whether answers are quotes or written from them: a switch where a language model is set, and what it says of it.

import { announce, keep, kept, make, say } from "./dom.js";
import { preferences } from "./preferences.js";

const MODES = ["extractive", "composed"];

export class Modes {
  constructor(app) {
    this.app = app;
    this.element = make("fieldset", { class: "modes", hidden: true }, make("legend", { class: "unseen" }, say("mode_label")),
      ...MODES.map((mode) => this.button(mode)));
    this.hint = make("p", { class: "mode-hint", id: "sidenote-mode-hint", hidden: true });
    app.on("status", () => this.draw());
    this.draw();
  }

  /** What the reader wants: as the link that led here says, or as he chose before; null leaves it to the server. */
  get chosen() {
    const linked = kept("mode", null, sessionStorage);
    return [linked, preferences().mode].find((mode) => MODES.includes(mode)) ?? null;
  }

  /** What the next question gets. */
  get mode() {
    const { writer } = this.app.status ?? {};
    return writer ? this.chosen ?? writer.mode : "extractive";
  }

  /** Obey a link, for this tab alone. */
  follow(mode) {
    if (!MODES.includes(mode)) return;
    keep("mode", mode, sessionStorage);
    this.draw();
  }

  button(mode) {
    const radio = make("input", { type: "radio", name: "sidenote-mode", value: mode, "aria-describedby": "sidenote-mode-hint", onchange: () => this.choose(mode) });
    return make("label", {}, radio, make("span", {}, say(`mode_${mode}`)));
  }

  choose(mode) {
    keep("preferences", { ...preferences(), mode });
    keep("mode", null, sessionStorage);
    this.draw();
    announce(this.hint.textContent);
    this.app.emit("mode");
  }

  draw() {
    const { writer } = this.app.status ?? {};
    this.element.hidden = !writer;
    this.hint.hidden = !writer;
    if (!writer) return;
    for (const radio of this.element.querySelectorAll("input")) radio.checked = radio.value === this.mode;
    this.hint.textContent = hint(this.mode, writer);
  }
}

function hint(mode, { name, away }) {
  return mode === "extractive" ? say("mode_extractive_help") : say(away ? "mode_composed_help" : "mode_composed_help_here", { name });
}
