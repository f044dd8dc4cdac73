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
    } else if (field instanceof HTMLTextAreaElement || (field instanceof HTMLInputElement && (field.inputMode || field.type === "date"))) {
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

/** @typedef {{left: [number, string][], right: [number, string][], strict: boolean, days: boolean, say: string}} Limit */
/** @typedef {Limit & {reached: string, missed: string, open: string}} Aim */

/** A whole number however its digits are typed, as heli.kernel.quantities.read_whole reads it. @param {string} text */
function whole(text) {
  const plain = text.normalize("NFKC").replace(/[\s,]/g, "");
  return /^\d{1,18}$/.test(plain) ? Number(plain) : null;
}

/** The field of a block, its value, null for what is no number. @param {HTMLFormElement} form @param {string} name */
function value(form, name) {
  const field = form.elements.namedItem(name) ?? form.elements.namedItem(`${name}-number`);
  if (!(field instanceof HTMLInputElement)) return null;
  // A day is a number too, which keeps the order of days: 20261129 (heli.kernel.relations).
  return whole(field.type === "date" ? field.value.replaceAll("-", "") : field.value);
}

/** Both sides of a relation; fields of the lesser side that are not known count as zero, as in heli.kernel.relations.
 * @param {HTMLFormElement} form @param {Limit} limit @returns {{a: number, b: number, some: boolean, all: boolean} | null} */
function sums(form, limit) {
  const left = limit.left.map(([factor, name]) => ({ factor, is: value(form, name) }));
  const right = limit.right.map(([factor, name]) => ({ factor, is: value(form, name) }));
  if (right.some((term) => term.is === null)) return null;
  const add = (/** @type {typeof left} */ side) => side.reduce((sum, term) => sum + term.factor * (term.is ?? 0), 0);
  const known = left.filter((term) => term.is !== null).length;
  return { a: add(left), b: add(right), some: known > 0, all: known === left.length };
}

/** @param {number} side @param {boolean} days */
const shown = (side, days) => (days ? String(side).replace(/(..)(..)$/, "-$1-$2") : side.toLocaleString("en"));

/** @param {string} text @param {{a: number, b: number}} both @param {boolean} days */
const filled = (text, both, days) => text.replace("{a}", shown(both.a, days)).replace("{b}", shown(both.b, days));

/** Numbers that cannot be beside each other: said at the first field, in the sentence of the server. @param {HTMLFormElement} form */
function broken(form) {
  const declared = JSON.parse(document.getElementById(form.dataset.relations ?? "")?.textContent ?? '{"limits": []}');
  for (const old of form.querySelectorAll("[data-broken]")) old.remove();
  const found = [];
  for (const limit of /** @type {Limit[]} */ (declared.limits)) {
    const both = sums(form, limit);
    if (!both?.some || (limit.strict ? both.a < both.b : both.a <= both.b)) continue;
    const said = filled(limit.say, both, limit.days);
    found.push(said);
    const [, name] = limit.left.find(([, one]) => value(form, one) !== null) ?? limit.left[0];
    const field = form.elements.namedItem(name) ?? form.elements.namedItem(`${name}-number`);
    const line = document.createElement("p");
    line.className = "field__errors";
    line.dataset.broken = "";
    line.textContent = said;
    if (field instanceof Element) field.after(line);
  }
  return found;
}

/** What the numbers reach, while they are typed; what they do not reach keeps the form back. @param {HTMLFormElement} form */
function missed(form) {
  const declared = JSON.parse(document.getElementById(form.dataset.relations ?? "")?.textContent ?? '{"follows": []}');
  const lines = form.querySelectorAll("[data-follows] > li");
  const found = [];
  for (const [index, aim] of /** @type {Aim[]} */ (declared.follows ?? []).entries()) {
    const both = sums(form, aim);
    const known = both !== null && both.all;
    const reached = known && (aim.strict ? both.a < both.b : both.a <= both.b);
    const line = lines[index];
    line?.classList.toggle("follow--reached", reached);
    line?.classList.toggle("follow--missed", known && !reached);
    const place = line?.querySelector("[data-said]");
    const said = known ? filled(reached ? aim.reached : aim.missed, both, aim.days) : aim.open;
    if (place) place.textContent = said;
    if (known && !reached) found.push(said);
  }
  return found;
}

/** Say what is missing or cannot be, and switch the button. @param {HTMLFormElement} form */
function look(form) {
  const lacks = [...missing(form), ...broken(form), ...missed(form)];
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
