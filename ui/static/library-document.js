// One document of the library: how it was understood, block by block, and the form that corrects what is said of it.

import { clock, getJSON, idPath, languageName, make, say } from "./dom.js";

/** How a document was understood: role, section, speaker, time and first words of each block; a page at a time. */
export function understood(app, row) {
  const list = make("ol", { class: "library-blocks" });
  const more = make("button", { type: "button", class: "library-button", hidden: true }, say("library_more"));
  const path = `library/document/${idPath(row.id)}`;
  let shown = 0;
  let section = null;
  const load = async () => {
    more.disabled = true;
    try {
      const { blocks, total } = await getJSON(`${path}?after=${shown}`);
      for (const block of blocks) {
        const here = block.section.join(" › ");
        if (here !== section && !["heading", "noise", "metadata"].includes(block.role)) {
          section = here;
          list.append(make("li", { class: "library-section" }, make("bdi", {}, here || say("library_no_section"))));
        }
        list.append(blockLine(app, row, block));
      }
      shown += blocks.length;
      more.hidden = shown >= total || !blocks.length;
    } catch {
      list.append(make("li", { class: "trouble" }, say("library_failed")));
    }
    more.disabled = false;
  };
  more.addEventListener("click", load);
  load();
  return make("div", {}, list, more);
}

function blockLine(app, row, block) {
  const facts = [
    block.role === "comment" && block.comment !== null ? null : say(`role_${block.role}`),
    block.level ? say("library_level", { level: block.level }) : null,
    block.comment === null ? null : say("library_comment", { number: block.comment }),
    block.time ? `${clock(block.time[0])}–${clock(block.time[1])}` : null,
    block.page === null ? null : say("library_page", { page: block.page }),
    block.speaker && (block.inferred ? `${block.speaker} (${say("inferred")})` : block.speaker),
    row.languages[0] === block.language ? null : languageName(block.language),
  ];
  const open = () => app.read({ document: row.id, start: block.start, end: block.end });
  return make("li", { class: `library-block role-${block.role}` },
    make("p", { class: "soft" }, ...facts.filter(Boolean).flatMap((fact, at) => [at ? " · " : "", make("bdi", {}, fact)])),
    make("button", { type: "button", class: "library-words", dir: "auto", onclick: open }, block.words));
}

/** A form for title, authors, date and kind; `close` takes it away. */
export function correction(library, row, close) {
  const field = (name, element) => {
    element.id = `library-${name}-${row.id}`;
    element.dir = "auto";
    return make("div", { class: "field" }, make("label", { for: element.id }, say(`library_field_${name}`)), element);
  };
  const title = make("input", { type: "text", maxlength: "500" });
  const authors = make("textarea", { rows: "2" });
  const date = make("input", { type: "text", maxlength: "10", pattern: "\\d{4}(-\\d{2}(-\\d{2})?)?", autocomplete: "off" });
  const kind = make("select", {}, ...library.state.kinds.map((one) => make("option", { value: one }, say(`library_kind_${one}`))));
  const before = { title: row.title, authors: row.authors, date: row.date ?? "", kind: row.kind };
  [title.value, authors.value, date.value, kind.value] = [before.title, before.authors.join("\n"), before.date, before.kind];
  const save = make("button", { type: "submit", class: "library-button" }, say("library_save"));
  const send = async (event) => {
    event.preventDefault();
    const names = authors.value.split("\n").map((name) => name.trim()).filter(Boolean);
    const after = { title: title.value.trim(), authors: names, date: date.value.trim(), kind: kind.value };
    const changed = Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name]));
    if (!changed.length) return close();
    save.disabled = true;
    const sentence = say("library_corrected", { title: after.title || row.title });
    if (await library.done("library/correct", { document: row.id, changes: Object.fromEntries(changed) }, sentence)) close();
    save.disabled = false;
  };
  const form = make("form", {
    class: "library-correction", onsubmit: send,
    onkeydown: (event) => event.key === "Escape" && (event.preventDefault(), event.stopPropagation(), close()),
  },
    field("title", title), field("authors", authors), field("date", date), field("kind", kind),
    make("p", { class: "soft" }, say("library_correct_help")),
    make("div", { class: "library-acts" }, save,
      make("button", { type: "button", class: "library-act", onclick: close }, say("library_cancel"))));
  requestAnimationFrame(() => title.focus());
  return form;
}
