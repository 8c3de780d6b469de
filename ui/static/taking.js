// Ways to take words away: a file, the clipboard. And the small menus from which they are chosen.

import { announce, copyText, make, post, say } from "./dom.js";

export const FORMATS = { markdown: "Markdown", html: "HTML", json: "JSON", ris: "RIS" };

/** Let the server make a file, and save it. Says how that went. */
export async function save(format, what) {
  try {
    const response = await post("export", { format, language: document.documentElement.lang, ...what });
    const name = /filename="([\w.-]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1] ?? `sidenote.${format}`;
    const address = URL.createObjectURL(await response.blob());
    make("a", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60_000); // some browsers begin to save only after a question
    return say("export_done", { file: name });
  } catch (error) {
    return say("export_failed", { reason: error.message });
  }
}

/** Fetch a text and copy it. Returns whether that worked; throws where the text does not come. */
export async function copyComing(fetchText) {
  const coming = fetchText();
  if (window.ClipboardItem && navigator.clipboard?.write) {
    try {
      // Safari lets a page copy only what was promised at the click itself.
      const blob = coming.then((text) => new Blob([text], { type: "text/plain" }));
      await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
      return true;
    } catch {
      await coming; // where the text itself failed, that is what to say
    }
  }
  return copyText(await coming);
}

/** A line that says what happened, to those who see and to those who hear. */
export function teller() {
  const element = make("p", { class: "told", hidden: true });
  const tell = (sentence) => {
    element.textContent = sentence;
    element.hidden = !sentence;
    if (sentence) announce(sentence);
  };
  return { element, tell };
}

/** A button that opens a row of choices beneath it. Escape closes it. `choices` are [label, action] or elements. */
export function unfolding(text, label, choices) {
  const button = make("button", { type: "button", class: "take", "aria-expanded": "false" }, text);
  const close = () => {
    row.hidden = true;
    button.setAttribute("aria-expanded", "false");
  };
  const choose = (action) => () => {
    close();
    button.focus();
    action();
  };
  const rows = choices.map((one) => one instanceof Element ? one
    : make("button", { type: "button", class: "take", onclick: choose(one[1]) }, one[0]));
  const row = make("div", { class: "choices", role: "group", "aria-label": label, hidden: true });
  button.addEventListener("click", () => {
    if (!row.hidden) return close();
    row.replaceChildren(...rows); // not before: a page holds many of them
    row.hidden = false;
    button.setAttribute("aria-expanded", "true");
    row.querySelector("button, input, select")?.focus();
  });
  row.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    event.preventDefault();
    close();
    button.focus();
  });
  return { button, row };
}
