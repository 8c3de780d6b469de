// The view in which a document is read: its name, its contents, ways through it, and its text around a place.

import { attribution, sourceLink, whereabouts } from "./cards.js";
import { announce, clock, copyText, getJSON, idPath, make, say, shorten } from "./dom.js";
import { finder } from "./reader-find.js";
import { Text } from "./reader-text.js";

const LONGEST = 200; // characters of selected words that a question takes

/** "#read/a%20talk.txt/10-52" -> the place, or null where it is none. */
export function placeOf(hash) {
  const [, name, start, end] = /^#read\/(.+)\/(\d{1,9})-(\d{1,9})$/.exec(hash) ?? [];
  try {
    return name ? { document: decodeURIComponent(name), start: Number(start), end: Number(end) } : null;
  } catch {
    return null; // a broken escape
  }
}

export function addressOf({ document: name, start, end }) {
  return `#read/${encodeURIComponent(name)}/${start}-${end}`;
}

/** The view of a place. `citation` tells whose words they are (null where that is not known). */
export function reader(app, place, citation = null) {
  const text = new Text(place.document);
  const title = make("h3", { class: "name", tabindex: "-1" }, citation?.title || place.document);
  const tools = make("div", { class: "tools" });
  const contents = make("details", { class: "contents" }, make("summary", {}, say("reader_contents")));
  const element = make("div", { class: "reader" },
    make("header", {}, title, citation?.speaker ? attribution(citation) : null, citation && whereabouts(citation, true)),
    tools, text.earlier, text.element, text.later);
  const asking = askable(app, text.element, element);
  let here = place;

  async function open(next) {
    here = next;
    const window = await text.open(next);
    if (window) title.textContent = window.title || place.document;
    (text.element.querySelector("mark") ?? element).scrollIntoView({ block: "center" });
  }

  function go({ start, end, quote }) {
    const next = { document: place.document, start, end, quote };
    history.replaceState(history.state, "", addressOf(next));
    return open(next);
  }

  const cited = (by) => {
    const all = app.cited().filter((one) => one.document === place.document).sort((a, b) => a.start - b.start);
    const next = by > 0 ? all.find((one) => one.start > here.start) : all.findLast((one) => one.start < here.start);
    go(next ?? all.at(by > 0 ? 0 : -1));
  };
  const several = app.cited().filter((one) => one.document === place.document).length > 1;
  tools.append(...[
    contents,
    several ? tool("‹", say("reader_cited_previous"), () => cited(-1)) : null,
    several ? tool("›", say("reader_cited_next"), () => cited(1)) : null,
    make("button", { type: "button", class: "quiet", onclick: () => copyLink(addressOf(here)) }, say("copy_link")),
    finder(place.document, go),
  ].filter(Boolean));

  return {
    name: "reader",
    title: citation?.title || say("context"),
    element,
    address: addressOf(place),
    left: asking.end,
    async shown() {
      asking.begin();
      await open(place);
      title.focus({ preventScroll: true });
      outline(place.document, contents, tools, go);
    },
  };
}

function tool(sign, label, onclick) {
  return make("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick }, sign);
}

async function copyLink(hash) {
  const link = new URL(hash, `${location.origin}${location.pathname}`).href;
  announce((await copyText(link)) ? say("copied") : say("copy_failed"));
}

/** Put the contents of a document, and the way to its original page, in their places. */
async function outline(name, details, tools, go) {
  const found = await getJSON(`reader/outline/${idPath(name)}`).catch(() => null);
  if (!found) return details.append(make("p", { class: "trouble", role: "alert" }, say("reader_failed")));
  const link = sourceLink(found.link);
  if (link) tools.prepend(link);
  const items = found.entries.map((entry) => {
    const time = entry.time === null ? null : make("span", { class: "time" }, clock(entry.time));
    const jump = () => ((details.open = false), go(entry));
    return make("li", { class: `level-${Math.min(4, entry.level)}` },
      make("button", { type: "button", dir: "auto", onclick: jump }, entry.text), time);
  });
  if (found.more) items.push(make("li", { class: "help" }, say("welcome_more", { count: found.more })));
  details.append(items.length ? make("ul", { tabindex: "0" }, ...items) : make("p", { class: "help" }, say("reader_contents_none")));
}

/** Offer to ask about words that were selected in the text. */
function askable(app, text, element) {
  const button = make("button", { type: "button", class: "ask-about", hidden: true }, say("reader_ask_button"));
  const chosen = () => {
    const selection = getSelection();
    return selection.rangeCount && text.contains(selection.anchorNode) && text.contains(selection.focusNode) ? selection : null;
  };
  button.addEventListener("click", () => app.type(say("reader_ask", { words: shorten(String(chosen() ?? ""), LONGEST) })));
  const look = () => {
    const words = element.isConnected ? String(chosen() ?? "").trim() : "";
    button.hidden = !words;
    if (!words) return;
    const at = getSelection().getRangeAt(0).getBoundingClientRect();
    button.style.top = `${at.bottom - element.getBoundingClientRect().top + 6}px`;
  };
  element.append(button);
  return {
    begin: () => document.addEventListener("selectionchange", look),
    end: () => document.removeEventListener("selectionchange", look),
  };
}
