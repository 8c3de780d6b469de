// The strip under the bar: every document as a bar, the quotes of this conversation as marks on it, or the dated
// documents in order of their dates. Places are shares of a document that the server worked out, or code points that
// it counted, divided; no length of a JavaScript string is ever sent.

import { filtersText } from "./address.js";
import { clock, dateName, getJSON, make, say, sayCount, shorten, twins } from "./dom.js";
import { fromText, toText } from "./strip-scale.js";

const ROOM = 18; // pixels that a bar needs; with more documents than fit the smallest uncited ones are counted only
const NAMED = 40; // cited documents that the server takes by name
const SOON = 2000; // milliseconds until the rest is asked for, where the server has not measured everything
const WORDS = 60; // characters of a quote in the tip
const STEPS = [0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300]; // minutes between ticks
const TICKS = 6; // at most, on one recording
const LAST = 0.9; // share of a recording after which a tick has no room for its label

export class Strip {
  constructor(column, app) {
    this.app = app;
    this.data = null;
    this.dates = false; // whether the timeline is shown in place of the bars
    this.asked = 0;
    this.everything = false; // whether the filters in force are passed over
    this.tip = make("div", { class: "strip-tip", "aria-hidden": "true", hidden: true });
    this.bar = make("div", { class: "strip", role: "toolbar", "aria-label": `${say("strip_label")}. ${say("strip_help")}` });
    this.bar.addEventListener("keydown", (event) => this.moved(event));
    this.bar.addEventListener("pointerleave", () => this.hide());
    this.bar.addEventListener("focusout", () => this.hide());
    column.replaceChildren(this.bar, this.tip);
    app.on("cited", () => this.load());
    app.on("status", () => this.load());
    app.on("filters", () => this.load());
    new ResizeObserver(() => this.fits() !== this.drawn && this.draw()).observe(this.bar);
    this.load();
  }

  /** Fetch what is not here yet: the documents of another index, or cited ones that are too small to be told. */
  async load() {
    clearTimeout(this.soon);
    if (this.app.status?.state !== "ready") return; // there is nothing to draw yet
    const cited = [...new Set(this.app.cited().map((quote) => quote.document))].slice(-NAMED);
    const told = new Set(this.data?.documents.map((row) => row.document));
    const filters = filtersText(this.everything ? {} : this.app.filters);
    const same = this.data?.complete && this.data.filters === filters && (this.app.status?.generation ?? this.data.generation) === this.data.generation;
    const wanted = cited.filter((id) => !told.has(id) && !(same && this.missing?.has(id)));
    if (same && !wanted.length) return this.draw();
    const turn = ++this.asked;
    try {
      const data = await getJSON(`strip?${new URLSearchParams([["filters", filters], ...cited.map((id) => ["document", id])])}`);
      if (turn !== this.asked) return;
      this.data = { ...data, filters };
      this.missing = new Set(wanted); // those that are gone are not asked for again
      if (!data.complete) this.soon = setTimeout(() => this.load(), SOON);
    } catch {
      return; // no index yet, or no server: the page says so, and the next status asks again
    }
    this.draw();
  }

  fits() {
    return Math.max(3, Math.floor(this.bar.clientWidth / ROOM));
  }

  draw() {
    const state = JSON.stringify([this.data, this.app.cited(), this.dates, this.fits(), this.app.filters]);
    if (!this.data || state === this.state) return; // what is hovered or focused stays
    this.state = state;
    const focused = this.bar.contains(document.activeElement) ? document.activeElement.dataset.key : null;
    this.drawn = this.fits();
    this.same = twins([...new Map([...this.data.documents, ...this.data.dated].map((row) => [row.document, row.title])).values()]);
    this.hide();
    const dated = new Set(this.data.dated.map((row) => row.date)).size > 1;
    this.bar.replaceChildren(...(this.dates && dated ? this.timeline() : this.bars()), this.filtered(), dated ? this.toggle() : "");
    const items = this.items();
    const now = items.find((item) => item.dataset.key === focused) ?? items[0];
    for (const item of items) item.tabIndex = item === now ? 0 : -1;
    if (focused) now?.focus({ preventScroll: true });
  }

  bars() {
    const quotes = Map.groupBy(this.app.cited(), (quote) => quote.document);
    const rank = (row) => [quotes.get(row.document)?.length ?? 0, row.length];
    const ranked = [...this.data.documents].sort((a, b) => rank(b)[0] - rank(a)[0] || rank(b)[1] - rank(a)[1]);
    const shown = new Set(ranked.slice(0, this.drawn));
    const rest = this.data.more + ranked.length - shown.size;
    const bars = this.data.documents.filter((row) => shown.has(row));
    return [
      make("div", { class: "strip-bars" }, ...bars.map((row) => this.document(row, quotes.get(row.document) ?? []))),
      rest ? this.button("more", "strip-more", sayCount("strip_more_label", rest), () => this.app.open("library"), sayCount("strip_more", rest)) : "",
    ];
  }

  document(row, quotes) {
    const minutes = row.minutes && say("strip_minutes", { minutes: Math.max(1, Math.round(row.minutes)) });
    const label = [...this.names(row), minutes, row.date && dateName(row.date), row.outside && say("strip_outside")].filter(Boolean);
    const bar = this.button(`bar ${row.document}`, "strip-bar", label.join(", "), (event) => this.go(row, shareAt(event)));
    bar.append(...lines(row), ...ticks(row));
    bar.addEventListener("pointermove", (event) => this.show(event.clientX, ...this.here(row, shareAt(event))));
    bar.addEventListener("focus", () => bar.matches(":focus-visible") && this.show(middle(bar), ...label));
    const marks = quotes.toSorted((a, b) => a.start - b.start).map((quote) => this.mark(row, quote));
    const title = make("span", { class: "strip-title", "aria-hidden": "true", dir: "auto" }, row.title);
    const element = make("div", { class: `strip-document${row.outside ? " outside" : ""}` }, title, make("div", { class: "strip-track" }, bar, ...marks));
    element.style.flexGrow = Math.log2(2 + row.length / 500).toFixed(2); // damped, or small ones would not be seen
    return element;
  }

  mark(row, quote) {
    const share = quote.start / row.length;
    const words = `“${shorten(quote.quote, WORDS)}”`;
    const told = [say("strip_quote", { number: quote.number }), ...this.here(row, fromText(row, share)), words];
    const read = () => this.app.read({ document: quote.document, start: quote.start, end: quote.end, quote: quote.quote });
    const mark = this.button(`mark ${quote.document} ${quote.start}`, "strip-mark", told.join(", "), read);
    mark.style.left = `${(fromText(row, share) * 100).toFixed(2)}%`;
    for (const event of ["pointerenter", "focus"]) mark.addEventListener(event, () => this.show(middle(mark), ...told));
    return mark;
  }

  /** What stands at a share of a bar: document, section, time. */
  here(row, share) {
    const place = toText(row, share);
    const section = row.sections.findLast((one) => one.start <= place)?.title;
    return [...this.names(row), section !== row.title && section, row.minutes && clock(share * row.minutes * 60)].filter(Boolean);
  }

  /** What a document is called, with its path where others have the same title. */
  names({ document: id, title }) {
    return this.same.has(title) ? [title, id] : [title];
  }

  /** Open a document where its bar was pressed. */
  go(row, share) {
    const start = Math.min(row.length - 1, Math.floor(toText(row, share) * row.length));
    if (row.length) this.app.read({ document: row.document, start, end: start + 1 });
  }

  timeline() {
    const rows = this.data.dated.map((row) => {
      const { document: id, title, date } = row;
      const open = () => this.app.read({ document: id, start: 0, end: 1 });
      const button = this.button(`date ${id}`, "strip-date", [dateName(date), ...this.names(row)].join(", "), open);
      for (const event of ["pointerenter", "focus"])
        button.addEventListener(event, () => this.show(middle(button), dateName(date), ...this.names(row)));
      button.append(make("span", { class: "strip-day" }, dateName(date)), make("span", { class: "strip-name", dir: "auto" }, title));
      return button;
    });
    return [make("div", { class: "strip-dates" }, ...rows)];
  }

  /** How many documents the filters allow, with the way to all of them and back; nothing where there are none. */
  filtered() {
    const { passing: count, total, filters } = this.data;
    if (!filters && !this.everything) return "";
    const name = this.everything ? "strip_all" : "strip_filtered";
    const turn = () => ((this.everything = !this.everything), this.load());
    return this.button("filtered", "strip-toggle", say(`${name}_label`, { count, total }), turn, say(name, { count, total }));
  }

  toggle() {
    const name = this.dates ? "strip_by_place" : "strip_by_date";
    const turn = () => {
      this.dates = !this.dates;
      this.draw();
    };
    return this.button("toggle", "strip-toggle", say(`${name}_label`), turn, say(name));
  }

  button(key, name, label, onclick, text = "") {
    return make("button", { type: "button", class: name, "data-key": key, "aria-label": label, tabindex: "-1", onclick }, text);
  }

  items() {
    return [...this.bar.querySelectorAll("button")];
  }

  /** Left and right lead from one bar or mark to the next, up and down from document to document. */
  moved(event) {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape" && !this.tip.hidden) return this.hide(), event.stopPropagation();
    const items = this.items();
    const at = items.indexOf(document.activeElement);
    const bars = items.filter((item) => !item.matches(".strip-mark"));
    const next = {
      ArrowRight: () => items[at + 1], ArrowLeft: () => items[at - 1], Home: () => items[0], End: () => items.at(-1),
      ArrowDown: () => bars.find((bar) => items.indexOf(bar) > at), ArrowUp: () => bars.findLast((bar) => items.indexOf(bar) < at),
    }[event.key];
    if (!next) return;
    event.preventDefault();
    const item = next();
    if (!item) return;
    for (const one of items) one.tabIndex = one === item ? 0 : -1;
    item.focus();
  }

  /** Say under a place of the strip what is there; the first word is the name. */
  show(x, name, ...further) {
    this.tip.replaceChildren(make("strong", {}, make("bdi", {}, name)), ...further.map((one) => make("bdi", {}, one)));
    this.tip.hidden = false;
    const [width, most] = [this.tip.offsetWidth, document.documentElement.clientWidth];
    this.tip.style.left = `${Math.max(8, Math.min(x - width / 2, most - width - 8))}px`;
    this.tip.style.top = `${this.bar.getBoundingClientRect().bottom + 4}px`;
  }

  hide() {
    this.tip.hidden = true;
  }
}

/** The share of a bar that was pointed at; its beginning where it was opened by key. */
function shareAt(event) {
  const { left, width } = event.currentTarget.getBoundingClientRect();
  if (event.type === "click" && event.detail === 0) return 0;
  return Math.max(0, Math.min(1, (event.clientX - left) / width));
}

function middle(element) {
  const { left, width } = element.getBoundingClientRect();
  return left + width / 2;
}

/** Where sections begin. */
function lines(row) {
  return row.sections.filter((section) => section.start > 0).map((section) => placed("i", "strip-section", fromText(row, section.start)));
}

/** Minutes, so far apart that there are few. */
function ticks(row) {
  if (!row.minutes) return [];
  const step = STEPS.find((one) => row.minutes / one <= TICKS) ?? row.minutes / TICKS;
  const marks = Array.from({ length: Math.ceil(row.minutes / step) - 1 }, (_, at) => (at + 1) * step);
  const shares = marks.map((minutes) => minutes / row.minutes);
  return shares.map((share, at) => placed("span", "strip-tick", share, share > LAST ? "" : clock(marks[at] * 60)));
}

function placed(tag, name, share, text = "") {
  const element = make(tag, { class: name, "aria-hidden": "true" }, text);
  element.style.left = `${(share * 100).toFixed(2)}%`;
  return element;
}
