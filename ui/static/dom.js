// Small helpers. Words of documents and visitors reach the page through `textContent` alone, so they stay words.

import { located } from "./address.js";

let words = {};

/** Load the page's words in a language, or in the one that the browser likes best. */
export async function loadWords(language) {
  words = await getJSON(`sidenote/words.json?${new URLSearchParams(language ? { language } : {})}`);
  document.documentElement.lang = words.language;
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

/** Fetch JSON of the page's collection, or of another one, from our own host. Throws on anything but success. */
export async function getJSON(path, collection = undefined) {
  const response = await fetch(located(path, collection), { headers: { Accept: "application/json" } });
  if (!response.ok) throw new Error(`${response.status}`);
  return response.json();
}

/** Send JSON to our own host; return what it answers. The error carries the server's sentence and `status`. */
export async function postJSON(path, body) {
  const response = await post(path, body);
  return response.json();
}

/** The same, returning the response as it is. */
export async function post(path, body) {
  const headers = { "Content-Type": "application/json", Accept: "application/json" };
  const response = await fetch(located(path), { method: "POST", headers, body: JSON.stringify(body) });
  if (!response.ok) throw await refusal(response);
  return response;
}

async function refusal(response) {
  const text = await response.text();
  let message = text;
  try {
    message = JSON.parse(text).detail ?? text;
  } catch {
    // a plain sentence, as our guard sends it
  }
  return Object.assign(new Error(String(message).slice(0, 500)), { status: response.status });
}

/** A document's id as the end of an address: every part of the path is encoded by itself. */
export function idPath(id) {
  return id.split("/").map(encodeURIComponent).join("/");
}

/** Return the address of a document's text around a span. */
export function documentPath(id, values) {
  return `documents/${idPath(id)}?${new URLSearchParams(values)}`;
}

/** Those titles that several documents have, which only their paths tell apart. */
export function twins(titles) {
  const seen = new Set();
  return new Set(titles.filter((title) => seen.has(title) || !seen.add(title)));
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

/** An ISO date in the reader's way; what is none stays as it is. */
export function dateName(iso) {
  const [, year, month, day] = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "") ?? [];
  if (!year) return iso;
  const date = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)));
  return new Intl.DateTimeFormat(document.documentElement.lang || "en", { dateStyle: "medium", timeZone: "UTC" }).format(date);
}

/** The first characters of a text; what is seen as one character is never cut. */
export function shorten(text, most) {
  const line = text.replace(/\s+/g, " ").trim();
  if (line.length <= most) return line;
  let short = "";
  for (const { segment } of new Intl.Segmenter(document.documentElement.lang || "en").segment(line)) {
    if (short.length + segment.length >= most) break;
    short += segment;
  }
  return `${short.trimEnd()}…`;
}

/** Say something to those who hear the page. */
export function announce(sentence) {
  let region = document.getElementById("sidenote-said");
  if (!region) {
    region = make("div", { id: "sidenote-said", class: "unseen", role: "status", "aria-live": "polite" });
    document.body.append(region);
  }
  region.textContent = "";
  setTimeout(() => (region.textContent = sentence), 50); // the same sentence twice is heard twice
}

/** Copy a text; return whether that worked. Without a secure context there is no clipboard, but an older way. */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const field = make("textarea", { class: "unseen", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}

/** What this browser keeps under a name; `otherwise` where it keeps nothing, or nothing that can be read. */
export function kept(name, otherwise, store = localStorage) {
  try {
    return JSON.parse(store.getItem(`sidenote.${name}`)) ?? otherwise;
  } catch {
    return otherwise; // private windows and frames may have no store
  }
}

/** Keep a value in this browser; return whether that worked. */
export function keep(name, value, store = localStorage) {
  try {
    store.setItem(`sidenote.${name}`, JSON.stringify(value));
    return true;
  } catch {
    return false;
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
