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
  for (const one of ["q", "filters", "collection"]) now.delete(one);
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
