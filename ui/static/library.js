// The library: every document with what is known of it, how it was understood, and the ways to change it.

import { collectionLine } from "./collections.js";
import { announce, dateName, getJSON, languageName, make, postJSON, say, sayCount } from "./dom.js";
import { adding } from "./library-adding.js";
import { correction, understood } from "./library-document.js";

const SORTS = { corpus: {}, title: {}, date: { descending: true }, length: { descending: true }, kind: {} };
const PAUSE = 250; // milliseconds without typing after which the list is filtered
const SOON = 500; // milliseconds between two looks at a build under way
const CALM = 5000; // the same while nothing goes on

/** The view of all documents. */
export function library(app) {
  return new Library(app).view;
}

class Library {
  constructor(app) {
    this.app = app;
    this.turn = 0; // counts lists, so that a late one is dropped
    this.state = null;
    this.filter = make("input", { type: "search", id: "library-filter", maxlength: "200", autocomplete: "off", dir: "auto" });
    this.sort = make("select", { id: "library-sort" },
      ...Object.keys(SORTS).map((name) => make("option", { value: name }, say(`library_sort_${name}`))));
    this.count = make("p", { class: "library-count", role: "status" });
    this.list = make("ul", { class: "library-list" });
    this.foot = make("div", { class: "library-foot" });
    this.work = make("div", { class: "library-work", hidden: true });
    this.said = make("div", { class: "library-said", role: "status", hidden: true });
    this.change = make("div", { class: "library-change", hidden: true });
    this.skipped = make("div", { class: "library-skipped" });
    const field = (label, input) => make("div", { class: "field" }, make("label", { for: input.id }, say(label)), input);
    this.element = make("div", { class: "library" }, collectionLine(), this.change, this.work, this.said,
      make("form", { class: "library-tools", role: "search", onsubmit: (event) => event.preventDefault() },
        field("library_filter", this.filter), field("library_sort", this.sort)),
      this.count, this.list, this.foot, this.skipped);
    this.filter.addEventListener("input", () => {
      clearTimeout(this.soon);
      this.soon = setTimeout(() => this.load(), PAUSE);
    });
    this.sort.addEventListener("change", () => this.load());
    this.view = {
      name: "library", title: say("library_title"), address: null, element: this.element,
      shown: () => this.shown(), left: () => clearTimeout(this.timer),
    };
  }

  async shown() {
    if (matchMedia("(pointer: fine)").matches) this.filter.focus({ preventScroll: true });
    this.count.textContent = say("library_loading");
    await this.look();
    this.load();
  }

  /** Look at what goes on behind the page, again and again as long as the view is there. */
  async look() {
    clearTimeout(this.timer);
    const before = this.state;
    const state = await getJSON("library/state").catch(() => null);
    if (state) {
      this.state = state;
      this.drawWork(state.work);
      if (!before && state.change) this.change.append(adding(this));
      this.change.hidden = !state.change;
      if (before && before.generation !== state.generation) this.load(true);
    }
    clearTimeout(this.timer);
    const wait = state?.work.state === "building" ? SOON : CALM;
    this.timer = setTimeout(() => this.element.isConnected ? this.look() : null, wait);
  }

  drawWork({ state, stage, fraction, seconds_left: left, message }) {
    this.work.hidden = state === "idle";
    if (state === "idle") return this.work.replaceChildren();
    if (state === "failed")
      return this.work.replaceChildren(make("p", { class: "trouble" }, say("library_building_failed")), make("p", {}, message));
    const known = say(`library_stage_${stage.replace(" ", "_")}`);
    const far = [known, fraction === null ? "" : `${Math.floor(fraction * 100)} %`, timeLeft(left)].filter(Boolean).join(" · ");
    this.work.replaceChildren(
      make("p", {}, say("library_building")),
      make("progress", { max: "1", value: fraction, "aria-label": say("library_building") }),
      make("p", { class: "soft" }, far || "\u00a0"));
  }

  query(after) {
    const sort = this.sort.value;
    return new URLSearchParams({ text: this.filter.value, sort, descending: SORTS[sort].descending ?? false, after });
  }

  /** Draw the list anew; `quietly` keeps what is open as it is where the same documents are there. */
  async load(quietly = false) {
    if (quietly && this.element.querySelector("form.library-correction")) return; // somebody is writing
    const turn = ++this.turn;
    try {
      const [found, skipped] = await Promise.all([getJSON(`library?${this.query(0)}`), getJSON("library/skipped")]);
      if (turn !== this.turn) return;
      this.list.replaceChildren(...found.documents.map((row) => this.item(row)));
      this.drawCount(found);
      this.drawFoot(found);
      this.drawSkipped(skipped);
    } catch {
      if (turn !== this.turn) return;
      const again = make("button", { type: "button", class: "library-button", onclick: () => this.load() }, say("retry"));
      this.count.replaceChildren(make("span", { class: "trouble" }, say("library_failed")), " ", again);
    }
  }

  drawCount({ total, found }) {
    const filtered = this.filter.value.trim() ? sayCount("library_found", found) : null;
    this.count.textContent = total ? [sayCount("library_count", total), filtered].filter(Boolean).join(" · ") : say("library_empty");
    const help = !total && this.state?.change ? say("library_empty_help") : total && !found ? say("library_none") : null;
    if (help) this.list.replaceChildren(make("li", { class: "soft" }, help));
  }

  drawFoot({ found }) {
    const shown = this.list.querySelectorAll(":scope > .library-item").length;
    if (shown >= found) return this.foot.replaceChildren();
    const more = make("button", { type: "button", class: "library-button" }, say("library_more"));
    more.addEventListener("click", async () => {
      more.disabled = true;
      const turn = this.turn;
      const next = await getJSON(`library?${this.query(shown)}`).catch(() => null);
      if (turn !== this.turn) return;
      const items = (next?.documents ?? []).map((row) => this.item(row));
      this.list.append(...items);
      items[0]?.querySelector("button").focus();
      this.drawFoot({ found: next?.found ?? found });
    });
    this.foot.replaceChildren(more);
  }

  drawSkipped({ total, skipped }) {
    if (!total) return this.skipped.replaceChildren();
    const list = make("ul", {});
    const add = (rows) => list.append(...rows.map(({ path, reason }) => make("li", {}, make("bdi", {}, path), ` — ${reason}`)));
    add(skipped);
    const more = make("button", { type: "button", class: "library-button", hidden: total <= skipped.length }, say("library_more"));
    more.addEventListener("click", async () => {
      const next = await getJSON(`library/skipped?after=${list.childElementCount}`).catch(() => null);
      if (next) add(next.skipped);
      more.hidden = list.childElementCount >= total;
    });
    this.skipped.replaceChildren(make("details", {}, make("summary", {}, sayCount("library_skipped", total)), list, more));
  }

  item(row) {
    const title = row.title || row.id;
    const open = make("button", {
      type: "button", class: "library-open", "aria-label": say("library_open_label", { title }),
      onclick: () => this.app.read({ document: row.id, start: 0, end: row.end }),
    }, make("bdi", {}, title));
    const under = make("div", { class: "library-under" });
    const panel = (name, makeContent) => {
      const button = make("button", {
        type: "button", class: "library-act", "aria-expanded": "false", "aria-label": say(`library_${name}_label`, { title }),
      }, say(`library_${name}`));
      const close = () => {
        under.replaceChildren();
        button.setAttribute("aria-expanded", "false");
        button.focus();
      };
      button.addEventListener("click", () => {
        if (button.getAttribute("aria-expanded") === "true") return close();
        for (const other of item.querySelectorAll("[aria-expanded=true]")) other.setAttribute("aria-expanded", "false");
        button.setAttribute("aria-expanded", "true");
        under.replaceChildren(makeContent(close));
      });
      return button;
    };
    const acts = make("div", { class: "library-acts" }, panel("understood", () => understood(this.app, row)));
    if (this.state?.change) {
      acts.append(panel("correct", (close) => correction(this, row, close)));
      acts.append(make("button", {
        type: "button", class: "library-act", "aria-label": say("library_remove_label", { title }), onclick: () => this.remove(row),
      }, say("library_remove")));
    }
    const warnings = row.warnings.map((warning) => make("p", { class: "library-warning" }, say("library_warning", { warning })));
    const item = make("li", { class: "library-item" }, make("h3", {}, open), facts(row), ...warnings, acts, under);
    return item;
  }

  async remove(row) {
    await this.done("library/remove", { document: row.id }, say("library_removed", { title: row.title }));
  }

  /** Change something, say that it was done, and offer to undo it; return whether it was. */
  async done(path, body, sentence) {
    try {
      const { undo } = await postJSON(path, body);
      this.tell(sentence, [undo]);
      return true;
    } catch (error) {
      this.tell(say("library_not_done", { reason: error.message }));
      return false;
    }
  }

  /** Say what was done; `tokens` undo it, the last one first. */
  tell(sentence, tokens = []) {
    const undo = make("button", { type: "button", class: "library-button" }, say("library_undo"));
    undo.addEventListener("click", async () => {
      undo.disabled = true;
      try {
        for (const token of tokens.toReversed()) await postJSON("library/undo", { undo: token });
        this.tell(say("library_undone"));
      } catch (error) {
        this.tell(say("library_not_done", { reason: error.message }));
      }
    });
    this.said.hidden = false;
    this.said.replaceChildren(make("p", {}, sentence), ...(tokens.length ? [undo] : []));
    this.said.scrollIntoView({ block: "nearest" });
    announce(sentence);
    this.look();
  }
}

function facts(row) {
  const number = (count) => count.toLocaleString(document.documentElement.lang || "en");
  const parts = [
    ...row.authors,
    say(`library_kind_${row.kind}`),
    ...row.languages.map((code) => languageName(code)),
    row.date ? dateName(row.date) : null,
    say("library_characters", { count: number(row.characters) }),
    row.minutes === null ? null : say("library_minutes", { count: number(Math.max(1, Math.round(row.minutes))) }),
    sayCount("library_passages", row.passages),
    row.id === row.title ? null : row.id,
  ];
  return make("ul", { class: "library-facts" }, ...parts.filter(Boolean).map((part) => make("li", {}, make("bdi", {}, part))));
}

/** "12 seconds left"; "" where it is not known. */
export function timeLeft(seconds) {
  if (seconds === null || !Number.isFinite(seconds)) return "";
  const whole = Math.max(1, Math.round(seconds));
  return whole < 90 ? sayCount("library_seconds", whole) : sayCount("library_minutes_left", Math.round(whole / 60));
}
