// What is to be known of an answer that a language model wrote: by whom, how far it was checked, what is left out.

import { make, say, sayCount } from "./dom.js";

/** The lines under a composed answer; null under a quoted one. What the model wrote is text like any other. */
export function composedNotes(app, { answer, writer }) {
  if (answer.mode !== "composed") return null;
  const wrong = app.status?.writer?.wrong ?? null;
  const known = [say("composed_by", { name: writer ?? say("export_writer") }), wrong === null ? "" : say("composed_wrong", { wrong })];
  return make("div", { class: "composed" }, make("p", {}, known.filter(Boolean).join(" ")), leftOut(answer));
}

function leftOut({ sentences, language }) {
  const left = sentences.filter(({ start }) => start === null);
  if (!left.length) return null;
  const items = left.map(({ text }) =>
    make("li", {}, make("span", { class: "unsupported" }, say("left_out_mark")), " ", make("span", { lang: language === "und" ? null : language, dir: "auto" }, text)));
  return make("details", { class: "left-out" }, make("summary", {}, sayCount("left_out", left.length)), make("ul", {}, ...items));
}

/** Make the sign behind a sentence that is supported in part say so, whoever meets it. */
export function dressPartly(link, number) {
  link.classList.add("partly");
  link.title = say("partly_help");
  link.setAttribute("aria-label", say("partly_label", { number }));
}
