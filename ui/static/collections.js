// The collections that can be asked: a button in the bar that names the one of this page, and a dialog with all of them.

import { collection, pageAddress } from "./address.js";
import { filled } from "./cards.js";
import { getJSON, make, postJSON, say, sayCount } from "./dom.js";
import { dialog } from "./preferences.js";

const LONGEST = 60; // characters of a name, as the server takes them

let first = ""; // the first one's own name, once the server told it

/** The name of a collection as it is shown; the first one may have none of its own. */
export function collectionName(name) {
  return name || first || say("collections_first");
}

/** Look which collections there are: null where the server does not say. */
async function listed() {
  const found = await getJSON("collections").catch(() => null);
  first = found?.collections.find(({ name }) => !name)?.title ?? first;
  return found;
}

/** The button for the bar. It is there where there is a choice. */
export function switcher() {
  const name = make("span", { class: "collection-name", dir: "auto" });
  const button = make("button", {
    type: "button", class: "item collection-button", "data-name": "collections", "aria-haspopup": "dialog", hidden: true,
    onclick: collectionsDialog,
  }, name, make("span", { "aria-hidden": "true" }, " ▾"));
  listed().then((found) => {
    const shown = collectionName(collection);
    name.textContent = shown;
    button.title = say("collections_button", { name: shown });
    button.setAttribute("aria-label", button.title);
    button.hidden = !collection && (found?.collections.length ?? 0) < 2;
    if (collection) document.title = `${shown} – ${document.title}`;
  });
  return button;
}

/** A line that says which collection this is and leads to the others, where there are or may be several. */
export function collectionLine() {
  const line = make("div", { class: "library-of", hidden: true });
  listed().then((found) => {
    line.hidden = !collection && !found?.create && (found?.collections.length ?? 0) < 2;
    line.append(...filled("library_of", "name", collectionName(collection)), " ",
      make("button", { type: "button", class: "library-act", onclick: collectionsDialog }, say("library_collections")));
  });
  return line;
}

/** The dialog in which another collection is opened, or a new one is made. */
export async function collectionsDialog() {
  const found = await listed();
  const trouble = make("p", { class: "trouble", role: "alert" }, say("collections_unlisted"));
  const content = found ? [make("ul", { class: "collections" }, ...found.collections.map(line))] : [trouble];
  if (found?.create) content.push(creation());
  const element = dialog(say("collections_title"), make("p", { class: "help" }, say("collections_help")), ...content);
  element.querySelector("[aria-current], .collections a")?.focus();
}

/** A way to a collection, as a link: it can be opened beside this one, too. */
function line(row) {
  const { name, state, documents } = row;
  const told = documents === null ? say(`collections_${state}`) : sayCount("library_count", documents);
  const current = name === collection ? "page" : null;
  return make("li", {},
    make("a", { href: pageAddress({}, name), "aria-current": current }, make("bdi", {}, collectionName(name))),
    make("span", { class: "help" }, [current && say("collections_here"), told].filter(Boolean).join(" · ")));
}

function creation() {
  const input = make("input", { id: "sidenote-new-collection", maxlength: String(LONGEST), required: true, autocomplete: "off", dir: "auto" });
  const refused = make("p", { class: "trouble", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    refused.textContent = "";
    try {
      const { name } = await postJSON("library/collection", { name: input.value.trim(), language: document.documentElement.lang });
      location.assign(pageAddress({}, name));
    } catch (error) {
      refused.textContent = error.message;
      input.focus();
    }
  };
  return make("form", { class: "new-collection", onsubmit: submit },
    make("label", { for: input.id }, say("collections_new")),
    make("div", { class: "new-collection-field" }, input, make("button", { type: "submit", class: "quiet" }, say("collections_make"))),
    refused);
}
