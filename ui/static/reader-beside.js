// What says the same elsewhere, beside the block it belongs to. Pointing at one side marks the other.

import { addressOf } from "./reader-address.js";
import { clock, languageName, make, say } from "./dom.js";

/**
 * The counterparts of one block: one part for each document, relation and speaker. `pairs` are `[number, pair]`, in order;
 * `read(place)` opens one in its document.
 */
export function besides(pairs, read) {
  const groups = new Map();
  for (const [number, pair] of pairs) {
    const key = JSON.stringify([pair.document, pair.relation, pair.original, pair.language, pair.speaker, pair.inferred]);
    groups.set(key, [...(groups.get(key) ?? []), [number, pair]]);
  }
  return make("div", { class: "besides" }, ...[...groups.values()].map((group) => part(group, read)));
}

function part(group, read) {
  const [, first] = group[0];
  const paragraphs = [];
  for (const [number, pair] of group) {
    if (pair.gap === null || !paragraphs.length) paragraphs.push(make("p", {}));
    else paragraphs.at(-1).append(pair.gap);
    paragraphs.at(-1).append(link(number, pair, read));
  }
  const lang = !first.language || first.language === "und" ? null : first.language;
  return make("details", { class: "beside" }, heading(first, group.at(-1)[1]),
    make("div", { class: "words", lang, dir: "auto" }, ...paragraphs));
}

/** "Japanese translation", "read aloud · A talk · 0:30–1:05". */
function heading(first, last) {
  const other = first.translated ? languageName(first.language) : null;
  const name = say(first.original ? "relation_original" : `relation_${first.relation}`);
  const parts = [
    make("span", {}, other ? say("also_language", { language: other, relation: name }) : name),
    first.here ? null : make("bdi", {}, first.title),
    first.speaker && !first.time ? make("bdi", {}, first.speaker) : null,
    first.speaker && !first.time && first.inferred ? make("span", { title: say("inferred_help") }, say("inferred")) : null,
    first.time ? make("span", { class: "time" }, `${clock(first.time[0])}–${clock((last.time ?? first.time)[1])}`) : null,
  ];
  return make("summary", {}, ...parts);
}

function link(number, pair, read) {
  const place = { document: pair.document, start: pair.start, end: pair.end, quote: pair.cut ? undefined : pair.text };
  const follow = (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return; // a tab of its own
    event.preventDefault();
    read(place);
  };
  const attributes = { class: "counterpart", href: addressOf(place), title: say("reader_beside_open"), "data-pair": number };
  return make("a", { ...attributes, onclick: follow }, pair.text, pair.cut ? "…" : null);
}

/** Mark, in a piece of the text, both sides of the pair that is pointed at or in focus. */
export function twins(piece) {
  const numbers = (element) => (element.dataset.pair ?? "").split(" ");
  const mark = (target) => {
    const wanted = new Set(target ? numbers(target) : []);
    for (const element of piece.querySelectorAll("[data-pair]")) {
      element.classList.toggle("twin", numbers(element).some((number) => wanted.has(number)));
    }
  };
  const under = (event) => event.target.closest?.("[data-pair]");
  piece.addEventListener("mouseover", (event) => mark(under(event)));
  piece.addEventListener("mouseleave", () => mark(null));
  piece.addEventListener("focusin", (event) => mark(under(event)));
  piece.addEventListener("focusout", () => mark(null));
  piece.addEventListener("click", (event) => unfold(under(event)));
}

/** Where counterparts are folded away (a narrow page), pressing a sentence unfolds its own. */
function unfold(sentence) {
  if (!sentence || sentence.matches("a") || !getSelection().isCollapsed) return;
  const wanted = new Set(sentence.dataset.pair.split(" "));
  const own = [...sentence.closest(".block").querySelectorAll("a.counterpart")].filter((one) => wanted.has(one.dataset.pair));
  for (const one of own) one.closest("details").open = true;
}
