// Begins here. Gradio draws the chat; this watches it and draws what Gradio has no part for: welcome and evidence.

import { loadWords, say } from "./dom.js";
import { Evidence } from "./evidence.js";
import { Welcome } from "./welcome.js";

const TARGET = /^#q-([0-9a-f]+)(?:-(\d+))?$/; // as ui/render.py makes them

let evidence = null;
let latest = null; // id of the newest answer that was shown by itself
let seen = 0; // messages in the chat
let lost = 0; // messages when Gradio last said that something failed: no answer to wait for

/** Ask as if it had been typed. */
function ask(question) {
  const input = document.querySelector("#sidenote-question textarea");
  const set = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  set.call(input, question);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  requestAnimationFrame(() => document.querySelector("#sidenote-question button.submit-button")?.click());
}

/** Look at the chat after it changed: name new messages, dress new markers, show the evidence of a new answer. */
function refresh() {
  const column = document.getElementById("sidenote-evidence");
  const welcome = document.getElementById("sidenote-welcome");
  const chat = document.getElementById("sidenote-chat");
  if (!column || !welcome || !chat) return;
  if (evidence?.column !== column) {
    evidence = new Evidence(column);
    new Welcome(welcome, ask);
    if (matchMedia("(pointer: fine)").matches) document.querySelector("#sidenote-question textarea")?.focus();
  }
  const messages = [...chat.querySelectorAll("[data-testid=user], [data-testid=bot]")];
  for (const message of messages) message.setAttribute("aria-label", say(message.dataset.testid)); // was: raw Markdown
  document.body.classList.toggle("asked", messages.length > 0);
  if (messages.length > seen) {
    const question = messages.findLast((message) => message.dataset.testid === "user");
    question?.closest(".message-row").scrollIntoView({ block: "start" });
  }
  seen = messages.length;
  wait(messages);
  const links = [...chat.querySelectorAll("a[href^='#q-']")];
  links.forEach(dress);
  const newest = links.at(-1)?.hash.match(TARGET)?.[1] ?? null;
  if (newest === latest) return;
  latest = newest;
  if (newest) evidence.show(newest);
  else evidence.clear();
}

/** Say under the newest question that its answer is on the way. */
function wait(messages) {
  if (document.querySelector("[data-testid=toast-body]")) lost = messages.length;
  const last = messages.at(-1);
  const waiting = last?.dataset.testid === "user" && lost !== messages.length;
  for (const message of messages) {
    const row = message.closest(".message-row");
    if (waiting && message === last) row.dataset.waiting = say("waiting");
    else delete row.dataset.waiting;
  }
}

function dress(link) {
  const [, , number] = link.hash.match(TARGET) ?? [];
  if (link.classList.contains("marker") || link.classList.contains("nearest-link")) return;
  link.classList.add(number ? "marker" : "nearest-link");
  link.removeAttribute("target");
  if (number) {
    link.textContent = number;
    link.setAttribute("aria-label", say("marker_label", { number }));
  }
}

function follow(event) {
  const link = event.target.closest?.("#sidenote-chat a[href^='#q-']");
  const [, id, number] = link?.hash.match(TARGET) ?? [];
  if (!id) return;
  event.preventDefault();
  evidence?.follow(link, id, number);
}

let asked = false;
function soon() {
  if (asked) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    refresh();
  });
}

await loadWords();
document.addEventListener("click", follow, true);
new MutationObserver(soon).observe(document.body, { childList: true, subtree: true });
refresh();
