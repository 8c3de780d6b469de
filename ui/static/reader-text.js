// The text of a document around a place, with the place marked. More of it comes as one scrolls, and goes again far from
// where one reads, so that a text may have any length. The server has cut it into runs; here nothing is counted.

import { documentPath, getJSON, make, say } from "./dom.js";
import { besides, twins } from "./reader-beside.js";
import { label } from "./reader-label.js";

const AROUND = 1500; // characters before and after the place at first
const STEP = 6000; // characters more at a time
const MOST = 24; // pieces that stay in the page
const NEAR = "400px"; // from the edge of what is seen, where more is asked for
const TWO_COLUMNS = 560; // pixels that two columns of text take at least; as in reader-beside.css

export class Text {
  /** `read(place)` opens what says the same elsewhere. */
  constructor(name, read) {
    this.name = name;
    this.read = read;
    this.makers = new WeakMap(); // block -> makes what stands beside it
    this.parallel = false;
    this.turn = 0; // counts the places that were opened: a late piece of an earlier one is dropped
    this.pieces = []; // [{start, end, element}], each beginning where the one before ends
    this.element = make("div", { class: "text", dir: "auto" });
    this.element.addEventListener("pointerdown", (event) => {
      const beside = Boolean(event.target.closest(".besides")); // what is selected stays in the column where that begins
      this.element.classList.toggle("from-beside", beside);
      this.element.classList.toggle("from-text", !beside);
    });
    this.earlier = this.button(say("reader_earlier"), () => this.more(-1));
    this.later = this.button(say("reader_later"), () => this.more(1));
    const seen = new IntersectionObserver((all) => all.forEach((one) => one.isIntersecting && one.target.click()), { rootMargin: NEAR });
    for (const button of [this.earlier, this.later]) seen.observe(button);
  }

  button(text, onclick) {
    return make("button", { type: "button", class: "more", hidden: true, onclick }, text);
  }

  /** Show the text around a place; return what the server said of it, or null where it cannot be shown. */
  async open({ start, end, quote }) {
    const turn = ++this.turn;
    const window = await this.fetch({ start, end, before: AROUND, after: AROUND });
    if (turn !== this.turn) return null;
    if (!window) return this.trouble(say("reader_failed"));
    const marked = window.runs.filter((run) => run.marked).map((run) => run.text).join("");
    if (quote !== undefined && marked !== quote) return this.trouble(say("reader_changed"));
    this.pieces = [this.piece(window, true)];
    this.length = window.length;
    this.element.replaceChildren(this.pieces[0].element);
    setTimeout(() => this.edges()); // after the place was scrolled to
    return window;
  }

  /** Add what stands after (by 1) or before (by -1) what is shown. */
  async more(by) {
    if (this.busy || !this.pieces.length) return;
    this.busy = true;
    const turn = this.turn;
    const at = by > 0 ? this.pieces.at(-1).end : this.pieces[0].start - 1;
    const sizes = by > 0 ? { before: 0, after: STEP } : { before: STEP, after: 0 };
    const window = await this.fetch({ start: at, end: at + 1, ...sizes });
    this.busy = false;
    if (turn !== this.turn || !window) return;
    this.add(this.piece(window, false), by);
    this.edges();
  }

  add(added, by) {
    const scroller = this.element.closest("#sidenote-evidence");
    const height = scroller.scrollHeight;
    if (by > 0) this.pieces.push(added);
    else this.pieces.unshift(added);
    this.element[by > 0 ? "append" : "prepend"](added.element);
    if (by < 0) scroller.scrollTop += scroller.scrollHeight - height; // what was read stays where it stood
    if (this.pieces.length <= MOST) return;
    const before = scroller.scrollHeight;
    (by > 0 ? this.pieces.shift() : this.pieces.pop()).element.remove();
    if (by > 0) scroller.scrollTop -= before - scroller.scrollHeight;
  }

  edges() {
    this.earlier.hidden = !this.pieces.length || this.pieces[0].start === 0;
    this.later.hidden = !this.pieces.length || this.pieces.at(-1).end >= this.length;
  }

  fetch(values) {
    return getJSON(documentPath(this.name, { ...values, beside: true })).catch(() => null);
  }

  trouble(sentence) {
    this.pieces = [];
    this.edges();
    this.element.replaceChildren(make("p", { class: "trouble", role: "alert" }, sentence));
    return null;
  }
  /** Put the runs of a window into elements, those of one block into one. All of the text stays, also between blocks. */
  piece(window, marks) {
    const blocks = [];
    let last = null;
    for (const run of window.runs) {
      const key = `${run.role} ${run.block}`;
      if (key !== last) blocks.push(make(run.role === "gap" ? "span" : "div", { class: `run role-${run.role}`, "data-block": run.block }));
      last = key;
      blocks.at(-1).append(words(run, marks));
    }
    const element = make("div", { class: "piece" }, ...blocks.map((block) => this.block(block, window)));
    twins(element);
    return { start: window.start, end: window.end, element };
  }

  /** A block with its label over it and, beside it, what says the same. */
  block(run, window) {
    const number = Number(run.dataset.block);
    if (run.matches(".role-gap")) return run;
    const told = window.labels[number];
    const pairs = [...window.pairs.entries()].filter(([, pair]) => pair.block === number);
    const all = make("div", { class: run.querySelector("mark") ? "block entered" : "block" }, told ? label(told) : null, run);
    if (pairs.length) this.makers.set(all, () => besides(pairs, this.read));
    if (this.parallel) this.pair(all);
    return all;
  }

  /** Put what says the same beside its block, open where there is room, else folded away until it is asked for. */
  pair(block) {
    const made = this.makers.get(block)?.();
    if (!made) return;
    const room = this.element.clientWidth >= TWO_COLUMNS;
    for (const one of made.querySelectorAll("details")) one.open = room;
    block.append(made);
  }

  /** Show what says the same, or the text alone: then nothing else is in the page. */
  beside(on) {
    this.parallel = on;
    for (const one of this.element.querySelectorAll(".besides")) one.remove();
    if (on) for (const block of this.element.querySelectorAll(".block")) this.pair(block);
  }
}

function words(run, marks) {
  const marked = run.marked && marks;
  if (!marked && !run.pairs.length) return run.text;
  return make(marked ? "mark" : "span", { "data-pair": run.pairs.join(" ") || null }, run.text);
}
