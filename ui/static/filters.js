// Where answers may come from: a row above the question box with what was chosen, and a small window to choose in.

import { keptAs } from "./address.js";
import { announce, getJSON, keep, kept, languageName, make, say, sayCount, twins } from "./dom.js";

const FIELDS = ["kinds", "languages", "documents", "speakers"];
const PAUSE = 200; // milliseconds without a key before what was typed is looked up
const MARGIN = 12; // pixels left free over the window
const LEAST = 160; // pixels of height below which it is no use
const FIND_FROM = 9; // documents and speakers together from which there is a field to find one

export class Filters {
  constructor(element, app) {
    this.element = element;
    this.app = app;
    const before = kept(keptAs("filters"), {}, sessionStorage);
    this.chosen = Object.fromEntries(FIELDS.map((field) => [field, new Map(entries(before[field]))])); // value -> its name
    this.typed = "";
    this.asked = 0;
    this.draw();
    this.change(false);
    app.on("status", () => this.ready());
    document.addEventListener("click", (event) => event.target.closest?.("#sidenote-anew") && this.clear());
    document.addEventListener("pointerdown", (event) => this.opened && !element.contains(event.target) && this.close(false));
  }

  /** What was chosen, as it is called. */
  get names() {
    return FIELDS.flatMap((field) => [...this.chosen[field].values()]);
  }

  /** Choose what an address or an earlier answer names, in place of what was chosen; done when they are named. */
  set(filters) {
    const called = this.chosen.documents;
    for (const field of FIELDS) {
      const names = Array.isArray(filters?.[field]) ? filters[field].filter((name) => typeof name === "string") : [];
      const shown = { kinds: kindName, languages: tongue, documents: (id) => called.get(id) ?? id }[field] ?? String;
      this.chosen[field] = new Map(names.map((name) => [name, shown(name)]));
    }
    this.change(false);
    return this.call();
  }

  /** Put the titles of documents where only their ids are known. */
  async call() {
    const unknown = [...this.chosen.documents].filter(([id, name]) => id === name).map(([id]) => id);
    if (!unknown.length) return;
    const { titles } = await getJSON(`filters?${new URLSearchParams(unknown.map((id) => ["named", id]))}`).catch(() => ({ titles: {} }));
    for (const [id, title] of Object.entries(titles)) if (this.chosen.documents.has(id)) this.chosen.documents.set(id, title);
    this.change(false);
  }

  get opened() {
    return !this.popover.hidden;
  }

  draw() {
    this.button = make("button", {
      type: "button", class: "filter-button", "aria-expanded": "false", "aria-controls": "sidenote-filter-choices",
      onclick: () => (this.opened ? this.close(true) : this.open()),
    });
    this.chips = make("ul", { class: "filter-chips", "aria-label": say("filter_chosen") });
    this.popover = make("div", {
      id: "sidenote-filter-choices", class: "filter-popover", role: "group", "aria-label": say("filter_title"), hidden: true,
    });
    const row = make("div", { class: "filter-row" }, this.button, this.chips);
    this.element.addEventListener("keydown", (event) => this.key(event));
    this.element.addEventListener("focusout", (event) => this.left(event));
    this.element.replaceChildren(this.popover, row);
    this.ready();
  }

  /** Put the switch between the ways to answer into the row, and what it says beneath. */
  add({ element, hint }) {
    this.button.parentElement.append(element);
    this.element.append(hint);
  }

  /** There is nothing to filter as long as no document is open. */
  ready() {
    const { status } = this.app;
    this.element.classList.toggle("without", status?.state !== "ready");
    if (this.generation !== status?.generation) this.choices = null;
    this.generation = status?.generation;
  }

  async open() {
    this.typed = "";
    this.popover.hidden = false;
    this.fit();
    this.button.setAttribute("aria-expanded", "true");
    if (this.choices) this.fill();
    else this.popover.replaceChildren(make("p", { role: "status" }, say("filter_loading")));
    await this.look();
    if (this.opened) this.popover.querySelector("input, button")?.focus();
  }

  /** The window stands over the row and may be as high as there is room, which chips take from it. */
  fit() {
    this.popover.style.setProperty("--room", `${Math.max(LEAST, this.element.getBoundingClientRect().top - MARGIN)}px`);
  }

  close(back) {
    this.popover.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    if (back) this.button.focus();
  }

  key(event) {
    if (!this.opened) return;
    event.stopPropagation(); // letters typed in here are no shortcuts of the page
    if (event.key !== "Escape") return;
    event.preventDefault();
    this.close(true);
  }

  left(event) {
    if (this.opened && event.relatedTarget && !this.element.contains(event.relatedTarget)) this.close(false);
  }

  /** Ask for what there is that holds what was typed. */
  async look() {
    const asked = ++this.asked;
    try {
      const found = await getJSON(`filters?${new URLSearchParams({ part: this.typed })}`);
      if (asked !== this.asked) return;
      if (!this.typed) this.choices = found;
      this.fill(found);
    } catch {
      if (asked === this.asked) this.failed();
    }
  }

  failed() {
    const again = make("button", { type: "button", class: "filter-plain", onclick: () => this.look() }, say("filter_again"));
    this.popover.replaceChildren(make("p", { role: "alert" }, say("filter_failed")), again);
  }

  fill(found = this.choices) {
    if (!this.popover.querySelector(".filter-groups")) this.lay();
    const same = twins(found.documents.map(({ title }) => title));
    const listed = {
      kinds: this.typed ? [] : found.kinds.map(({ name, count }) => ({ value: name, name: kindName(name), count })),
      languages: this.typed ? [] : found.languages.map(({ name, count }) => ({ value: name, name: tongue(name), count, lang: null })),
      documents: found.documents.map(({ id, title }) => ({ value: id, name: same.has(title) ? `${title} (${id})` : title })),
      speakers: found.speakers.map(({ name, count }) => ({ value: name, name, count })),
    };
    const groups = FIELDS.map((field) => this.group(field, listed[field], found.more[field] ?? 0)).filter(Boolean);
    this.groups.replaceChildren(...(groups.length ? groups : [make("p", { role: "status" }, say("filter_none"))]));
    const many = this.choices && this.choices.documents.length + this.choices.speakers.length >= FIND_FROM;
    this.field.hidden = !many;
  }

  /** Lay out the window: a field to find, the groups, the way out. */
  lay() {
    const input = make("input", { type: "search", id: "sidenote-filter-find", maxlength: "200", autocomplete: "off", oninput: () => this.type(input.value) });
    this.field = make("p", { class: "filter-field" }, make("label", { for: "sidenote-filter-find" }, say("filter_find")), input);
    this.groups = make("div", { class: "filter-groups" });
    const plain = (text, onclick) => make("button", { type: "button", class: "filter-plain", onclick }, text);
    const foot = make("p", { class: "filter-foot" },
      plain(say("filter_clear"), () => { this.clear(); this.fill(); }), plain(say("filter_done"), () => this.close(true)));
    this.popover.replaceChildren(make("p", { class: "filter-title" }, say("filter_title")), this.field, this.groups, foot);
  }

  type(text) {
    this.typed = text.trim();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.look(), PAUSE);
  }

  /** One filter's choices; what is chosen stays in sight whatever was typed. */
  group(field, listed, more) {
    const known = new Set(listed.map(({ value }) => value));
    const others = [...this.chosen[field]].filter(([value]) => !known.has(value)).map(([value, name]) => ({ value, name }));
    const shown = this.typed ? listed : [...others, ...listed];
    if (!shown.length || (shown.length === 1 && !this.typed && !this.chosen[field].size)) return null; // no choice
    const items = shown.map((choice) => make("li", {}, this.box(field, choice)));
    return make("fieldset", {},
      make("legend", {}, say(`filter_${field}`)),
      make("ul", {}, ...items),
      more ? make("p", { class: "filter-more" }, sayCount("filter_more", more)) : null);
  }

  box(field, { value, name, count }) {
    const box = make("input", { type: "checkbox", onchange: () => this.choose(field, value, name, box.checked) });
    box.checked = this.chosen[field].has(value);
    const number = count === undefined ? null : make("span", { class: "filter-count" }, ` ${count}`);
    return make("label", {}, box, make("bdi", {}, name), number);
  }

  choose(field, value, name, wanted) {
    if (wanted) this.chosen[field].set(value, name);
    else this.chosen[field].delete(value);
    this.change(true);
  }

  clear() {
    for (const field of FIELDS) this.chosen[field].clear();
    this.change(true);
  }

  /** Draw the chips, tell the page, keep it for this tab. */
  change(said) {
    const chosen = FIELDS.filter((field) => this.chosen[field].size);
    this.app.filters = Object.fromEntries(chosen.map((field) => [field, [...this.chosen[field].keys()]]));
    const count = chosen.reduce((sum, field) => sum + this.chosen[field].size, 0);
    this.button.textContent = count ? say("filter_only") : say("filter_everywhere");
    this.button.setAttribute("aria-label", `${this.button.textContent} ${say("filter_button")}`);
    this.chips.replaceChildren(...chosen.flatMap((field) => [...this.chosen[field]].map((one) => this.chip(field, ...one))));
    this.chips.hidden = !count;
    if (this.opened) this.fit();
    keep(keptAs("filters"), Object.fromEntries(chosen.map((field) => [field, [...this.chosen[field]]])), sessionStorage);
    if (said) announce(count ? sayCount("filter_count", count) : say("filter_everywhere"));
    this.app.emit("filters");
  }

  chip(field, value, name) {
    const remove = () => {
      const next = this.chips.querySelectorAll("button");
      const at = [...next].indexOf(button);
      this.choose(field, value, name, false);
      if (this.opened) this.fill();
      ([...this.chips.querySelectorAll("button")][Math.max(0, at - 1)] ?? this.button).focus();
    };
    const button = make("button", { type: "button", class: "filter-chip", "aria-label": say("filter_remove", { name }), onclick: remove },
      make("bdi", {}, name), make("span", { "aria-hidden": "true" }, "×"));
    return make("li", {}, button);
  }
}

/** Pairs of texts out of what this tab kept, which anything may have written. */
function entries(kept) {
  const pairs = Array.isArray(kept) ? kept : [];
  return pairs.filter((pair) => Array.isArray(pair) && pair.length === 2 && pair.every((text) => typeof text === "string"));
}

function kindName(kind) {
  return say(`filter_kind_${kind}`) || kind;
}

function tongue(code) {
  return languageName(code) ?? say("filter_language_unknown");
}
