// The right column: the evidence, and over it whatever view was opened last. The browser's back button leads back.

import { make, say } from "./dom.js";

export class Panel {
  /** `base` is the element that stands there when no view is open; `reopen(hash)` opens the view of an address. */
  constructor(column, base, reopen) {
    this.column = column;
    this.base = base;
    this.stack = [];
    column.setAttribute("role", "complementary");
    column.replaceChildren(base);
    column.addEventListener("keydown", (event) => this.escaped(event));
    window.addEventListener("popstate", (event) => this.moved(event, reopen));
    history.replaceState(history.state ?? { sidenote: 0 }, "");
  }

  get top() {
    return this.stack.at(-1) ?? null;
  }

  /** Show a view over what is there; one of the same name takes its place, unless the new one says `over`. */
  open(view) {
    const replaces = this.top?.view.name === view.name && !view.over;
    const under = replaces ? this.stack.pop().under : this.leave();
    const frame = this.frame(view);
    this.stack.push({ view, frame, under });
    const address = view.address ?? `${location.pathname}${location.search}`;
    history[replaces || !history.state ? "replaceState" : "pushState"]({ sidenote: this.stack.length }, "", address);
    this.show(frame, 0);
    view.shown?.();
  }

  /** Give a view another title, once it is known what stands in it. */
  rename(element, title) {
    const frame = this.stack.find(({ view }) => view.element === element)?.frame;
    frame?.setAttribute("aria-label", title);
    frame?.querySelector(".view-title").replaceChildren(title);
  }

  /** Leave the view on top. */
  back() {
    if (this.stack.length) history.back(); // the rest happens in `moved`
  }

  /** Leave all views. */
  home() {
    if (this.stack.length) history.go(-this.stack.length);
  }

  frame(view) {
    const back = make("button", { type: "button", class: "view-back", onclick: () => this.back() }, say("view_back"));
    const title = make("h2", { class: "view-title", tabindex: "-1" }, view.title);
    return make("section", { class: `view view-${view.name}`, "aria-label": view.title },
      make("div", { class: "view-bar" }, back, title), view.element);
  }

  /** What it takes to come back to what is shown now. */
  leave() {
    return { shown: this.column.firstElementChild, focused: document.activeElement, scrolled: this.column.scrollTop };
  }

  show(element, scrolled) {
    this.column.replaceChildren(element);
    this.column.scrollTop = scrolled;
    document.body.classList.toggle("viewing", element !== this.base);
  }

  moved(event, reopen) {
    if (!event.state && location.hash) return reopen(location.hash); // typed or pasted over the address of the page
    const depth = event.state?.sidenote ?? 0;
    const another = depth === this.stack.length && this.top?.view.address && this.top.view.address !== location.hash;
    if (depth > this.stack.length || another) return reopen(location.hash);
    let last = null;
    while (this.stack.length > depth) last = this.stack.pop();
    if (!last) return;
    last.view.left?.();
    this.show(last.under.shown, last.under.scrolled);
    last.under.focused?.focus({ preventScroll: true });
  }

  escaped(event) {
    if (event.key !== "Escape" || event.defaultPrevented || !this.stack.length) return;
    event.preventDefault();
    this.back();
  }
}
