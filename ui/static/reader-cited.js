// From one cited passage to the next, through all documents that are cited in the conversation.

import { make, say } from "./dom.js";

/**
 * Two buttons and what they have reached. `go(place, citation)` shows a place of the document that is open,
 * `leave(place, citation, name)` opens another one, where the button of that name is then in focus.
 */
export function citedWays(app, place, { go, leave }) {
  let here = place;
  const count = make("span", { class: "which", role: "status" });
  const buttons = {
    previous: button("‹", say("reader_cited_previous"), () => step(-1)),
    next: button("›", say("reader_cited_next"), () => step(1)),
  };
  const element = make("span", { class: "cited-ways", hidden: true }, buttons.previous, count, buttons.next);

  async function step(by) {
    const all = inOrder(app.cited());
    if (!all.length) return;
    const further = (one) => by * order(one, here) > 0;
    const next = (by > 0 ? all.find(further) : all.findLast(further)) ?? all.at(by > 0 ? 0 : -1);
    const answers = await app.answers();
    const cited = answers.flatMap((answer) => answer.citations).find((one) => !order(one, next)) ?? null;
    const target = { document: next.document, start: next.start, end: next.end, quote: next.quote };
    if (next.document === place.document) go(target, cited);
    else leave(target, cited, by > 0 ? "next" : "previous");
  }

  return {
    element,
    /** Say which of the cited passages a place is. */
    at(reached) {
      here = { ...reached, document: place.document };
      const all = inOrder(app.cited());
      const at = all.findIndex((one) => !order(one, here));
      element.hidden = !all.length || (all.length === 1 && at === 0);
      count.textContent = at < 0 ? "" : say("reader_find_count", { at: at + 1, total: all.length });
    },
    /** Focus a button by name; tell whether there is one to be focused. */
    focus(name) {
      buttons[name]?.focus({ preventScroll: true });
      return Boolean(buttons[name]) && document.activeElement === buttons[name];
    },
  };
}

function button(sign, label, onclick) {
  return make("button", { type: "button", class: "tool", "aria-label": label, title: label, onclick }, sign);
}

/** Below 0 where `a` stands before `b` in the corpus, 0 where they are the same place. */
function order(a, b) {
  if (a.document !== b.document) return a.document < b.document ? -1 : 1;
  return a.start - b.start || a.end - b.end;
}

function inOrder(cited) {
  return [...cited].sort(order);
}
