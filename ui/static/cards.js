// One quote as a card: whose words, where, when, and the ways to its surroundings and back to the answer.

import { clock, languageName, make, say } from "./dom.js";

/**
 * Make a card. `citation` is as in docs/answer-format.md, `others` what the citation does not
 * carry of the places it names: `titles` by document, `places` in their order. `number` is null for what came close and answers nothing. `actions`: back(), read(place).
 */
export function card(answerId, citation, number, others, actions) {
  const id = number === null ? null : `q-${answerId}-${number}`;
  const place = { document: citation.document, start: citation.start, end: citation.end, quote: citation.quote };
  const label = number === null ? say("context") : say("context_label", { number });
  return make(
    "article",
    { class: `card role-${citation.role}`, id, tabindex: "-1", "aria-label": number && say("marker_label", { number }) },
    make("header", {}, number === null ? null : backButton(number, actions), attribution(citation)),
    make("blockquote", { lang: citation.language === "und" ? null : citation.language, dir: "auto" }, citation.quote),
    whereabouts(citation),
    also(citation, others, actions),
    make(
      "footer",
      {},
      make("button", { type: "button", class: "read", "aria-label": label, onclick: () => actions.read(place, citation) },
        say("context")),
      sourceLink(citation.link),
    ),
  );
}

/** Whose words these are, as far as the source tells. Used by the reader, too. */
export function attribution(citation) {
  const { speaker, title } = citation;
  const by = citation.quoted_by && citation.quoted_by !== speaker;
  return make(
    "p",
    { class: "whose" },
    make("bdi", { class: "name" }, speaker || title || citation.document),
    speaker && citation.speaker_inferred
      ? make("span", { class: "badge", title: say("inferred_help"), tabindex: "0" }, say("inferred"))
      : null,
    by ? make("span", { class: "by" }, ...filled("quoted_by", "name", citation.quoted_by)) : null,
  );
}

/** Where and when: document (unless it is named already), section, time, page, language, role, date. */
export function whereabouts(citation, named = !citation.speaker) {
  const { time, page, section } = citation;
  const parts = [
    !named ? make("cite", {}, make("bdi", {}, citation.title || citation.document)) : null,
    section.length ? make("bdi", { class: "section", title: section.join(" › ") }, section.at(-1)) : null,
    time ? make("span", { class: "time" }, `${clock(time.start)}–${clock(time.end)}`) : null,
    page ? make("span", {}, say("page", { page })) : null,
    languageName(citation.language) ? make("span", {}, languageName(citation.language)) : null,
    make("span", {}, say(`role_${citation.role}`)),
    citation.date ? make("bdi", {}, citation.date) : null,
  ];
  return make("ul", { class: "where" }, ...parts.filter(Boolean).map((part) => make("li", {}, part)));
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
    const name = make("bdi", {}, here ? say("also_here") : titles[place.document] || place.document);
    const what = make("span", { class: "relation" }, ` (${relation(place, places[at], citation.language)})`);
    const open = () => actions.read(place, null);
    return make("li", {}, make("button", { type: "button", class: "place", onclick: open }, name, what));
  });
  return make("div", { class: "also" }, make("span", {}, say("also")), make("ul", {}, ...links));
}

/** "translation", "Japanese translation", "English original": what the other place is to this one. */
function relation(place, known, language) {
  const name = say(known?.original && place.relation !== "copy" ? "relation_original" : `relation_${place.relation}`);
  const other = known && known.language !== language ? languageName(known.language) : null;
  return other ? say("also_language", { language: other, relation: name }) : name;
}

/** A link out of the page, followed only by choice; anything but a web address is not offered. */
function sourceLink(link) {
  if (!link || !/^https?:\/\//i.test(link) || !URL.canParse(link)) return null;
  return make("a", { href: link, target: "_blank", rel: "noopener noreferrer nofollow" }, say("source_link"));
}

/** Fill one of our phrases with a stranger's name that cannot turn the phrase around. */
function filled(name, key, value) {
  const [before, after] = say(name, { [key]: "\u0000" }).split("\u0000");
  return [before, make("bdi", {}, value), after ?? ""];
}
