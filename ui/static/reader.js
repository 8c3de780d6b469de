// The view in which a document is read: its name, its contents, ways through it, and its text around a place.

import { linkTo } from "./address.js";
import { attribution, sourceLink, whereabouts } from "./cards.js";
import { announce, clock, copyText, dateName, getJSON, idPath, keep, kept, make, say, shorten } from "./dom.js";
import { addressOf } from "./reader-address.js";
import { citedWays } from "./reader-cited.js";
import { finder } from "./reader-find.js";
import { PageView } from "./reader-page.js";
import { Text } from "./reader-text.js";

export { addressOf, placeOf } from "./reader-address.js";

const LONGEST = 200; // characters of selected words that a question takes

/**
 * The view of a place. `citation` tells whose words they are (null where that is not known). `over`: it stands over
 * another document, to which the way back leads. `focus`: name of the tool to go on with, else the title is in focus.
 */
export function reader(app, place, citation = null, { over = false, focus = null } = {}) {
  const text = new Text(place.document, (there) => app.panel.open(reader(app, there, null, { over: true })));
  const title = make("h3", { class: "name", tabindex: "-1" }, citation?.title || place.document);
  const whose = make("div", { class: "whose-words" });
  const tools = make("div", { class: "tools" });
  const contents = make("details", { class: "contents" }, make("summary", {}, say("reader_contents")));
  const element = make("div", { class: "reader" }, make("header", {}, title, whose), tools, text.earlier, text.element, text.later);
  const asking = askable(app, text.element, element);
  let here = place;
  let paged = null; // the switch between text and page, where there are pages

  function tellWhose(cited) {
    whose.replaceChildren(...(cited ? [cited.speaker ? attribution(cited) : null, whereabouts(cited, true)] : []).filter(Boolean));
  }

  async function open(next) {
    here = next;
    ways.at(next);
    const window = await text.open(next);
    if (window) {
      title.textContent = window.title || place.document;
      app.panel.rename(element, title.textContent);
    }
    paged?.show(next);
    (text.element.querySelector("mark") ?? element).scrollIntoView({ block: "center" });
  }

  function go({ start, end, quote }, cited = null) {
    const next = { document: place.document, start, end, quote };
    history.replaceState(history.state, "", addressOf(next));
    tellWhose(cited);
    return open(next);
  }

  const ways = citedWays(app, place, {
    go,
    leave: (next, cited, name) => app.panel.open(reader(app, next, cited, { focus: name })),
  });
  tools.append(
    contents, ways.element,
    make("button", { type: "button", class: "quiet", onclick: () => copyLink(addressOf(here)) }, say("copy_link")),
    finder(place.document, go),
  );
  tellWhose(citation);

  async function draw() {
    const found = await getJSON(`reader/outline/${idPath(place.document)}`).catch(() => null);
    outline(found, contents, go);
    const link = sourceLink(found?.link);
    if (link) tools.prepend(link);
    if (found?.date && !whose.childElementCount) whose.append(make("p", { class: "date" }, make("bdi", {}, dateName(found.date))));
    if (found?.beside) contents.after(sideBySide(element, text));
    if (found?.format === "pdf") {
      paged = pageOrText(place.document, element, tools);
      paged.show(here);
    }
  }

  return {
    name: "reader",
    title: citation?.title || place.document,
    element,
    over,
    address: addressOf(place),
    left: asking.end,
    async shown() {
      asking.begin();
      await open(place);
      if (!ways.focus(focus)) title.focus({ preventScroll: true });
      draw();
    },
  };
}

/** A switch: the page as it looks, or its text. Where the page cannot be shown, the text stays and a line says why. */
function pageOrText(name, element, tools) {
  const view = new PageView(name);
  const why = make("p", { class: "trouble page-trouble", role: "status", hidden: true });
  const button = make("button", { type: "button", class: "quiet", onclick: () => set(!element.classList.contains("paged")) });
  let place = null;
  tools.after(why, view.element);
  tools.querySelector(".contents").after(button, view.tools);
  async function set(on, chosen = true) {
    if (chosen) keep("paged", on);
    const trouble = on ? await view.show(place) : null;
    why.textContent = trouble ? say(`reader_page_${trouble}`) : "";
    why.hidden = !trouble;
    const shown = on && !trouble;
    element.classList.toggle("paged", shown);
    button.textContent = shown ? say("reader_text") : say("reader_page");
    if (shown) view.draw(view.page); // now that it has its width
    else element.querySelector("mark")?.scrollIntoView({ block: "center" });
  }
  const wide = !document.body.classList.contains("narrow"); // where a page can be read without enlarging it
  return {
    show(next) {
      place = next;
      return set(element.classList.contains("paged") || kept("paged", wide), false);
    },
  };
}

/** A switch: the same in other words beside the text, as the reader likes it. */
function sideBySide(element, text) {
  const button = make("button", { type: "button", class: "quiet side-by-side", onclick: () => set(!element.classList.contains("parallel")) },
    say("reader_beside"));
  function set(on) {
    const seen = [...text.element.querySelectorAll(".run")].find((run) => run.getBoundingClientRect().bottom > 120);
    const before = seen?.getBoundingClientRect().top;
    element.classList.toggle("parallel", on);
    button.setAttribute("aria-pressed", on);
    keep("beside", on);
    text.beside(on);
    const scroller = element.closest("#sidenote-evidence");
    if (seen && scroller) scroller.scrollTop += seen.getBoundingClientRect().top - before; // what was read stays where it stood
  }
  if (kept("beside", false)) set(true);
  else button.setAttribute("aria-pressed", false);
  return button;
}

async function copyLink(hash) {
  announce((await copyText(linkTo({}, hash))) ? say("copied") : say("copy_failed"));
}

/** Put the contents of a document, as the server told them, in their place. */
function outline(found, details, go) {
  if (!found) return details.append(make("p", { class: "trouble", role: "alert" }, say("reader_failed")));
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
