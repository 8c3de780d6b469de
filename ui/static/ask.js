// The question box and the hidden field beside it, by which the server learns what goes with a question.

const value = (prototype) => Object.getOwnPropertyDescriptor(prototype, "value").set;

/** Put text into a field of Gradio's as if it had been typed. */
function type(field, text) {
  value(Object.getPrototypeOf(field)).call(field, text);
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

export function questionBox() {
  return document.querySelector("#sidenote-question textarea");
}

/** Put text into the question box and go there. */
export function write(text) {
  const box = questionBox();
  type(box, text);
  box.focus();
}

/** Ask as if it had been typed. */
export function submit(question) {
  type(questionBox(), question);
  pressSoon("#sidenote-question button.submit-button");
}

/** Tell the server what goes with the next question: language, filters, what is kept, what is opened again. */
export function tell(context) {
  const field = document.querySelector("#sidenote-context textarea, #sidenote-context input");
  if (field) type(field, JSON.stringify(context));
}

/** Press a button of Gradio's once it has taken in what was typed. */
export function pressSoon(selector) {
  requestAnimationFrame(() => requestAnimationFrame(() => document.querySelector(selector)?.click()));
}
