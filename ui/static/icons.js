// Small drawings in front of short names. They say nothing by themselves: whoever hears the page hears the name.

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  copy: "M5.5 5.5v-3h8v8h-3M2.5 5.5h8v8h-8z",
  export: "M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11",
  link: "M6.5 9.5l3-3M7 4.5l1.5-1.5a3 3 0 0 1 4.5 4.5L11.5 9M9 11.5 7.5 13A3 3 0 0 1 3 8.5L4.5 7",
  feedback: "M2.5 3h11v7.5H8L5 13.5v-3H2.5z",
};

/** A drawing by its name, as large as the letters beside it. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const set = { viewBox: "0 0 16 16", width: "16", height: "16", fill: "none", stroke: "currentColor", "stroke-width": "1.4", "aria-hidden": "true" };
  for (const [key, value] of Object.entries(set)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
