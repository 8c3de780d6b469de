// What stands over a block: whose words, when, which comment. It is drawn as generated content (`data-…`), so that it is
// no text of the page: selecting, copying and the browser's own search pass it over.

import { clock, languageName, make, say } from "./dom.js";

/** The label of a block, as `ui/labels.py` tells it. What is not new is seen only where the text is entered. */
export function label(told) {
  const fresh = new Set(told.new);
  const part = (name, text, more = {}) =>
    text ? make("span", { ...more, "data-text": text, class: fresh.has(name) ? `part ${name}` : `part ${name} known` }) : null;
  const inferred = told.speaker && told.inferred;
  const by = told.quoted_by ? say("quoted_by", { name: isolated(told.quoted_by) }) : null;
  const parts = [
    part("comment", told.comment && say("reader_comment", { number: told.comment })),
    part("speaker", told.speaker && isolated(told.speaker)),
    part("speaker", inferred && say("inferred"), { "data-badge": true, title: say("inferred_help") }),
    part("speaker", by, { "data-by": true }),
    part("role", told.role && say(`role_${told.role}`)),
    part("language", languageName(told.language)),
    part("time", told.time && `${clock(told.time[0])}–${clock(told.time[1])}`),
  ].filter(Boolean);
  const seen = parts.some((one) => !one.classList.contains("known"));
  const kind = `label${seen ? "" : " known"}${told.begins ? " begins" : ""}`;
  return parts.length ? make("div", { class: kind }, ...parts) : null;
}

/** A stranger's name that cannot turn the words around it: FIRST STRONG ISOLATE … POP DIRECTIONAL ISOLATE. */
function isolated(name) {
  return `\u2068${name}\u2069`;
}
