// Collected quotes as a view, and what stands under a quote and under an answer to take them away.

import { attribution, whereabouts } from "./cards.js";
import { LONGEST_NOTE, places } from "./collected.js";
import { announce, make, post, postJSON, say, sayCount, shorten } from "./dom.js";
import { feedback } from "./feedback.js";
import { icon } from "./icons.js";
import { copyComing, FORMATS, save, teller, unfolding } from "./taking.js";

export { Collected } from "./collected.js";

const STYLES = ["apa", "chicago", "bibtex", "plain"];
let names = 0; // of fields, for their labels

/** The view of all that was collected. */
export function collection(app) {
  const element = make("div", { class: "collection" });
  const told = teller();
  const undo = make("button", { type: "button", class: "take undo", hidden: true }, say("undo"));
  const list = make("ul", { class: "collected" });
  const counted = make("p", { class: "counts" });
  const exports = make("div", { class: "taking", role: "group", "aria-label": say("export_export") },
    ...Object.entries(FORMATS).map(([format, name]) =>
      make("button", { type: "button", class: "take", onclick: () => saveAll(format) }, `${say("export_export")}: ${name}`)));

  const saveAll = async (format) => told.tell(await save(format, { quotes: places(app.collected.list()) }));

  function draw() {
    const items = app.collected.list();
    counted.textContent = items.length ? sayCount("collect_count", items.length) : "";
    exports.hidden = !items.length;
    list.replaceChildren(...items.map((item) => entry(app, item, told.tell, (index) => removed(item, index))));
    empty.hidden = items.length > 0;
    if (!app.collected.lasting) told.tell(say("collect_not_kept"));
  }

  function removed(item, button) {
    const at = [...list.children].indexOf(button.closest("li"));
    const back = app.collected.remove(item);
    told.tell(say("collect_deleted"));
    undo.hidden = false;
    undo.onclick = () => {
      back?.();
      undo.hidden = true;
      told.tell("");
      list.children[at]?.querySelector("button")?.focus();
    };
    undo.focus();
  }

  const empty = make("p", { class: "none" }, say("collect_empty"));
  element.append(make("p", { class: "help" }, say("collect_help")), counted, exports,
    make("div", { class: "saying" }, told.element, undo), empty, list);
  app.on("collected", () => element.isConnected && draw());
  return { name: "collected", title: say("collect_title"), element, address: null, shown: draw };
}

function entry(app, item, tell, remove) {
  const id = `sidenote-note-${++names}`;
  const note = make("textarea", { id, rows: "2", maxlength: String(LONGEST_NOTE), dir: "auto", placeholder: " " });
  note.value = item.note;
  note.addEventListener("input", () => {
    const keptNote = app.collected.note(item, note.value);
    if (keptNote === note.value.toWellFormed()) return;
    note.value = keptNote;
    tell(say("collect_note_long"));
  });
  const place = { document: item.document, start: item.start, end: item.end, quote: item.quote };
  const label = say("collect_delete_label", { quote: shorten(item.quote, 80) });
  const cite = citing(item, tell);
  const button = (text, attributes, onclick) => make("button", { type: "button", class: "take", ...attributes, onclick }, text);
  const gone = button(say("collect_delete"), { "aria-label": label }, (event) => remove(event.currentTarget));
  return make("li", { class: "card" },
    attribution(item),
    make("blockquote", { lang: item.language === "und" ? null : item.language, dir: "auto" }, item.quote),
    whereabouts(item),
    make("label", { for: id }, say("collect_note")), note,
    make("div", { class: "taking" }, button(say("context"), {}, () => app.read(place)), cite.button, gone), cite.row);
}

/** What stands under a quote: collect it, cite it. */
export function quoteActions(app, citation) {
  const told = teller();
  const collect = make("button", { type: "button", class: "take collect" });
  const show = () => {
    const has = app.collected.has(citation);
    collect.setAttribute("aria-pressed", String(has));
    collect.textContent = has ? `✓ ${say("collect_added")}` : say("collect_add");
  };
  collect.addEventListener("click", () => {
    if (app.collected.has(citation)) {
      app.collected.remove(citation);
      announce(say("collect_removed"));
      told.tell("");
    } else if (!app.collected.add(citation)) told.tell(say("collect_full"));
    else if (!app.collected.lasting) told.tell(say("collect_not_kept"));
    else announce(say("collect_added_said"));
    show();
  });
  show();
  listening(app, show, collect);
  const cite = citing(citation, told.tell);
  return make("div", { class: "quote-actions" }, make("div", { class: "taking" }, collect, cite.button), cite.row, told.element);
}

// Cards are drawn anew again and again: those that are gone are let go of, and the page listens once for all of them.
const shown = new Set();
const heard = new WeakSet();
function listening(app, show, element) {
  shown.add([new WeakRef(element), show]);
  if (heard.has(app)) return;
  heard.add(app);
  app.on("collected", () => {
    for (const one of shown) {
      if (one[0].deref()?.isConnected) one[1]();
      else shown.delete(one);
    }
  });
}

/** "Cite" with its four styles; a style is copied at once. */
function citing(citation, tell) {
  const [place] = places([{ ...citation, note: "" }]);
  const copy = async (style) => {
    const fetchText = async () => (await postJSON("export", { format: "references", quotes: [place] })).references[0][style];
    try {
      const done = await copyComing(fetchText);
      tell(done ? say("collect_cited", { style: say(`collect_cite_${style}`) }) : say("copy_failed"));
    } catch (error) {
      tell(say("collect_cite_failed", { reason: error.message }));
    }
  };
  const choices = STYLES.map((style) => [say(`collect_cite_${style}`), () => copy(style)]);
  return unfolding(say("collect_cite"), say("collect_cite_label"), choices);
}

/** What stands under an answer, in short: copy it, export it, link to its question, say whether it was right. */
export function answerActions(app, answer, link) {
  const told = teller();
  const copy = async () => {
    const body = { format: "markdown", answers: [answer.id], language: document.documentElement.lang };
    try {
      const done = await copyComing(async () => (await post("export", body)).text());
      told.tell(say(done ? "export_copied" : "copy_failed"));
    } catch (error) {
      told.tell(say("export_failed", { reason: error.message }));
    }
  };
  const whole = make("input", { type: "checkbox" });
  const scope = make("label", { class: "scope" }, whole, ` ${say("export_all")}`);
  const what = async () => (whole.checked ? (await app.answers()).map((one) => one.id).slice(-30) : [answer.id]);
  const formats = Object.entries(FORMATS).map(([format, name]) => [
    name, async () => told.tell(await save(format, { answers: await what() }))]);
  const choices = unfolding(say("export_export"), say("export_scope"), [...formats, scope]);
  const said = feedback(app, answer, told.tell);
  const action = (name, text, label, onclick) =>
    make("button", { type: "button", class: "take", title: label, "aria-label": label.includes(text) ? label : `${text}: ${label}`, onclick }, icon(name), text);
  choices.button.prepend(icon("export"));
  said?.button.prepend(icon("feedback"));
  return make("div", { class: "answer-actions" },
    make("div", { class: "taking" },
      action("copy", say("export_copy_short"), say("export_copy"), copy), choices.button,
      action("link", say("link_short"), say("link_question"), link), said?.button),
    choices.row, said?.row, said?.place, told.element);
}
