// One quote as a card: the words, whose they are, where and when, and the ways to its surroundings and back.

import { clock, dateName, languageName, make, say, shorten } from "./dom.js";
import { quoteActions } from "./collection.js";

const LONGEST_PLACE = 60; // characters of a section or a name behind "also in"

/**
 * Make a card. `citation` is as in docs/answer-format.md; `more` what the citation does not carry: `number` in the
 * conversation (null for what came close and answers nothing), `id` of the element, `titles` of other documents,
 * `places` of "also in", in order, `state` of the quote, and `cut`: whether its sentence goes on before and after it.
 * `actions`: back(), read(place, citation).
 */
export function card(app, citation, more, actions) {
  const { number, id = null, state, cut = [] } = more;
  const place = { document: citation.document, start: citation.start, end: citation.end, quote: citation.quote };
  const label = number === null ? say("context") : say("context_label", { number });
  const read = { type: "button", class: "read", "aria-label": label, onclick: () => actions.read(place, citation) };
  return make(
    "article",
    { class: `card role-${citation.role}`, id, tabindex: "-1", "aria-label": number && say("marker_label", { number }) },
    make(
      "div",
      { class: "words" },
      number === null ? null : backButton(number, actions),
      make("blockquote", { class: cuts(cut), lang: citation.language === "und" ? null : citation.language, dir: "auto" }, citation.quote),
    ),
    attribution(citation, verdict(citation, state)),
    whereabouts(citation),
    also(citation, more, actions),
    make(
      "footer",
      {},
      state === "gone" ? null : make("button", read, say("context")),
      sourceLink(citation.link),
      quoteActions(app, citation),
    ),
  );
}

/** The class by which "…" is drawn where a sentence was cut: the quote itself stays verbatim. */
export function cuts([before, after]) {
  return [before && "cut-before", after && "cut-after"].filter(Boolean).join(" ") || null;
}

/** Whose words these are, as far as the source tells. Used by the reader, too. */
export function attribution(citation, ...further) {
  const { speaker, title } = citation;
  const by = citation.quoted_by && citation.quoted_by !== speaker;
  return make(
    "p",
    { class: "whose" },
    make("bdi", { class: "name" }, speaker || (anonymous(citation) ? say("commenter") : title || citation.document)),
    speaker && citation.speaker_inferred
      ? make("span", { class: "badge", title: say("inferred_help"), tabindex: "0" }, say("inferred"))
      : null,
    by ? make("span", { class: "by" }, ...filled("quoted_by", "name", citation.quoted_by)) : null,
    ...further,
  );
}

/** A comment is not in the words of the document that it stands in, whoever wrote it. The chat says so, too. */
function anonymous({ speaker, role }) {
  return !speaker && role === "comment";
}

/** Where and when: document (unless it is named already), section, time, page, language, role, date. */
export function whereabouts(citation, named = !citation.speaker && !anonymous(citation)) {
  const { time, page, section } = citation;
  const parts = [
    !named ? make("cite", {}, make("bdi", {}, citation.title || citation.document)) : null,
    section.length ? make("bdi", { class: "section", title: section.join(" › ") }, section.at(-1)) : null,
    time ? make("span", { class: "time" }, `${clock(time.start)}–${clock(time.end)}`) : null,
    page ? make("span", {}, say("page", { page })) : null,
    languageName(citation.language) ? make("span", {}, languageName(citation.language)) : null,
    make("span", {}, say(`role_${citation.role}`)),
    citation.date ? make("bdi", {}, dateName(citation.date)) : null,
  ];
  return make("ul", { class: "where" }, ...parts.filter(Boolean).map((part) => make("li", {}, part)));
}

/** Whether the words stand where the card says: the server has just compared them. */
function verdict({ start, end }, state) {
  const { mark, word, help } = {
    verbatim: { mark: "✓", word: say("verbatim"), help: say("verbatim_help", { start, end }) },
    changed: { mark: "✗", word: say("not_verbatim"), help: say("not_verbatim_help") },
    gone: { mark: "✗", word: say("gone"), help: say("gone_help") },
  }[state];
  return make("span", { class: `verdict ${state}`, title: help, tabindex: "0", role: "note", "aria-label": `${word}: ${help}` }, `${mark} ${word}`);
}

function backButton(number, actions) {
  const label = say("back_label", { number });
  const attributes = { type: "button", class: "number", title: say("back"), "aria-label": label };
  return make("button", { ...attributes, onclick: () => actions.back() }, String(number));
}

function also(citation, { titles, places }, actions) {
  if (!citation.also.length) return null;
  const links = citation.also.map((place, at) => {
    const here = place.document === citation.document;
    const title = here ? citation.title : titles[place.document] || place.document;
    const name = make("bdi", {}, here ? say("also_here") : title);
    const where = placeName(places[at], title).flatMap((part) => [", ", make("bdi", {}, part)]);
    const what = make("span", { class: "relation" }, ...where, ` (${relation(place, places[at], citation.language)})`);
    const open = () => actions.read(place, null);
    return make("li", {}, make("button", { type: "button", class: "place", onclick: open }, name, what));
  });
  return make("div", { class: "also" }, make("span", {}, say("also")), make("ul", {}, ...links));
}

/** Where in a document of that title a place is, in short: comment, second, page or section; and whose words stand there. */
function placeName({ comment, time = null, page, section, speaker } = {}, title) {
  const named = section === title ? null : section;
  const at = comment ? say("reader_comment", { number: comment }) : time !== null ? clock(time) : page ? say("page", { page }) : named;
  return [at, speaker].filter(Boolean).map((part) => shorten(part, LONGEST_PLACE));
}

/** "translation", "Japanese translation", "English original": what the other place is to this one. */
function relation(place, known, language) {
  const name = say(known?.original && place.relation !== "copy" ? "relation_original" : `relation_${place.relation}`);
  const other = known && known.language !== language ? languageName(known.language) : null;
  return other ? say("also_language", { language: other, relation: name }) : name;
}

/** A link out of the page, followed only by choice; anything but a web address is not offered. */
export function sourceLink(link) {
  if (!link || !/^https?:\/\//i.test(link) || !URL.canParse(link)) return null;
  return make("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow" }, say("source_link"));
}

/** Fill one of our phrases with a stranger's name that cannot turn the phrase around. */
export function filled(name, key, value) {
  const [before, after] = say(name, { [key]: "\u0000" }).split("\u0000");
  return [before, make("bdi", {}, value), after ?? ""];
}
