// The text around a quote, with the quote marked. The server has cut the text into runs; here nothing is counted.

import { attribution, whereabouts } from "./cards.js";
import { documentPath, getJSON, make, say } from "./dom.js";

const STEP = 4000; // characters more at a press of "earlier" or "later"
const MOST = 20000; // as many as the server gives

/** Make the reader of a place. `citation` tells whose words they are (null for "also in"); `close` goes back. */
export function reader(place, citation, close) {
  const text = make("div", { class: "text", dir: "auto" });
  const earlier = make("button", { type: "button", class: "more", hidden: true }, say("reader_earlier"));
  const later = make("button", { type: "button", class: "more", hidden: true }, say("reader_later"));
  const title = make("h2", { tabindex: "-1" }, citation?.title || place.document);
  const back = make("button", { type: "button", class: "close", onclick: close }, say("reader_back"));
  const name = make("bdi", { "aria-hidden": "true" }); // the heading says it aloud
  const element = make(
    "section",
    { class: "reader", onkeydown: (event) => event.key === "Escape" && (event.stopPropagation(), close()) },
    make("div", { class: "bar" }, back, name),
    make("header", {}, title, citation?.speaker ? attribution(citation) : null, citation && whereabouts(citation, true)),
    earlier,
    text,
    later,
  );
  const ask = { start: place.start, end: place.end, before: 1500, after: 1500 };

  async function load() {
    try {
      const window = await getJSON(documentPath(place.document, ask));
      name.textContent = title.firstChild.textContent = window.title || place.document;
      draw(text, window, place.quote);
      earlier.hidden = window.start === 0 || ask.before >= MOST;
      later.hidden = window.end === window.length || ask.after >= MOST;
    } catch {
      text.replaceChildren(make("p", { class: "trouble", role: "alert" }, say("reader_failed")));
    }
  }

  earlier.addEventListener("click", async () => {
    const anchor = text.firstElementChild;
    ask.before = Math.min(MOST, ask.before + STEP);
    const top = anchor?.getBoundingClientRect().top;
    const words = anchor?.textContent;
    await load();
    keepInPlace(text, words, top);
  });
  later.addEventListener("click", () => {
    ask.after = Math.min(MOST, ask.after + STEP);
    load();
  });

  return {
    element,
    async open() {
      await load();
      title.focus({ preventScroll: true });
      (text.querySelector("mark") ?? element).scrollIntoView({ block: "center" });
    },
  };
}

/** Put the runs into the page, those of one block into one element. All of the text stays, also between blocks. */
function draw(text, window, quote) {
  const blocks = [];
  let last = null;
  for (const run of window.runs) {
    const key = `${run.role} ${run.block}`;
    if (key !== last) blocks.push(make(run.role === "gap" ? "span" : "div", { class: `run role-${run.role}` }));
    last = key;
    blocks.at(-1).append(run.marked ? make("mark", {}, run.text) : run.text);
  }
  const marked = window.runs.filter((run) => run.marked).map((run) => run.text).join("");
  const changed = quote !== undefined && marked !== quote;
  text.replaceChildren(...(changed ? [make("p", { class: "trouble", role: "alert" }, say("reader_changed"))] : blocks));
}

/** After text came in above, scroll so that what was first before stands where it stood. */
function keepInPlace(text, words, top) {
  const same = [...text.children].find((child) => child.textContent.endsWith(words) && words.trim());
  if (same === undefined || top === undefined) return;
  const scroller = text.closest("#sidenote-evidence");
  const moved = same.getBoundingClientRect().bottom - top;
  (scroller.scrollHeight > scroller.clientHeight ? scroller : window).scrollBy(0, moved > 0 ? same.getBoundingClientRect().top - top : 0);
}
