// What a reader sets for himself: language, colours, size of the text, how answers are made. Kept in this browser.

import { keep, kept, make, say } from "./dom.js";

const SIZES = { small: "93.75%", medium: "100%", large: "112.5%", huge: "131.25%" };
const QUOTES = [5, 4, 3, 2, 1]; // in one answer, at most; the server may allow fewer
const dark = matchMedia("(prefers-color-scheme: dark)");

export function preferences() {
  const { language = "", theme = "", size = "medium", quotes = "", mode = "" } = kept("preferences", {});
  return { language, theme, size, mode, quotes: QUOTES.includes(Number(quotes)) ? Number(quotes) : QUOTES[0] };
}

/** Put colours and size into effect. Gradio follows the system by itself; the class is the one that it sets. */
export function apply({ theme, size } = preferences()) {
  const wanted = theme || new URLSearchParams(location.search).get("__theme") || (dark.matches ? "dark" : "light");
  document.body.classList.toggle("dark", wanted === "dark");
  document.documentElement.style.colorScheme = wanted;
  document.documentElement.style.fontSize = SIZES[size] ?? SIZES.medium;
}

dark.addEventListener("change", () => apply());

/** The dialog in which they are set. */
export function preferencesDialog() {
  const now = preferences();
  const change = (name) => (event) => {
    const next = { ...preferences(), [name]: event.target.value };
    keep("preferences", next);
    if (name === "language") location.reload(); // every word of the page changes; the conversation comes back
    else apply(next);
  };
  const themes = { "": say("settings_automatic"), light: say("settings_light"), dark: say("settings_dark") };
  const sizes = {
    small: say("settings_size_small"), medium: say("settings_size_medium"),
    large: say("settings_size_large"), huge: say("settings_size_huge"),
  };
  const quotes = new Map(QUOTES.map((count) => [count, count === 1 ? say("settings_quotes_one") : say("settings_quotes_most", { count })]));
  const languages = { "": say("settings_automatic"), en: "English", ja: "日本語" };
  return dialog(say("settings_title"),
    make("p", { class: "help" }, say("settings_help")),
    choice(say("settings_language"), languages, now.language, change("language")),
    choice(say("settings_theme"), themes, now.theme, change("theme")),
    choice(say("settings_size"), sizes, now.size, change("size")),
    choice(say("settings_quotes"), quotes, now.quotes, change("quotes")));
}

/** Open a dialog with a heading and a way out; Escape closes it, and focus goes back to where it was. */
export function dialog(title, ...content) {
  const close = make("button", { type: "button", class: "quiet", onclick: () => element.close() }, say("close"));
  const heading = make("h2", { id: "sidenote-dialog" }, title);
  const element = make("dialog", { class: "sidenote-dialog", "aria-labelledby": "sidenote-dialog" },
    make("header", {}, heading, close), ...content);
  element.addEventListener("close", () => element.remove());
  element.addEventListener("click", (event) => event.target === element && element.close());
  (document.getElementById("sidenote") ?? document.body).append(element);
  element.showModal();
  return element;
}

function choice(label, options, chosen, onchange) {
  const pairs = options instanceof Map ? [...options] : Object.entries(options); // an object puts numbers first
  const items = pairs.map(([value, text]) =>
    make("option", { value, selected: value === chosen }, text));
  return make("label", { class: "choice" }, make("span", {}, label), make("select", { onchange }, ...items));
}
