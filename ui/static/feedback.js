// What a reader thinks of an answer: three choices and, where something is wrong, a small form.

import { make, postJSON, say, shorten } from "./dom.js";
import { unfolding } from "./taking.js";

const LONGEST = 1000; // characters of the reader's words
let names = 0;

/** `{button, row, place}`: what opens the choices, the choices, the place of the form; or null where the server takes no feedback. `tell` says how it went. */
export function feedback(app, answer, tell) {
  // In a Space it is off, unless the server says otherwise.
  if (!(app.status?.feedback ?? !app.status?.visitors)) return null;
  const place = make("div", { class: "feedback-place" });

  async function send(kind, more = {}) {
    try {
      const ids = (await app.answers()).map((one) => one.id);
      const before = ids.slice(0, Math.max(0, ids.indexOf(answer.id))).slice(-8);
      await postJSON("feedback", { answer: answer.id, kind, conversation: before, ...more });
      place.replaceChildren();
      button.hidden = true;
      tell(say("feedback_thanks"));
    } catch (error) {
      tell(say("feedback_failed", { reason: error.message }));
    }
  }

  const open = (kind) => {
    ask(place, answer, kind, send, button);
    tell("");
  };
  const kinds = answer.citations.length ? ["wrong_quote", "missing"] : ["missing"];
  const choices = [["right", () => send("right")], ...kinds.map((kind) => [kind, () => open(kind)])];
  const named = choices.map(([kind, action]) => [say(`feedback_${kind}`), action]);
  const { button, row } = unfolding(say("feedback_short"), say("feedback_label"), named);
  button.title = say("feedback_label");
  return { button, row, place };
}

/** Put the form into its place. Escape and "Cancel" take it away again. */
function ask(place, answer, kind, send, opener) {
  const id = `sidenote-feedback-${++names}`;
  const words = make("textarea", { id, rows: "3", maxlength: String(LONGEST), dir: "auto" });
  const which = make("select", { id: `${id}-which` }, ...answer.citations.map((citation) =>
    make("option", { value: String(citation.number) }, `${citation.number}: ${shorten(citation.quote, 60)}`)));
  const asksWhich = kind === "wrong_quote";
  const close = () => {
    place.replaceChildren();
    opener.focus();
  };
  const form = make("form", { class: "feedback-form" },
    ...(asksWhich ? [make("label", { for: `${id}-which` }, say("feedback_which")), which] : []),
    make("label", { for: id }, say("feedback_words")), words,
    make("p", { class: "help" }, say("feedback_where")),
    make("div", { class: "taking" },
      make("button", { type: "submit", class: "take" }, say("feedback_send")),
      make("button", { type: "button", class: "take", onclick: close }, say("feedback_cancel"))));
  form.onsubmit = (event) => {
    event.preventDefault();
    send(kind, { words: words.value.toWellFormed(), ...(asksWhich ? { quote: Number(which.value) } : {}) });
  };
  form.onkeydown = (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    close();
  };
  place.replaceChildren(form);
  (asksWhich ? which : words).focus();
}
