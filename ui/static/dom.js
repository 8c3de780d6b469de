// Small helpers. Words of documents and visitors reach the page through `textContent` alone, so they stay words.

let words = {};

export async function loadWords() {
  words = await getJSON("sidenote/words.json");
}

/** Return one of the page's own words, with {placeholders} filled. */
export function say(name, values = {}) {
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => String(values[key] ?? whole));
}

/** Return "one quote" or "3 quotes". */
export function sayCount(name, count) {
  return say(`${name}_${count === 1 ? "one" : "other"}`, { count });
}

/** Make an element. `attributes` are set by setAttribute, but `on…` functions are listened to; null ones are left out. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined)); // strings become text nodes
  return element;
}

/** Fetch JSON from our own host, relative to the page. Throws on anything but success. */
export async function getJSON(path) {
  const response = await fetch(new URL(path, document.baseURI), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** Return the address of a document's text around a span; every part of the path is encoded by itself. */
export function documentPath(id, values) {
  return `documents/${id.split("/").map(encodeURIComponent).join("/")}?${new URLSearchParams(values)}`;
}

/** 75.2 -> "1:15", 3675 -> "1:01:15" */
export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds));
  const two = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}

/** "ja" -> "Japanese"; null where the language is not known. */
export function languageName(code) {
  if (!code || code === "und") return null;
  try {
    return new Intl.DisplayNames([document.documentElement.lang || "en"], { type: "language" }).of(code);
  } catch {
    return code;
  }
}

/** Bring an element into view and focus it, without motion for those who asked for none. */
export function goTo(element, block = "nearest") {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block, behavior: still ? "auto" : "smooth" });
  element.classList.remove("flash");
  void element.offsetWidth; // a reflow between, or the animation does not start again
  element.classList.add("flash");
}
