// What was asked in this browser: conversations with their questions. Nothing of it leaves the browser.

import { chosenIn, collection, keptAs, pageAddress } from "./address.js";
import { collectionName } from "./collections.js";
import { announce, getJSON, keep, kept, make, say, sayCount, shorten } from "./dom.js";

const MOST = 200; // conversations
const QUESTIONS = 30; // of each

/** Remember the conversation as it stands now: `answers` are `{id, question, filters}`, oldest first. */
export function remember(answers) {
  keep(keptAs("conversation"), answers.map(({ id }) => id), sessionStorage);
  if (!answers.length) return;
  const key = answers[0].id;
  const others = kept("history", []).filter((one) => one.key !== key);
  const short = answers.slice(-QUESTIONS).map(({ id, question }) => ({ id, question: shorten(question, 300) }));
  const filters = chosenIn(answers.at(-1).filters);
  keep("history", [{ key, when: Date.now(), answers: short, filters, collection }, ...others].slice(0, MOST));
}

/** Ids of the conversation of this tab, to show it again after the page was loaded anew. */
export function current() {
  return kept(keptAs("conversation"), [], sessionStorage);
}

/** In which collection a conversation was held, where it is not the one of this page. */
function where({ collection: name = "" }) {
  return name === collection ? [] : [" · ", make("bdi", {}, collectionName(String(name)))];
}

/** The view. `restore(ids)` shows a conversation again; its promise tells whether anything of it was kept. */
export function history(app, restore) {
  const list = make("ul", { class: "entries" });
  const undo = make("p", { class: "undo", role: "status" });
  const element = make("div", { class: "history" }, make("p", { class: "help" }, say("history_help")), undo, list);

  function replace(entries) {
    const before = kept("history", []);
    keep("history", entries);
    draw();
    const again = () => (keep("history", before), undo.replaceChildren(), draw());
    undo.replaceChildren(say("history_deleted"), " ", make("button", { type: "button", class: "quiet", onclick: again }, say("undo")));
    announce(say("history_deleted"));
    undo.querySelector("button").focus();
  }

  async function open(entry, row) {
    const { collection: there = "" } = entry; // what was kept before there were several has none
    const elsewhere = there !== collection;
    const known = await Promise.all(entry.answers.map(({ id }) => getJSON(`answers/${id}`, there).then(() => id, () => null)));
    const filters = entry.filters ?? {}; // of the last question: the next one is asked of the same
    if (known.some(Boolean)) {
      if (!elsewhere) await app.choice.set(filters); // until then it tells the server, and that would forget the ids
      if (!elsewhere) return restore(known.filter(Boolean));
      keep(keptAs("conversation", there), known.filter(Boolean), sessionStorage);
      keep(keptAs("filters", there), Object.fromEntries(Object.entries(filters).map(([field, names]) => [field, names.map((name) => [name, name])])), sessionStorage);
      return location.assign(pageAddress({}, there));
    }
    const ask = (question) => elsewhere ? location.assign(pageAddress({ q: question, filters: JSON.stringify(filters) }, there)) : (app.choice.set(filters), app.ask(question));
    const questions = entry.answers.map(({ question }) =>
      make("li", {}, make("button", { type: "button", class: "question", onclick: () => ask(question) }, question)));
    row.querySelector(".expired")?.remove();
    row.append(make("div", { class: "expired", role: "status" }, make("p", {}, say("history_expired")), make("ul", {}, ...questions)));
  }

  function line(entry) {
    const [first, ...more] = entry.answers;
    const when = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
    const others = kept("history", []).filter((one) => one.key !== entry.key);
    const drop = { type: "button", class: "quiet", "aria-label": say("history_delete_label", { question: first.question }) };
    const row = make("li", {},
      make("button", { type: "button", class: "question", dir: "auto", title: say("history_open"), onclick: () => open(entry, row) }, first.question),
      make("p", { class: "help" }, when.format(entry.when), more.length ? ` · ${sayCount("history_more", more.length)}` : "", ...where(entry)),
      make("button", { ...drop, onclick: () => replace(others) }, say("history_delete")));
    return row;
  }

  function draw() {
    const entries = kept("history", []);
    list.replaceChildren(...entries.map(line));
    element.querySelector(".clear")?.remove();
    if (entries.length) element.append(make("button", { type: "button", class: "quiet clear", onclick: () => replace([]) }, say("history_clear")));
    else list.append(make("li", { class: "none" }, say("history_empty")));
  }

  draw();
  return { name: "history", title: say("history_title"), element, address: null, shown: () => element.querySelector("button")?.focus() };
}
