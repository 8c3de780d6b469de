// The address of a place in a document, and back.

/** "#read/a%20talk.txt/10-52" -> the place, or null where it is none. */
export function placeOf(hash) {
  const [, name, start, end] = /^#read\/(.+)\/(\d{1,9})-(\d{1,9})$/.exec(hash) ?? [];
  try {
    return name ? { document: decodeURIComponent(name), start: Number(start), end: Number(end) } : null;
  } catch {
    return null; // a broken escape
  }
}

export function addressOf({ document: name, start, end }) {
  return `#read/${encodeURIComponent(name)}/${start}-${end}`;
}
