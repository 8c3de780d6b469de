// The quotes that a reader collected, with his notes: in this browser only, and never more than one export can carry.

import { keptAs } from "./address.js";
import { keep, kept } from "./dom.js";

const NAME = keptAs("collected"); // an export is of one collection
const MOST = 200; // quotes; server/taking.py takes no more
const MOST_BYTES = 56_000; // of what an export sends; the guard lets 64 kB in
export const LONGEST_NOTE = 1000; // UTF-16 units; the server counts code points, which are fewer
const SHOWN = ["document", "start", "end", "quote", "title", "speaker", "speaker_inferred", "quoted_by", "section", "time",
  "page", "date", "language", "role", "link"];

export class Collected {
  /** `app.emit("collected")` follows every change, those of other tabs included. */
  constructor(app) {
    this.app = app;
    this.items = read();
    this.lasting = true; // whether the browser keeps them
    window.addEventListener("storage", (event) => {
      if (event.key !== null && event.key !== `sidenote.${NAME}`) return;
      this.items = read();
      app.emit("collected");
    });
  }

  /** Collect a quote; return whether there was room for it. */
  add(citation) {
    if (this.has(citation)) return true;
    const item = Object.fromEntries(SHOWN.map((name) => [name, citation[name] ?? null]));
    const items = [...this.items, { ...item, section: item.section ?? [], note: citation.note ?? "" }];
    if (!fits(items)) return false;
    this.set(items);
    return true;
  }

  has(citation) {
    return this.at(citation) >= 0;
  }

  /** Remove a quote; return a function that puts it back where it was, null where there is none. */
  remove(citation) {
    const at = this.at(citation);
    if (at < 0) return null;
    const [removed] = this.items.slice(at, at + 1);
    this.set(this.items.toSpliced(at, 1));
    return () => {
      const items = this.items.toSpliced(Math.min(at, this.items.length), 0, removed);
      if (!this.has(removed) && fits(items)) this.set(items);
    };
  }

  /** Write a note; return what of it is kept: less than all where the notes are too long together. */
  note(citation, text) {
    const at = this.at(citation);
    if (at < 0) return text;
    const withNote = (note) => this.items.with(at, { ...this.items[at], note });
    let note = [...text.slice(0, LONGEST_NOTE)].join("").toWellFormed();
    while (note && !fits(withNote(note))) note = [...note].slice(0, Math.floor(note.length * 0.8)).join("");
    this.items = withNote(note);
    this.lasting = keep(NAME, this.items); // nobody is told: the reader is still writing
    return note;
  }

  count() {
    return this.items.length;
  }

  list() {
    return [...this.items];
  }

  at({ document, start, end }) {
    return this.items.findIndex((one) => one.document === document && one.start === start && one.end === end);
  }

  set(items) {
    this.items = items;
    this.lasting = keep(NAME, items);
    this.app.emit("collected");
  }
}

/** What an export is told of quotes: their places and notes. The words are cut anew by the server. */
export function places(items) {
  return items.map(({ document, start, end, note = "" }) => ({ document, start, end, note }));
}

function fits(items) {
  return items.length <= MOST && new TextEncoder().encode(JSON.stringify(places(items))).length <= MOST_BYTES;
}

/** What this browser kept, without what is no quote of ours. */
function read() {
  const found = kept(NAME, []);
  const sound = (one) => typeof one?.document === "string" && typeof one.quote === "string" && Number.isInteger(one.start)
    && Number.isInteger(one.end) && typeof one.role === "string";
  const whole = (one) => ({ ...one, section: Array.isArray(one.section) ? one.section : [],
    note: typeof one.note === "string" ? one.note : "" });
  return Array.isArray(found) ? found.filter(sound).slice(0, MOST).map(whole) : [];
}
