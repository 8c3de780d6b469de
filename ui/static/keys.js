// The keys of the page, and the list of them.

import { make, say } from "./dom.js";
import { dialog } from "./preferences.js";

/** Listen for single keys wherever nobody types. `actions` are by key. */
export function listen(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable], dialog")) return;
    const action = actions[event.key];
    if (!action) return;
    event.preventDefault();
    action();
  });
}

export function keysDialog() {
  const rows = [
    ["/", say("key_question")], ["n", say("key_next")], ["p", say("key_previous")], ["Enter", say("key_enter")],
    ["Esc", say("key_escape")], ["s", say("key_search")], ["l", say("key_library")], ["c", say("key_collected")],
    ["h", say("key_history")], ["o", say("key_collections")], ["?", say("key_help")],
  ];
  const list = rows.flatMap(([key, meaning]) => [make("dt", {}, make("kbd", {}, key)), make("dd", {}, meaning)]);
  return dialog(say("keys_title"), make("dl", { class: "keys" }, ...list));
}
