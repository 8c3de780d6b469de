// Begins here. Gradio draws the chat; the parts beside it are put together in this file, each drawn by its own.

import { collection, pageAddress, parsed } from "./address.js";
import { allCited, evidenceOf, forget, ids } from "./answers.js";
import { pressSoon, questionBox, submit, tell, write } from "./ask.js";
import { Chat } from "./chat.js";
import { Collected, collection as collectedView } from "./collection.js";
import { collectionsDialog } from "./collections.js";
import { announce, loadWords, say } from "./dom.js";
import { Evidence } from "./evidence.js";
import { Filters } from "./filters.js";
import { current, history as past, remember } from "./history.js";
import { keysDialog, listen } from "./keys.js";
import { menu } from "./menu.js";
import { Modes } from "./modes.js";
import { Panel } from "./panel.js";
import { Peek, step } from "./peek.js";
import { apply, preferences } from "./preferences.js";
import { Status } from "./status.js";
import { Strip } from "./strip.js";
import { Welcome } from "./welcome.js";

const NARROW = matchMedia("(max-width: 820px)");
const COLUMNS = ["menu", "strip", "welcome", "filters", "evidence", "chat", "stop", "anew", "restore", "context"];
const address = new URLSearchParams(location.search);

/** What every part is handed: how to ask, to read, to open a view, and what is going on. */
class App {
  constructor() {
    this.listeners = new Map();
    this.status = null;
    this.filters = {};
    this.instead = null; // answer whose question is being changed
    this.quotes = []; // of the conversation
  }

  /** Draw all parts into the columns that Gradio made. */
  begin(columns) {
    this.collected = new Collected(this);
    this.evidence = new Evidence(this);
    columns.evidence.setAttribute("aria-label", say("evidence"));
    this.panel = new Panel(columns.evidence, this.evidence.element, (hash) => this.route(hash));
    this.chat = new Chat(this);
    new Peek();
    menu(columns.menu, this, (name) => this.open(name));
    new Strip(columns.strip, this);
    this.choice = new Filters(columns.filters, this);
    this.modes = new Modes(this);
    this.choice.add(this.modes);
    new Welcome(columns.welcome, this);
    new Status(this);
    for (const change of ["filters", "mode"]) this.on(change, () => this.tell());
    this.on("status", () => forget());
    this.label();
    this.keys();
  }

  on(name, listener) {
    this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]);
  }

  emit(name) {
    for (const listener of this.listeners.get(name) ?? []) listener();
  }

  /** Tell the server what goes with the next question. */
  tell(more = {}) {
    const [language, { quotes }] = [document.documentElement.lang, preferences()];
    const mode = this.modes?.chosen ?? null;
    tell({ language, collection, quotes, mode, filters: this.filters, instead: this.instead, ...more });
  }

  ask(question) {
    if (NARROW.matches) this.panel.home();
    this.tell();
    submit(question);
  }

  type(text) {
    if (NARROW.matches) this.panel.home();
    write(text);
  }

  /** Change an earlier question: the next one that is asked takes its place. */
  edit(question, instead) {
    this.instead = instead;
    this.tell();
    announce(say("editing"));
    document.body.dataset.editing = say("editing");
    this.type(question);
  }

  endEdit() {
    this.instead = null;
    delete document.body.dataset.editing;
    this.tell();
  }

  cited() {
    return this.quotes;
  }

  async answers() {
    const found = await Promise.all(ids().map((id) => evidenceOf(id).catch(() => null)));
    return found.filter(Boolean).map(({ answer }) => answer);
  }

  /** The newest answer changed (id null: there is none). */
  async answered(id) {
    if (this.instead) this.endEdit();
    if (id) this.evidence.show(id);
    else this.evidence.clear();
    this.quotes = await allCited();
    this.emit("cited");
    remember((await this.answers()).map((answer) => ({ id: answer.id, question: answer.question, filters: answer.filters })));
  }

  follow(marker, id, number) {
    this.panel.home();
    this.evidence.follow(marker, id, number);
  }

  /** The quotes of an answer as a list; where no column stands beside, as a view over the conversation. */
  async showQuotes(id) {
    if (!document.body.classList.contains("narrow")) return this.follow(null, id, null);
    await this.evidence.show(id);
    this.panel.open({ name: "quotes", title: say("evidence"), element: this.evidence.element, address: null });
  }

  async read(place, citation = null) {
    const { reader } = await import("./reader.js");
    this.panel.open(reader(this, place, citation));
  }

  async open(name, ...given) {
    const views = {
      search: async () => (await import("./search.js")).search(this, ...given),
      library: async () => (await import("./library.js")).library(this),
      collected: async () => collectedView(this),
      history: async () => past(this, (known) => this.restore(known)),
    };
    if (this.panel.top?.view.name !== name) this.panel.open(await views[name]());
  }

  /** Open what an address names: a place to read, a phrase to find. */
  async route(hash) {
    if (hash.startsWith("#read/")) {
      const place = (await import("./reader.js")).placeOf(hash);
      if (place) this.read(place);
    } else if (hash.startsWith("#search/")) {
      const phrase = (await import("./search.js")).phraseOf(hash);
      if (phrase) this.open("search", phrase);
    }
  }

  restore(known) {
    this.tell({ restore: known });
    pressSoon("#sidenote-restore");
    if (this.panel.top) this.panel.home();
  }

  /** Put our words, in the reader's language, where Gradio has its own. */
  label() {
    const box = questionBox();
    box.placeholder = say("question_placeholder");
    box.setAttribute("aria-label", say("question_label"));
    box.addEventListener("focus", () => this.tell());
    box.addEventListener("keydown", (event) => event.key === "Escape" && this.instead && (write(""), this.endEdit()));
    document.getElementById("sidenote-anew").textContent = say("new_conversation");
    write(box.value); // Gradio measures the field before it has its place
    const stop = document.getElementById("sidenote-stop");
    stop.textContent = say("stop");
    stop.addEventListener("click", () => this.stopped());
  }

  /** Give the question back whose answer is no longer waited for. */
  stopped() {
    const asked = [...document.querySelectorAll("#sidenote-chat [data-testid=user]")].at(-1)?.textContent.trim();
    if (asked && !questionBox().value) write(asked);
  }

  keys() {
    listen({
      "/": () => questionBox().focus(),
      n: () => step(1),
      p: () => step(-1),
      s: () => this.open("search"),
      l: () => this.open("library"),
      c: () => this.open("collected"),
      h: () => this.open("history"),
      o: collectionsDialog,
      "?": keysDialog,
      Escape: () => this.panel.back(),
    });
  }

  /** What the address asks for, once the page stands: a question, a place; or else the conversation of this tab. */
  async arrive() {
    const question = address.get("q");
    const known = current();
    if (question) {
      this.choice.set(parsed(address.get("filters")));
      this.modes.follow(address.get("mode"));
      history.replaceState(history.state, "", `${pageAddress()}${location.hash}`); // asked once, not at every reload
      this.ask(question.slice(0, 2000));
    }
    if (!question && known.length) this.restore(known);
    if (location.hash) this.route(location.hash);
  }
}

let app = null;

function refresh() {
  const columns = Object.fromEntries(COLUMNS.map((name) => [name, document.getElementById(`sidenote-${name}`)]));
  if (Object.values(columns).some((column) => !column) || !questionBox()) return;
  if (!app) {
    app = new App();
    app.begin(columns);
    if (!matchMedia("(pointer: fine)").matches || location.hash) questionBox().blur();
    app.arrive();
  }
  app.chat.refresh();
}

function fit() {
  const embedded = address.get("embed") === "1";
  document.body.classList.toggle("embedded", embedded);
  document.body.classList.toggle("narrow", NARROW.matches || embedded);
}

let awaited = false;
function soon() {
  if (awaited) return;
  awaited = true;
  requestAnimationFrame(() => {
    awaited = false;
    refresh();
  });
}

apply();
fit();
NARROW.addEventListener("change", fit);
await loadWords(address.get("language") ?? preferences().language);
new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
refresh();
