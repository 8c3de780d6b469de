// Adding files: chosen or dropped, judged before they are sent, sent one after the other, with the time left.

import { located } from "./address.js";
import { make, postJSON, say, sayCount } from "./dom.js";
import { timeLeft } from "./library.js";

const MOST = 500; // files at a time, as the server takes them
const LISTED = 20; // names that are shown of those that need attention

/** The buttons and the place to drop; the whole view takes what is dropped. */
export function adding(library) {
  const progress = make("div", { class: "library-sending", hidden: true });
  const refused = make("div", { class: "library-refused", role: "alert", hidden: true });
  const parts = { library, progress, refused, busy: false };
  const choose = (label, attributes) => {
    const input = make("input", { type: "file", multiple: true, hidden: true, ...attributes });
    input.addEventListener("change", () => {
      const files = [...input.files].map((file) => ({ name: file.webkitRelativePath || file.name, file }));
      input.value = "";
      add(parts, files);
    });
    const button = make("button", { type: "button", class: "library-button", onclick: () => input.click() }, say(label));
    return [button, input];
  };
  const buttons = make("div", { class: "library-acts" },
    ...choose("library_add_files", { accept: library.state.suffixes.join(",") }),
    ...choose("library_add_folder", { webkitdirectory: true }),
    make("span", { class: "soft library-drop" }, say("library_drop")));
  takeDrops(library.element, (files) => add(parts, files));
  return make("div", {}, buttons, progress, refused);
}

function takeDrops(element, take) {
  const over = (on) => element.classList.toggle("dropping", on);
  element.dataset.dropping = say("library_dropping");
  element.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    over(true);
  });
  element.addEventListener("dragleave", (event) => element.contains(event.relatedTarget) || over(false));
  element.addEventListener("drop", async (event) => {
    event.preventDefault();
    over(false);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    const loose = entries.length ? [] : [...event.dataTransfer.files].map((file) => ({ name: file.name, file }));
    take(loose.concat(await filesOf(entries)));
  });
}

/** The files in what was dropped, folders opened; no more than one too many. */
async function filesOf(entries) {
  const files = [];
  const waiting = [...entries];
  while (waiting.length && files.length <= MOST) {
    const entry = waiting.shift();
    if (entry.name.startsWith(".")) continue; // what systems leave in folders
    if (entry.isFile) {
      const file = await new Promise((found) => entry.file(found, () => found(null)));
      if (file) files.push({ name: entry.fullPath.replace(/^\//, ""), file });
    } else {
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((found) => reader.readEntries(found, () => found([]))); // 100 at a time
        if (!some.length) break;
        waiting.push(...some);
      }
    }
  }
  return files;
}

async function add(parts, files) {
  files = files.filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")));
  parts.refused.hidden = true;
  if (!files.length || parts.busy) return;
  if (files.length > MOST) return refuse(parts, [{ name: "", problem: say("library_too_many", { count: MOST }) }]);
  parts.busy = true;
  try {
    const asked = files.map(({ name, file }) => ({ name, size: file.size }));
    const { files: judged } = await postJSON("library/check", { files: asked });
    const problems = judged.filter(({ problem }) => problem);
    const there = judged.filter(({ problem, exists }) => !problem && exists).map(({ name }) => name);
    const replace = there.length ? await askToReplace(parts, there) : true;
    const wanted = files.filter((_, at) => !judged[at].problem && (replace || !judged[at].exists));
    await sendAll(parts, wanted, new Set(replace ? there : []), problems);
  } catch (error) {
    refuse(parts, [{ name: "", problem: error.message }]);
  }
  parts.busy = false;
}

function askToReplace({ library, progress }, names) {
  return new Promise((answer) => {
    const dialog = make("dialog", {
      class: "library-dialog", onclose: () => (dialog.remove(), answer(dialog.returnValue === "replace")),
      onkeydown: (event) => event.stopPropagation(), // Escape closes this, and not the view
    },
      make("form", { method: "dialog" },
        make("p", {}, sayCount("library_exists", names.length)), listed(names),
        make("div", { class: "library-acts" },
          make("button", { value: "keep", class: "library-button" }, say("library_keep")),
          make("button", { value: "replace", class: "library-button" }, say("library_replace")))));
    (progress.parentElement ?? library.element).append(dialog);
    dialog.showModal();
  });
}

async function sendAll(parts, files, replaced, problems) {
  const { progress, library } = parts;
  const whole = files.reduce((sum, { file }) => sum + file.size, 0) || 1;
  const begun = performance.now();
  const tokens = [];
  let sent = 0;
  let request = null;
  let stopped = false;
  const line = make("p", {});
  const left = make("p", { class: "soft" });
  const bar = make("progress", { max: "1", value: "0" });
  const stop = make("button", { type: "button", class: "library-act", onclick: () => ((stopped = true), request?.abort()) }, say("library_stop"));
  progress.replaceChildren(line, bar, left, stop);
  progress.hidden = !files.length;
  const far = (bytes) => {
    const share = Math.min(1, bytes / whole);
    const seconds = (performance.now() - begun) / 1000;
    bar.value = share;
    left.textContent = share > 0.02 && seconds > 1 ? timeLeft((seconds * (1 - share)) / share) : "\u00a0";
  };
  for (const [at, { name, file }] of files.entries()) {
    if (stopped) break;
    line.textContent = say("library_sending", { name, number: at + 1, count: files.length });
    bar.setAttribute("aria-label", line.textContent);
    try {
      request = new XMLHttpRequest(); // fetch does not tell how much of a file has left
      tokens.push(await send(request, name, file, replaced.has(name), (bytes) => far(sent + bytes)));
    } catch (error) {
      if (!stopped) problems.push({ name, problem: error.message });
    }
    far((sent += file.size));
  }
  progress.hidden = true;
  if (tokens.length) library.tell(sayCount("library_added", tokens.length), tokens);
  if (problems.length) refuse(parts, problems);
}

function send(request, name, file, replace, far) {
  return new Promise((done, failed) => {
    request.open("POST", located(`library/upload?${new URLSearchParams({ name, replace })}`));
    request.upload.onprogress = (event) => far(event.loaded);
    request.onerror = request.onabort = () => failed(new Error(say("library_cut_off")));
    request.onload = () => {
      let answer = null;
      try {
        answer = JSON.parse(request.responseText);
      } catch {
        answer = { detail: request.responseText }; // a plain sentence of our guard
      }
      if (request.status === 200) done(answer.undo);
      else failed(new Error(String(answer.detail).slice(0, 500)));
    };
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.send(file);
  });
}

function refuse({ refused }, problems) {
  const lines = problems.map(({ name, problem }) => (name ? `${name} — ${problem}` : problem));
  refused.replaceChildren(make("p", {}, sayCount("library_refused", problems.length)), listed(lines));
  refused.hidden = false;
}

function listed(lines) {
  const rest = lines.length > LISTED ? [make("li", {}, "…")] : [];
  return make("ul", {}, ...lines.slice(0, LISTED).map((line) => make("li", {}, make("bdi", {}, line))), ...rest);
}
