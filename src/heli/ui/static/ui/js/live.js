// @ts-check
/** Forms that help while they are filled in (`data-live`): what is typed is kept on this device until it was sent
 * (`data-draft`: whose and of what, `data-draft-version`: of which state), and the button `data-whole` is off until nothing
 * that the form asks for is missing (`data-need` of `data-name`, of which the server has `data-have`); what is missing is
 * said beside it. Without this module the server says it after the form was sent. */

import { arrived } from "heli/upload";

const KEPT = "heli-draft ";
const DAYS = 14;

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");

/** @typedef {{version: string, at: number, values: Record<string, string[]>}} Draft */

/** @param {string} key @returns {Draft | null} */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** Forget drafts that nobody came back to. */
function sweep() {
  for (const key of Object.keys(localStorage)) {
    if (key.startsWith(KEPT) && Date.now() - (read(key)?.at ?? 0) > DAYS * 86_400_000) localStorage.removeItem(key);
  }
}

/** What was typed and which uploads have arrived, by the names of their fields. @param {HTMLFormElement} form */
function typed(form) {
  /** @type {Record<string, string[]>} */
  const values = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value !== "string" || !value || name === "csrfmiddlewaretoken" || name === "once") continue;
    (values[name] ??= []).push(value);
  }
  return values;
}

/** @param {HTMLFormElement} form @param {Draft} draft */
function restore(form, draft) {
  for (const field of form.elements) {
    if (field instanceof HTMLInputElement && field.type === "checkbox") {
      field.checked = draft.values[field.name]?.includes(field.value) ?? false;
    } else if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && field.inputMode)) {
      field.value = draft.values[field.name]?.[0] ?? "";
    }
  }
  for (const input of form.querySelectorAll("input[type=file][data-resumable]")) {
    if (!(input instanceof HTMLInputElement)) continue;
    for (const value of draft.values[`${input.name}-upload`] ?? []) {
      if (!form.querySelector(`input[type=hidden][value="${CSS.escape(value)}"]`)) arrived(input, value);
    }
  }
}

/** How many pieces a block of the form has, with those the server has already. @param {HTMLElement} block */
function pieces(block) {
  let count = Number(block.dataset.have ?? 0);
  for (const field of block.querySelectorAll("input, textarea")) {
    if (field instanceof HTMLTextAreaElement) count += field.value.trim() ? 1 : 0;
    else if (!(field instanceof HTMLInputElement)) continue;
    else if (field.type === "checkbox") count -= field.checked ? 1 : 0;
    else if (field.type === "hidden") count += field.name.endsWith("-upload") ? 1 : 0;
    else if (field.type === "file") count += field.files?.length ?? 0;
    else count += field.value.trim() ? 1 : 0;
  }
  return count;
}

/** What is still missing, in the order of the form. @param {HTMLFormElement} form */
function missing(form) {
  const found = [];
  for (const block of form.querySelectorAll("[data-need]")) {
    if (!(block instanceof HTMLElement)) continue;
    const count = Number(block.dataset.need) - pieces(block);
    if (count <= 0) continue;
    const said = Number(block.dataset.need) > 1 ? words.lacks : words.lacks_one;
    found.push(said.replace("{name}", block.dataset.name ?? "").replace("{count}", String(count)));
  }
  return found;
}

/** Say what is missing, and switch the button. @param {HTMLFormElement} form */
function look(form) {
  const lacks = missing(form);
  const button = form.querySelector("[data-whole]");
  if (button instanceof HTMLButtonElement) button.disabled = lacks.length > 0;
  const why = form.querySelector("[data-why]");
  if (why instanceof HTMLElement) why.hidden = !lacks.length;
  const place = form.querySelector("[data-missing]");
  if (place) place.textContent = lacks.join(words.and);
}

/** @param {HTMLFormElement} form */
function follow(form) {
  const key = `${KEPT}${form.dataset.draft}`;
  const version = form.dataset.draftVersion ?? "";
  const note = form.querySelector("[data-draft-note]");
  const begun = JSON.stringify(typed(form));
  const draft = read(key);
  if (draft?.version === version) restore(form, draft);
  else localStorage.removeItem(key);
  /** @param {number} at */
  const say = (at) => {
    if (!(note instanceof HTMLElement)) return;
    const time = new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
    note.textContent = words.draft_kept.replace("{time}", time);
    note.hidden = false;
  };
  if (draft?.version === version) say(draft.at);
  const changed = () => {
    look(form);
    const values = typed(form);
    try {
      if (JSON.stringify(values) === begun) return localStorage.removeItem(key);
      localStorage.setItem(key, JSON.stringify({ version, at: Date.now(), values }));
      say(Date.now());
    } catch {
      // Private windows may have no storage: then the page itself is the draft.
    }
  };
  form.addEventListener("input", changed);
  form.addEventListener("change", changed);
  form.addEventListener("htmx:afterRequest", (event) => {
    if (/** @type {CustomEvent} */ (event).detail.xhr?.status === 200) localStorage.removeItem(key);
  });
  look(form);
}

/** Take over the forms of a part of the page. @param {ParentNode} root */
export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-live]")) {
    if (!(form instanceof HTMLFormElement) || form.dataset.live === "yes") continue;
    form.dataset.live = "yes";
    follow(form);
  }
}

try {
  sweep();
} catch {
  // No storage, no drafts to forget.
}
