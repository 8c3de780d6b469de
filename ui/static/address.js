// Which collection the page is about: its address says so, and every request, link and thing that is kept obeys it.

const SHARED = /^(?:sidenote\/|collections$|library\/collection$)/; // what is asked of no collection

/** The collection of this page by its name; "" is the first one. */
export const collection = new URLSearchParams(location.search).get("collection") ?? "";

/** Where to ask the server for something of a collection. */
export function located(path, name = collection) {
  const below = name && !SHARED.test(path) ? `in/${encodeURIComponent(name)}/` : "";
  return new URL(below + path, document.baseURI);
}

/** The address of this page, in a collection and with further `values`, but without a question. */
export function pageAddress(values = {}, name = collection) {
  const now = new URLSearchParams(location.search);
  for (const one of ["q", "filters", "mode", "collection"]) now.delete(one);
  if (name) now.set("collection", name);
  for (const [key, value] of Object.entries(values)) now.set(key, value);
  return `${location.pathname}${now.size ? `?${now}` : ""}`;
}

/** An address for others: it opens the same collection, whatever else this page was opened with. */
export function linkTo(values = {}, hash = "") {
  const query = new URLSearchParams({ ...values, ...(collection ? { collection } : {}) });
  return new URL(`${location.pathname}${query.size ? `?${query}` : ""}${hash}`, location.origin).href;
}

/** The name under which this browser keeps something of a collection. */
export function keptAs(what, name = collection) {
  return name ? `${what} in ${name}` : what;
}

/** What an address carries as JSON; an empty object where it was cut. */
export function parsed(text) {
  try {
    return JSON.parse(text ?? "{}");
  } catch {
    return {};
  }
}

/** Filters without those that choose nothing. */
export function chosenIn(filters) {
  return Object.fromEntries(Object.entries(filters ?? {}).filter(([, names]) => names.length));
}

/** Filters as an address carries them; "" where nothing is chosen. */
export function filtersText(filters) {
  const chosen = chosenIn(filters);
  return Object.keys(chosen).length ? JSON.stringify(chosen) : "";
}
