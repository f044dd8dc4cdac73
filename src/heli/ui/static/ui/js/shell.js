// @ts-check
/** What every page does beyond plain HTML: menus, dialogs, printing, file drops, and loading map, chart, uploads and outbox on demand. */

document.documentElement.classList.add("has-js");

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");

/** What scrolls sideways where it is wider than the screen. */
const WIDE = ".table-scroll, .board-scroll";

/** @param {ParentNode} root */
function upgrade(root) {
  if (root.querySelector("heli-map:not([data-lazy])") && !customElements.get("heli-map")) import("heli/map");
  if (root.querySelector("heli-chart") && !customElements.get("heli-chart")) import("heli/chart");
  if (root.querySelector("[data-resumable]")) import("heli/upload").then((upload) => upload.enhance(root));
  if (root.querySelector("[data-outbox], [data-kept]")) import("heli/offline");
  if (root.querySelector("[data-slider]")) import("heli/slider").then((slider) => slider.enhance(root));
  if (root.querySelector("select[data-find]")) import("heli/picker").then((picker) => picker.enhance(root, words.find_place));
  if (root.querySelector("form[data-live]")) import("heli/live").then((live) => live.enhance(root));
}

/** Drafts of forms are kept on the device (heli/live): forget those of which this is not true. @param {(key: string) => boolean} keeps */
function forgetDrafts(keeps) {
  try {
    const drafts = Object.keys(localStorage).filter((key) => key.startsWith("heli-draft "));
    for (const key of drafts) if (!keeps(key)) localStorage.removeItem(key);
  } catch {
    // No storage, no drafts.
  }
}

// On a shared device nobody finds another person's: whoever signs out leaves none, and whoever is here ends the others'.
const { person } = document.body.dataset;
if (person) forgetDrafts((key) => key.startsWith(`heli-draft ${person} `));
document.addEventListener("submit", ({ target }) => {
  if (!(target instanceof HTMLFormElement) || !("signsOut" in target.dataset)) return;
  forgetDrafts(() => false);
  window.caches?.keys().then((names) => names.forEach((name) => name.startsWith("heli-") && caches.delete(name)));
});

/** @param {Element} button */
function toggle(button) {
  const target = document.getElementById(button.getAttribute("data-toggles") ?? "");
  if (!target) return;
  const open = target.classList.toggle("is-open");
  button.setAttribute("aria-expanded", String(open));
  if (open) target.querySelector("a")?.focus();
}

/** Ask before a form with consequences is sent; resolves to whether to go on.
 * @param {string} text */
function ask(text) {
  const dialog = document.createElement("dialog");
  dialog.className = "dialog";
  const sentence = document.createElement("p");
  sentence.textContent = text || words.sure;
  const end = document.createElement("div");
  end.className = "dialog__end";
  for (const [value, label, look] of [["no", words.cancel, "button"], ["yes", words.go, "button button--main"]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = look;
    button.textContent = label;
    button.addEventListener("click", () => dialog.close(value));
    end.append(button);
  }
  dialog.append(sentence, end);
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}

/** @param {string} text */
function say(text) {
  const place = document.getElementById("messages");
  if (!place) return;
  const note = document.createElement("p");
  note.className = "notice notice--error";
  note.textContent = text;
  place.replaceChildren(note);
}

document.addEventListener("click", async (event) => {
  const target = event.target instanceof Element ? event.target : null;
  if (!target) return;
  const toggler = target.closest("[data-toggles]");
  if (toggler) return toggle(toggler);
  if (target.closest("[data-print]")) return window.print();
  if (target.closest("[data-back]")) {
    event.preventDefault();
    return history.back();
  }
  const opener = target.closest("[data-opens]");
  if (opener) {
    const dialog = document.getElementById(opener.getAttribute("data-opens") ?? "");
    if (dialog instanceof HTMLDialogElement) dialog.showModal();
    return;
  }
  if (target.closest("[data-closes]")) {
    const dialog = target.closest("dialog");
    return dialog?.close();
  }
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(target)) menu.removeAttribute("open");
  }
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    menu.removeAttribute("open");
    menu.querySelector("summary")?.focus();
  }
});

// Lists that are gone through by keys: j the next line, k the one before, enter opens it as it would any link.
document.addEventListener("keydown", (event) => {
  const target = event.target instanceof Element ? event.target : null;
  const step = { j: 1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || target?.closest("input, select, textarea, dialog")) return;
  const lines = [...document.querySelectorAll("[data-keys] tbody tr a:first-of-type, [data-keys] [data-line] a")];
  const line = /** @type {HTMLElement | undefined} */ (lines[lines.indexOf(document.activeElement ?? document.body) + step]);
  line?.focus();
});

/** Forms whose question has been answered with yes. @type {WeakSet<HTMLFormElement>} */
const confirmed = new WeakSet();
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    const submitter = event.submitter;
    const question = submitter?.getAttribute("data-confirm") ?? form.getAttribute("data-confirm");
    if (question && !confirmed.has(form)) {
      event.preventDefault();
      event.stopImmediatePropagation();
      // {on} in the question is what the form's field of that name holds now.
      const typed = new FormData(form);
      if (!(await ask(question.replace(/\{(\w+)\}/g, (_whole, name) => String(typed.get(name) ?? ""))))) return;
      confirmed.add(form);
      form.requestSubmit(submitter instanceof HTMLElement ? submitter : undefined);
      return;
    }
    confirmed.delete(form);
    if (form.method === "post" && !form.matches("[hx-post], [data-hx-post]")) {
      if (form.classList.contains("is-sending")) return event.preventDefault();
      form.classList.add("is-sending");
      // Coming back by the browser's button must find the form usable.
      window.addEventListener("pageshow", () => form.classList.remove("is-sending"), { once: true });
    }
  },
  true,
);

// A form that htmx has sent stays on the page: its next sending is a new one (heli.ui.once).
document.addEventListener("htmx:afterRequest", (event) => {
  const form = /** @type {CustomEvent} */ (event).detail.elt;
  const token = form instanceof HTMLFormElement ? form.querySelector("input[data-once]") : null;
  if (token instanceof HTMLInputElement) {
    token.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
});

/** @param {DragEvent} event */
const dropZone = (event) => (event.target instanceof Element ? event.target.closest("[data-file-drop]") : null);
document.addEventListener("dragover", (event) => {
  const zone = dropZone(event);
  if (!zone) return;
  event.preventDefault();
  zone.classList.add("is-over");
});
document.addEventListener("dragleave", (event) => dropZone(event)?.classList.remove("is-over"));
document.addEventListener("drop", (event) => {
  const zone = dropZone(event);
  const input = zone?.querySelector("input[type=file]");
  if (!zone || !(input instanceof HTMLInputElement) || !event.dataTransfer?.files.length) return;
  event.preventDefault();
  zone.classList.remove("is-over");
  input.files = event.dataTransfer.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => {
  const input = event.target;
  if (!(input instanceof HTMLInputElement) || input.type !== "file") return;
  const chosen = input.closest("[data-file-drop]")?.querySelector("[data-chosen]");
  if (chosen) chosen.textContent = [...(input.files ?? [])].map((f) => `${f.name} · ${size(f.size)}`).join("  ");
});

/** @param {number} bytes */
function size(bytes) {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
}

document.addEventListener("htmx:load", (event) => {
  const element = /** @type {CustomEvent} */ (event).detail.elt;
  if (!(element instanceof Element)) return;
  upgrade(element.parentElement ?? element);
  widen(element.parentElement ?? element);
});
// An answer without the part that was to be put in place is another page: signed out meanwhile, or not there any more.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { detail } = /** @type {CustomEvent} */ (event);
  const { pathname } = new URL(detail.xhr.responseURL || location.href);
  if (detail.requestConfig.verb !== "post" || pathname === detail.pathInfo.requestPath) return;
  if (!detail.target?.id || detail.xhr.responseText.includes(`id="${detail.target.id}"`)) return;
  detail.shouldSwap = false;
  location.assign(detail.xhr.responseURL);
});
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => say(words.offline));
}

// More tabs than a phone is wide: the one that is open is in view.
for (const tab of document.querySelectorAll(".tabs [aria-current]")) {
  const strip = tab.closest(".tabs");
  if (strip) strip.scrollLeft += tab.getBoundingClientRect().right - strip.getBoundingClientRect().right + 48;
}

// A table wider than the screen says so while more of it lies to the right, and begins at the column that is current.
/** @param {Element} strip */
function markWide(strip) {
  const hasMore = strip.scrollLeft + strip.clientWidth < strip.scrollWidth - 4;
  strip.classList.toggle("has-more", hasMore);
  if (hasMore && !strip.hasAttribute("tabindex")) strip.setAttribute("tabindex", "0"); // the arrow keys move it
}
const wide = new ResizeObserver((entries) => entries.forEach((entry) => markWide(entry.target)));
document.addEventListener("scroll", ({ target }) => target instanceof Element && target.matches(WIDE) && markWide(target), true);

/** @param {ParentNode} root */
function widen(root) {
  for (const strip of root.querySelectorAll(WIDE)) {
    const now = strip.querySelector("[data-now]");
    const first = strip.querySelector("tbody th");
    if (now && first) strip.scrollLeft += now.getBoundingClientRect().left - first.getBoundingClientRect().right;
    wide.observe(strip);
  }
}

upgrade(document);
widen(document);
