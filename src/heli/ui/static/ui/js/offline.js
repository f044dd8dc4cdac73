// @ts-check
/** The page's side of the outbox: registers the service worker, keeps forms marked `data-outbox` when the server does not answer, and
 * shows in `[data-kept]` what waits, what went (with the way to it) and what was refused.
 *
 * `data-outbox` is the address that the kept form is sent to, `data-outbox-title` the field that it is called by, `data-own` says
 * that it is sent as the person who is signed in, and its page kept as theirs until they sign out. A `<template
 * data-when-offline>` in the form holds fields that are asked only then: those of the next step. */

import { TAG, all, forget, keep, newKey, send, state } from "heli/outbox";

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");
const person = document.body.dataset.person ?? "";

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text) element.textContent = text;
  return element;
}

async function show() {
  const kept = (await all()).filter((one) => !one.person || one.person === person);
  for (const list of document.querySelectorAll("[data-kept]")) {
    list.replaceChildren(...kept.map(line));
    /** @type {HTMLElement} */ (list).hidden = !kept.length;
  }
}

/** @param {import("heli/outbox").Kept} one */
function line(one) {
  const item = make("li", `upload upload--${one.state === "refused" ? "wrong" : one.state === "sent" ? "done" : "waits"}`);
  const said = { waits: words.outbox_waits, sent: words.outbox_sent, refused: `${words.outbox_refused} ${one.said ?? ""}` }[one.state];
  item.append(make("span", "upload__name", one.title), make("span", "upload__state", said));
  if (one.href) {
    const link = /** @type {HTMLAnchorElement} */ (make("a", "button button--small", words.outbox_open));
    link.href = one.href;
    item.append(link);
  }
  if (one.state !== "waits") {
    const button = make("button", "button button--small", words.remove);
    button.setAttribute("type", "button");
    button.addEventListener("click", () => forget(one.key).then(show));
    item.append(button);
  }
  return item;
}

/** @param {HTMLFormElement} form @param {HTMLElement | null} submitter */
async function keepForm(form, submitter) {
  const data = new FormData(form, submitter);
  /** @type {[string, string][]} */ const fields = [];
  /** @type {import("heli/outbox").KeptFile[]} */ const files = [];
  for (const [field, value] of data) {
    if (["csrfmiddlewaretoken", "once", "key"].includes(field)) continue;
    if (typeof value === "string") fields.push([field, value]);
    else if (value.size) {
      const input = form.querySelector(`input[type=file][name="${field}"][data-purpose]`);
      if (!(input instanceof HTMLInputElement)) continue;
      files.push({ field, name: value.name, blob: value, url: input.dataset.uploadsUrl ?? "", purpose: input.dataset.purpose ?? "" });
    }
  }
  const title = String(data.get(form.dataset.outboxTitle ?? "") ?? "").slice(0, 40) || submitter?.textContent?.trim() || document.title;
  await keep({ key: newKey(), url: form.dataset.outbox ?? "", title, at: Date.now(), person: "own" in form.dataset ? person : "", fields, files, state: "waits" });
  const { ready } = navigator.serviceWorker ?? {};
  ready?.then((worker) => /** @type {any} */ (worker).sync?.register(TAG)).catch(() => {});
  form.reset();
  document.querySelector("[data-kept]")?.scrollIntoView({ block: "center" });
  await show();
}

/** Forms whose server was heard a moment ago. @type {WeakSet<HTMLFormElement>} */
const heard = new WeakSet();

// On the window, before the shell marks the form as being sent.
window.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("outbox" in form.dataset) || heard.has(form)) return;
    if (form.querySelector(".upload:not(.upload--done, .upload--wrong, .upload--note)")) return; // heli/upload waits for its files
    const { submitter } = event;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (navigator.onLine && (await state())) {
      heard.add(form);
      form.requestSubmit(submitter ?? undefined);
      return;
    }
    const more = form.querySelector("template[data-when-offline]");
    if (more instanceof HTMLTemplateElement && !form.querySelector("[data-asked-offline]")) {
      const box = make("div", "");
      box.dataset.askedOffline = "";
      box.append(more.content.cloneNode(true));
      more.after(box);
      if (submitter) submitter.textContent = more.dataset.button ?? submitter.textContent;
      // Here they stay in the form until it is sent: nothing could be uploaded now.
      for (const input of box.querySelectorAll("[data-resumable]")) input.removeAttribute("data-resumable");
      box.scrollIntoView({ block: "center" });
      return;
    }
    if (!form.reportValidity()) return;
    await keepForm(form, submitter);
    form.querySelector("[data-asked-offline]")?.remove();
  },
  true,
);

async function go() {
  if (await send()) await show();
}

window.addEventListener("online", go);
navigator.serviceWorker?.addEventListener("message", show);
if ("serviceWorker" in navigator) {
  const form = document.querySelector("form[data-outbox]:not([data-passing])");
  const told = { keeps: form ? location.href : "", own: Boolean(form?.matches("[data-own]")) };
  navigator.serviceWorker
    .register("/ui/worker.js", { scope: "/", type: "module" })
    .then(() => navigator.serviceWorker.ready)
    .then((worker) => told.keeps && worker.active?.postMessage({ ...told, files: performance.getEntriesByType("resource").map(({ name }) => name) }))
    .catch(() => {}); // Private windows and old browsers have none: the outbox works while the page is open.
}
show().then(go);
