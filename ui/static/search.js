// An exact phrase in the whole corpus: every place in its words, document by document, each a way into the reader.

import { filtersText } from "./address.js";
import { attribution, whereabouts } from "./cards.js";
import { getJSON, make, say, sayCount } from "./dom.js";

const ADDRESS = "#search/";
const LONGEST = 200; // characters of a phrase, as the server takes them
const PAUSE = 400; // milliseconds without typing after which the search begins by itself
const PATIENCE = 200; // requests that one search may take by itself
const PAGE = 50; // hits shown before somebody asks for more
const TURN = 0.4; // seconds that one request looks, so that what was found shows soon
const WORD = /^[\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9f]$/; // one character, one word

/** The phrase that an address asks for, or "". */
export function phraseOf(hash) {
  if (!hash.startsWith(ADDRESS)) return "";
  try {
    return [...decodeURIComponent(hash.slice(ADDRESS.length))].slice(0, LONGEST).join("").trim();
  } catch {
    return ""; // a cut-off link
  }
}

/** The view. `phrase` is searched at once. */
export function search(app, phrase = "") {
  return new Search(app, phrase).view;
}

class Search {
  constructor(app, phrase) {
    this.app = app;
    this.turn = 0; // counts searches, so that a late answer to an earlier one is dropped
    this.input = make("input", {
      type: "search", id: "search-phrase", maxlength: String(LONGEST), autocomplete: "off", spellcheck: "false", dir: "auto",
      "aria-describedby": "search-help",
    });
    this.input.value = phrase;
    this.state = make("p", { class: "search-state", role: "status" });
    this.everywhere = false; // whether the filters in force are passed over
    this.within = make("p", { class: "search-within", hidden: true });
    this.progress = make("progress", { class: "search-progress", max: "1", hidden: true });
    app.on("filters", () => this.element.isConnected && this.begin());
    this.list = make("div", { class: "search-hits" });
    this.foot = make("div", { class: "search-foot" });
    const form = make("form", { role: "search", onsubmit: (event) => (event.preventDefault(), this.begin()) },
      make("label", { for: "search-phrase" }, say("search_label")),
      make("div", { class: "search-field" }, this.input, make("button", { type: "submit" }, say("search_button"))),
      make("p", { class: "search-help", id: "search-help" }, say("search_help")));
    this.input.addEventListener("input", (event) => this.typed(event));
    this.view = {
      name: "search", title: say("search_title"), address: address(phrase),
      element: (this.element = make("div", { class: "search" }, form, this.within, this.state, this.progress, this.list, this.foot)),
      shown: () => this.shown(),
      left: () => this.stop(),
    };
  }

  shown() {
    const touched = !matchMedia("(pointer: fine)").matches; // there a keyboard would come up over the hits
    if (!touched || !this.input.value) {
      this.input.focus({ preventScroll: true });
      this.input.select();
    }
    if (this.input.value) this.begin();
  }

  /** Say that the filters leave something out, with a way to look there, too. */
  tellFilters() {
    const { names } = this.app.choice;
    this.within.hidden = !names.length;
    if (!names.length) return (this.everywhere = false);
    const said = this.everywhere ? say("search_ignored") : say("search_within", { names: names.join(", ") });
    const turn = () => {
      this.everywhere = !this.everywhere;
      this.begin();
      this.within.querySelector("button").focus();
    };
    const other = say(this.everywhere ? "search_within_again" : "search_everywhere");
    this.within.replaceChildren(make("bdi", {}, said), " ", make("button", { type: "button", class: "quiet", onclick: turn }, other));
  }

  stop() {
    clearTimeout(this.soon);
    this.progress.hidden = true;
    this.turn += 1;
  }

  typed(event) {
    clearTimeout(this.soon);
    if (!event.isComposing) this.soon = setTimeout(() => this.begin(), PAUSE);
  }

  /** Look for what stands in the field. */
  async begin() {
    this.stop();
    const phrase = this.input.value.trim();
    this.list.replaceChildren();
    this.foot.replaceChildren();
    this.last = null;
    this.tellFilters();
    this.remember(phrase);
    const short = [...phrase].length < 2 && !WORD.test(phrase);
    this.state.textContent = !phrase ? "" : short ? say("search_short") : say("search_busy");
    if (!short) await this.go(phrase, "0");
  }

  /** Show the hits from a cursor on as they are found, and go on counting until every document was looked through. */
  async go(phrase, after) {
    const turn = this.turn;
    this.foot.replaceChildren();
    let room = PAGE;
    const filters = filtersText(this.everywhere ? {} : this.app.filters);
    try {
      for (let asked = 0; asked < PATIENCE; asked++) {
        const page = await getJSON(`search?${new URLSearchParams({ phrase, after, most: room, seconds: TURN, filters })}`);
        if (turn !== this.turn) return;
        this.draw(page);
        room -= page.documents.reduce((sum, group) => sum + group.hits.length, 0);
        after = page.next;
        if (page.complete && (!room || after === null)) break;
      }
      this.progress.hidden = true;
      if (after !== null) this.foot.replaceChildren(this.button(say("search_more"), () => this.more(phrase, after)));
    } catch {
      if (turn !== this.turn) return;
      this.state.textContent = "";
      this.progress.hidden = true;
      this.foot.replaceChildren(
        make("p", { class: "trouble", role: "alert" }, say("search_failed")),
        this.button(say("search_again"), () => this.go(phrase, after)),
      );
    }
  }

  /** Add the next page and go on with its first hit. */
  async more(phrase, after) {
    const before = this.list.querySelectorAll(".search-hit").length;
    this.foot.querySelector("button").disabled = true;
    await this.go(phrase, after);
    this.list.querySelectorAll(".search-hit")[before]?.focus();
  }

  draw(page) {
    const hits = sayCount("search_hits", page.total);
    const found = page.total ? say("search_found", { hits, documents: sayCount("search_documents", page.in_documents) }) : "";
    const none = this.app.choice.names.length && !this.everywhere ? say("search_none_within") : say("search_none");
    this.state.textContent = page.complete ? found || none : say("search_so_far", { found: found || hits });
    this.progress.hidden = page.complete;
    this.progress.value = page.of ? page.looked / page.of : 0;
    this.progress.setAttribute("aria-label", say("search_progress", page));
    this.progress.title = say("search_progress", page);
    if (page.complete && !page.total) this.foot.replaceChildren(this.askInstead(page.phrase));
    for (const group of page.documents) this.group(group).append(...group.hits.map((hit) => this.hit(group, hit)));
  }

  /** The list of a document, which may have begun on the page before. */
  group({ document: id, title, count }) {
    if (this.last?.id === id) return this.last.list; // what was counted of it stands already
    const list = make("ol", {});
    const heading = make("h3", {}, make("bdi", {}, title || id), " ", make("span", { class: "count" }, sayCount("search_hits", count)));
    this.list.append(make("section", {}, heading, list));
    this.last = { id, list };
    return list;
  }

  hit(group, hit) {
    const place = { document: group.document, start: hit.start, end: hit.end, quote: hit.hit };
    const [before, after] = [(hit.cut[0] ? "… " : "") + hit.before, hit.after + (hit.cut[1] ? " …" : "")];
    const language = hit.language === "und" ? null : hit.language;
    return make("li", {},
      make("button", { type: "button", class: "search-hit", dir: "auto", lang: language, onclick: () => this.app.read(place) },
        before, make("mark", {}, hit.hit), after),
      hit.speaker || hit.role === "comment" ? attribution(hit) : null,
      whereabouts(hit, true));
  }

  /** A phrase that stands nowhere may still be what somebody wants to know. */
  askInstead(phrase) {
    return this.button(say("search_ask"), () => this.app.ask(phrase));
  }

  button(text, onclick) {
    return make("button", { type: "button", class: "search-button", onclick }, text);
  }

  /** Keep the phrase in the address, so that the page can be opened with it; no further step in the history. */
  remember(phrase) {
    this.view.address = address(phrase);
    if (this.app.panel.top?.view !== this.view) return;
    history.replaceState(history.state, "", this.view.address ?? `${location.pathname}${location.search}`);
  }
}

function address(phrase) {
  return phrase ? `${ADDRESS}${encodeURIComponent(phrase)}` : null;
}
