// Finding a phrase in the document that is read: the server finds, here one goes from hit to hit.

import { getJSON, make, say } from "./dom.js";

/** A field and two buttons; `go(place)` shows a hit. */
export function finder(name, go) {
  const count = make("span", { class: "count", role: "status" });
  const field = make("input", { type: "search", maxlength: "200", "aria-label": say("reader_find"), placeholder: say("reader_find") });
  let [searched, hits, total, next, at] = ["", [], 0, null, -1];

  async function page(after) {
    const found = await getJSON(`search?${new URLSearchParams({ phrase: searched, document: name, ...(after ? { after } : {}) })}`);
    hits = hits.concat(found.documents.flatMap((one) => one.hits));
    [total, next] = [found.total, found.next];
  }

  async function step(by) {
    const phrase = field.value.trim();
    if (!phrase) return;
    try {
      if (phrase !== searched) {
        [searched, hits, total, at] = [phrase, [], 0, by > 0 ? -1 : 0];
        await page(null);
      } else if (by > 0 && at === hits.length - 1 && next) await page(next);
    } catch {
      searched = "";
      return tell(say("reader_failed"));
    }
    if (!hits.length) return tell(say("reader_find_none"));
    at = (at + by + hits.length) % hits.length;
    tell(say("reader_find_count", { at: at + 1, total }));
    go({ start: hits[at].start, end: hits[at].end });
  }

  function tell(sentence) {
    count.textContent = sentence;
  }

  const button = (sign, label, by) =>
    make("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick: () => step(by) }, sign);
  const submit = (event) => (event.preventDefault(), step(1));
  return make("form", { class: "find", role: "search", onsubmit: submit }, field,
    button("↑", say("reader_find_previous"), -1), button("↓", say("reader_find_next"), 1), count);
}
