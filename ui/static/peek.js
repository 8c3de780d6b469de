// What a marker leads to, shown beside it while it is pointed at or in focus.

import { evidenceOf, links, target } from "./answers.js";
import { attribution, cuts, whereabouts } from "./cards.js";
import { make, shorten } from "./dom.js";

const LONGEST = 320; // characters of a quote
const GAP = 8; // pixels between marker and note

export class Peek {
  constructor() {
    this.note = make("div", { id: "sidenote-peek", role: "tooltip", hidden: true });
    document.getElementById("sidenote").append(this.note);
    this.marker = null;
    for (const event of ["mouseover", "focusin"]) document.addEventListener(event, (one) => this.over(one.target));
    for (const event of ["mouseout", "focusout"]) document.addEventListener(event, (one) => this.out(one.target));
    document.addEventListener("keydown", (event) => event.key === "Escape" && this.hide(), true);
    document.addEventListener("scroll", () => this.scrolled(), true);
  }

  over(element) {
    const marker = element.closest?.("#sidenote-chat a.marker");
    if (marker && marker !== this.marker && matchMedia("(hover: hover)").matches) this.show(marker);
  }

  out(element) {
    if (element.closest?.("#sidenote-chat a.marker") === this.marker) this.hide();
  }

  async show(marker) {
    this.marker = marker;
    const [id, number] = target(marker);
    const evidence = await evidenceOf(id).catch(() => null); // the column says so
    const citation = evidence?.answer.citations[number - 1];
    if (this.marker !== marker || !citation) return;
    const words = make("p", { class: ["quote", cuts(evidence.cut[number - 1])].filter(Boolean).join(" "), dir: "auto" }, shorten(citation.quote, LONGEST));
    this.note.replaceChildren(words, attribution(citation), whereabouts(citation));
    this.note.hidden = false;
    marker.setAttribute("aria-describedby", this.note.id);
    this.place(marker.getBoundingClientRect());
  }

  place(at) {
    const { offsetWidth: width, offsetHeight: height } = this.note;
    const left = Math.min(Math.max(GAP, at.left + at.width / 2 - width / 2), innerWidth - width - GAP);
    const above = at.top - height - GAP;
    this.note.style.left = `${left}px`;
    this.note.style.top = `${above > GAP ? above : at.bottom + GAP}px`;
  }

  scrolled() {
    if (this.marker?.matches(":hover, :focus") && !this.note.hidden) this.place(this.marker.getBoundingClientRect());
    else if (!this.note.hidden) this.hide();
  }

  hide() {
    this.marker?.removeAttribute("aria-describedby");
    this.marker = null;
    this.note.hidden = true;
  }
}

/** Go to the marker after or before the one in focus; at the ends it begins again. */
export function step(by) {
  const markers = links().filter((link) => link.classList.contains("marker"));
  if (!markers.length) return;
  const at = markers.indexOf(document.activeElement);
  const next = at < 0 ? (by > 0 ? 0 : markers.length - 1) : (at + by + markers.length) % markers.length;
  markers[next].focus();
  markers[next].scrollIntoView({ block: "nearest" });
}
