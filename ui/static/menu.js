// The bar on top: the views of the page, and the two dialogs.

import { switcher } from "./collections.js";
import { make, say } from "./dom.js";
import { keysDialog } from "./keys.js";
import { preferencesDialog } from "./preferences.js";

/** Draw the bar into its column. `open` opens a view by name; the button of the one that is open says so. */
export function menu(column, app, open) {
  const names = {
    search: say("menu_search"), library: say("menu_library"), collected: say("menu_collected"), history: say("menu_history"),
  };
  const button = (name, text, onclick) => make("button", { type: "button", class: "item", "data-name": name, onclick }, text);
  const views = Object.entries(names).map(([name, text]) => button(name, text, () => open(name)));
  const dialogs = [
    button("settings", say("menu_settings"), preferencesDialog),
    make("button", { type: "button", class: "item keys-button", "aria-label": say("menu_keys"), title: say("menu_keys"), onclick: keysDialog }, "?"),
  ];
  column.setAttribute("role", "navigation");
  column.setAttribute("aria-label", say("menu"));
  column.replaceChildren(switcher(), ...views, ...dialogs);
  const collected = views.find((one) => one.dataset.name === "collected");
  const count = () => {
    const number = app.collected.count();
    collected.replaceChildren(names.collected, ...(number ? [make("span", { class: "count" }, ` (${number})`)] : []));
  };
  app.on("collected", count);
  count();
}
