// Gradio draws the chat; this watches it and puts in what it has no part for: marks, quotes, edits, what to ask next.

import { filtersText, linkTo } from "./address.js";
import { evidenceOf, ids, isWriting, links, numberOf, target, writing } from "./answers.js";
import { answerActions } from "./collection.js";
import { composedNotes, dressPartly } from "./composed.js";
import { announce, copyText, getJSON, make, say, sayCount } from "./dom.js";
import { cardOf } from "./evidence.js";

export class Chat {
  constructor(app) {
    this.app = app;
    this.seen = 0; // messages
    this.lost = 0; // messages when Gradio last said that something failed: no answer to wait for
    this.latest = null; // id of the newest answer that was shown by itself
    this.draft = null; // id of the one that is being written, as it was last shown
    this.waits = false;
    this.line = make("p", { class: "line", hidden: true });
    this.place = null; // in an answer that is being written
    document.addEventListener("click", (event) => this.follow(event), true);
    document.addEventListener("focusin", (event) => this.place?.box || this.at(event.target.closest?.("#sidenote-chat a")));
  }

  /** Look at the chat after it changed. Doing it twice changes nothing. */
  refresh() {
    const messages = [...document.querySelectorAll("#sidenote-chat :is([data-testid=user], [data-testid=bot])")];
    for (const message of messages) message.setAttribute("aria-label", say(message.dataset.testid)); // was: raw Markdown
    document.body.classList.toggle("asked", messages.length > 0);
    if (messages.length > this.seen) {
      const question = messages.findLast((message) => message.dataset.testid === "user");
      question?.closest(".message-row").scrollIntoView({ block: "start" });
    }
    this.seen = messages.length;
    this.wait(messages);
    links().forEach(dress);
    messages.forEach((message, at) => this.furnish(message, at, messages));
    this.changed(ids().at(-1) ?? null);
    this.grown(writing());
  }

  /** A new answer is there, or none is left. */
  changed(newest) {
    if (newest === this.latest) return;
    this.latest = newest;
    this.app.answered(newest);
    if (newest) evidenceOf(newest).then(({ answer }) => announce(heard(answer)), () => null);
  }

  /** An answer that is being written grew, or is written no longer. Whoever hears the page hears the whole one, once. */
  grown(draft) {
    if (draft === this.draft) return;
    this.draft = draft;
    document.querySelector("#sidenote-chat [role=log]")?.setAttribute("aria-busy", String(Boolean(draft)));
    this.app.evidence.grown(draft ?? this.latest);
    if (this.place) this.keepPlace(draft ?? this.latest);
  }

  /** The sentences were drawn anew: a mark that was in focus is again, a quote that was unfolded is again. */
  async keepPlace(id) {
    const { suffix, box } = this.place;
    const within = box?.contains(document.activeElement);
    box?.remove();
    const { answer } = await evidenceOf(id).catch(() => ({ answer: null }));
    const marker = document.querySelector(`#sidenote-chat a[href='#q-${id}${suffix}']`);
    if (answer?.mode !== "composed" || !marker) return; // quotes of another answer
    if (box) this.unfold(marker, id, target(marker)[1], !within);
    else if (document.activeElement === document.body) marker.focus({ preventScroll: true });
  }

  /** Remember which mark of an answer that is being written a reader is at, and the box that he unfolded there. */
  at(link, box = null) {
    const [id] = target(link);
    this.place = isWriting(id) ? { suffix: link.hash.slice(`#q-${id}`.length), box } : null;
  }

  /** Say under the newest question how far its answer is; or its place, where others are answered first. */
  wait(messages) {
    if (document.querySelector("[data-testid=toast-body]")) this.lost = messages.length;
    const question = messages.findLast((message) => message.dataset.testid === "user");
    const waiting = question && (question === messages.at(-1) || writing() !== null) && this.lost !== messages.length;
    for (const message of messages) {
      const row = message.closest(".message-row");
      if (waiting && message === question) this.tellStage(row);
      else delete row.dataset.waiting;
    }
    const line = waiting ? null : inLine();
    this.tellLine(line);
    document.body.classList.toggle("waiting", Boolean(waiting) || line !== null);
    this.waits = waiting;
  }

  /** The stage is the one that the server has just begun; it names it in a field of its own. */
  tellStage(row) {
    const stage = document.getElementById("sidenote-stage")?.textContent.trim();
    const words = say(`waiting_${stage}`) || say("waiting");
    if (row.dataset.waiting !== words) row.dataset.waiting = words;
  }

  /** The place in the line stands over the question box, for the question stands there still. */
  tellLine(line) {
    const words = line ? say("waiting_line", line) : "";
    if (this.line.textContent === words) return;
    this.line.textContent = words;
    this.line.hidden = !words;
    const column = document.getElementById("sidenote-filters");
    if (words && this.line.parentElement !== column) column.prepend(this.line);
    if (words) announce(words);
  }

  furnish(message, at, messages) {
    const row = message.closest(".message-row");
    if (message.dataset.testid === "user") this.editable(message, row);
    else this.finish(message, row, at === messages.length - 1);
  }

  editable(message, row) {
    const text = message.textContent.trim();
    const old = row.querySelector(":scope > .edit");
    if (old?.dataset.question === text) return;
    old?.remove();
    const instead = () => {
      const rows = [...document.querySelectorAll("#sidenote-chat .message-row")];
      const after = rows.slice(rows.indexOf(row)).find((one) => one.querySelector("a[href^='#q-']"));
      return target(after?.querySelector("a[href^='#q-']"))[0] ?? null;
    };
    const attributes = { type: "button", class: "edit", "aria-label": say("edit_label", { question: text }) };
    const button = make("button", { ...attributes, onclick: () => this.app.edit(text, instead()) }, say("edit"));
    button.dataset.question = text;
    row.append(button);
  }

  /** Under an answer: its quotes (where no column stands beside), what can be done with it, what to ask next. */
  finish(message, row, last) {
    const [id] = target(message.querySelector("a[href^='#q-']"));
    const old = row.querySelector(":scope > .foot");
    if (old && (old.dataset.answer !== id || (old.dataset.last === "true") !== last)) old.remove();
    if (!id || isWriting(id) || row.querySelector(":scope > .foot")) return;
    const foot = make("div", { class: "foot" });
    foot.dataset.answer = id;
    foot.dataset.last = String(last);
    row.append(foot);
    evidenceOf(id).then((evidence) => this.fill(foot, evidence, last), () => null); // the column says so
  }

  fill(foot, evidence, last) {
    const { answer } = evidence;
    const count = answer.citations.length;
    const open = { type: "button", class: "quotes quiet", onclick: () => this.app.showQuotes(answer.id) };
    foot.append(...[
      composedNotes(this.app, evidence),
      count ? make("button", open, sayCount("quotes_button", count)) : null,
      answerActions(this.app, answer, () => link(answer, this.app)),
    ].filter(Boolean));
    if (last) this.suggest(foot, answer.id);
  }

  async suggest(foot, id) {
    const { questions } = await getJSON(`suggestions?${asked(id)}`).catch(() => ({ questions: [] }));
    if (!questions.length || !foot.isConnected) return;
    const items = questions.map(({ text, language }) =>
      make("li", {}, make("button", { type: "button", lang: language, dir: "auto", onclick: () => this.app.ask(text) }, text)));
    foot.append(make("div", { class: "next" }, make("p", { class: "label" }, say("follow_ups")), make("ul", { class: "examples" }, ...items)));
  }

  follow(event) {
    const link = event.target.closest?.("#sidenote-chat a[href^='#q-']");
    const [id, number] = target(link);
    if (!id) return;
    event.preventDefault();
    if (document.body.classList.contains("narrow")) number ? this.unfold(link, id, number) : this.app.showQuotes(id);
    else this.app.follow(link, id, number);
  }

  /** Where no column stands beside: show the quote under its sentence, or fold it in again. */
  async unfold(marker, id, number, quietly = false) {
    const place = marker.closest("p") ?? marker;
    const open = place.nextElementSibling?.classList.contains("unfolded") ? place.nextElementSibling : null;
    const again = open?.dataset.marker === marker.hash;
    open?.remove();
    marker.setAttribute("aria-expanded", String(!again));
    this.at(marker);
    if (again) return;
    const evidence = await evidenceOf(id).catch(() => null);
    const back = () => (place.parentElement.querySelector(".unfolded")?.remove(), marker.setAttribute("aria-expanded", "false"), marker.focus());
    const content = evidence ? cardOf(this.app, evidence, number - 1, back, false) : make("p", { role: "alert" }, say("evidence_failed"));
    const help = target(marker)[2] ? make("p", { class: "partly-help" }, say("partly_help")) : null;
    const box = make("div", { class: "unfolded" }, help, content);
    box.dataset.marker = marker.hash;
    box.addEventListener("keydown", (key) => key.key === "Escape" && back());
    place.after(box);
    this.at(marker, box);
    if (quietly) return;
    content.focus({ preventScroll: true });
    box.scrollIntoView({ block: "nearest" });
  }
}

/** The place in Gradio's queue, as its (hidden) status of the chat tells it: {place, of}, or null. */
function inLine() {
  const status = document.querySelector("#sidenote-chat [data-testid=status-tracker]")?.textContent ?? "";
  const [, place, of] = /queue: (\d+)\/(\d+)/.exec(status) ?? [];
  return place ? { place, of } : null;
}

/** Copy an address that asks the question of an answer again, with its filters, and in its way where there are two. */
async function link({ question, filters, mode, fell_back: fellBack }, { status }) {
  const text = filtersText(filters);
  const how = status?.writer ? { mode: fellBack ? "composed" : mode } : {};
  const address = linkTo({ q: question, ...(text ? { filters: text } : {}), ...how });
  announce((await copyText(address)) ? say("question_linked") : say("copy_failed"));
}

/** What to ask next after an answer, not what was asked before. */
function asked(id) {
  return new URLSearchParams([["answer", id], ...ids().slice(-30).map((one) => ["asked", one])]);
}

function heard(answer) {
  return answer.abstained ? say("answer_none") : sayCount("answer_ready", answer.citations.length);
}

function dress(link) {
  if (["marker", "nearest-link", "partly"].some((name) => link.classList.contains(name))) return;
  const [id, number, partly] = target(link);
  link.removeAttribute("target");
  if (partly) return dressPartly(link, numberOf(id, number));
  link.classList.add(number ? "marker" : "nearest-link");
  if (!number) return;
  const shown = numberOf(id, number);
  link.textContent = shown;
  link.setAttribute("aria-label", say("marker_label", { number: shown }));
}
