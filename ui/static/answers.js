// The answers of the conversation and their quotes, as the server gives them; and which number a quote has here.

import { getJSON } from "./dom.js";

const TARGET = /^#q-(w?[0-9a-f]+)(?:-(\d+)(-partly)?)?$/; // as ui/render.py makes them
const kept = new Map(); // answer id -> promise of its evidence; a conversation shows 30 answers at most

/** What a link in the chat leads to: [answer id, number of the quote in that answer, whether it supports in part]. */
export function target(link) {
  const [, id, number, partly] = TARGET.exec(link?.hash ?? "") ?? [];
  return [id, number, Boolean(partly)];
}

export function links() {
  return [...document.querySelectorAll("#sidenote-chat a[href^='#q-']")];
}

/** Ids of the answers on the page, in order. */
export function ids() {
  return [...new Set(links().map((link) => target(link)[0]).filter((id) => id && !isWriting(id)))];
}

/** Whether an answer is not whole yet: the server gives such ids, each for one state of it. */
export function isWriting(id) {
  return Boolean(id?.startsWith("w"));
}

/** The id of the answer that is being written just now, or null. */
export function writing() {
  const [id] = target(links().at(-1));
  return isWriting(id) ? id : null;
}

/** The evidence of an answer: `{answer, titles, places, states}`. */
export function evidenceOf(id) {
  if (!kept.has(id)) {
    const coming = getJSON(`answers/${id}`);
    coming.catch(() => kept.delete(id)); // asked again the next time
    kept.set(id, coming);
  }
  return kept.get(id);
}

/** Forget what was said of the documents: they have changed. */
export function forget() {
  kept.clear();
}

/** The number that a quote has in this conversation: it stands on the marker. */
export function numberOf(id, number) {
  const marker = document.querySelector(`#sidenote-chat a[href='#q-${id}-${number}']`);
  return marker?.textContent.replace(/\D/g, "") || String(number);
}

/** All quotes of the conversation, each once: `{document, start, end, number, quote}`. */
export async function allCited() {
  const found = new Map();
  for (const id of ids()) {
    const evidence = await evidenceOf(id).catch(() => null);
    for (const citation of evidence?.answer.citations ?? []) {
      const { document, start, end, quote } = citation;
      found.set(`${document} ${start} ${end}`, { document, start, end, quote, number: numberOf(id, citation.number) });
    }
  }
  return [...found.values()];
}
