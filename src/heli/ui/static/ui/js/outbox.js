// @ts-check
/** What was kept on this device because there was no network: forms with their photos, sent one by one, each taken once.
 *
 * Runs on pages and in the service worker. A kept form has a key of its own, which the server takes once however often it is sent;
 * its photos go in pieces and continue where they broke off. What somebody kept as themselves is sent only under the same person;
 * `person` is "" for what strangers may send. */

/** @typedef {{field: string, name: string, blob: Blob, url: string, purpose: string, begun?: {id: string, url: string}}} KeptFile */
/** @typedef {{key: string, url: string, title: string, at: number, person: string, fields: [string, string][], files: KeptFile[],
 *  state: "waits" | "sent" | "refused", said?: string, href?: string}} Kept */

const PIECE = 256 * 1024;
const PATIENCE_MS = 15_000;
/** Sent ones are shown for so long, for their codes. */
const SHOWN_MS = 30 * 24 * 3600 * 1000;
export const TAG = "heli-outbox";
const STATE_URL = "/ui/outbox/";

/** @returns {Promise<IDBDatabase>} */
function database() {
  return new Promise((resolve, reject) => {
    const asked = indexedDB.open("heli-outbox", 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore("kept", { keyPath: "key" });
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}

/** @template T @param {IDBTransactionMode} mode @param {(store: IDBObjectStore) => IDBRequest<T>} act @returns {Promise<T>} */
async function inStore(mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction("kept", mode);
      const asked = act(transaction.objectStore("kept"));
      transaction.oncomplete = () => resolve(asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

/** @param {Kept} kept */
export const keep = (kept) => inStore("readwrite", (store) => store.put(kept));
/** @param {string} key */
export const forget = (key) => inStore("readwrite", (store) => store.delete(key));
/** Everything on this device, the oldest first. @returns {Promise<Kept[]>} */
export async function all() {
  const found = /** @type {Kept[]} */ (await inStore("readonly", (store) => store.getAll()));
  return found.sort((a, b) => a.at - b.at);
}

/** A key that nobody else makes up. */
export const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Whether the server answers, who is signed in, and the token its forms want; null without a network. */
export async function state() {
  try {
    const answer = await fetch(STATE_URL, { cache: "no-store", credentials: "same-origin", signal: AbortSignal.timeout(PATIENCE_MS) });
    return answer.ok ? /** @type {{csrf: string, person: string}} */ (await answer.json()) : null;
  } catch {
    return null;
  }
}

/** Send what waits; how many went. One at a time, whoever asks. @returns {Promise<number>} */
export async function send() {
  if (!("locks" in navigator)) return sendAll();
  return navigator.locks.request(TAG, { ifAvailable: true }, (lock) => (lock ? sendAll() : 0));
}

async function sendAll() {
  const waiting = (await all()).filter((kept) => kept.state === "waits");
  for (const old of await all()) if (old.state === "sent" && Date.now() - old.at > SHOWN_MS) await forget(old.key);
  if (!waiting.length) return 0;
  const now = await state();
  if (!now) return 0;
  let sent = 0;
  for (const kept of waiting) {
    if (kept.person && kept.person !== now.person) continue;
    if (!(await sendOne(kept, now.csrf))) break;
    sent += Number(kept.state === "sent");
  }
  return sent;
}

/** Whether the server heard it, with whatever answer. @param {Kept} kept @param {string} csrf */
async function sendOne(kept, csrf) {
  const headers = { "X-CSRFToken": csrf };
  try {
    const body = new FormData();
    for (const [name, value] of kept.fields) body.append(name, value);
    body.set("key", kept.key);
    for (const file of kept.files) body.append(`${file.field}-upload`, `${await upload(kept, file, headers)} ${file.name}`);
    const answer = await fetch(kept.url, { method: "POST", body, headers, credentials: "same-origin" });
    if (answer.redirected && answer.ok) {
      Object.assign(kept, { state: "sent", href: new URL(answer.url).pathname, fields: [], files: [] });
    } else if ([400, 403, 404, 422].includes(answer.status)) {
      Object.assign(kept, { state: "refused", said: problems(await answer.text()) });
    } else return false;
    await keep(kept);
    return true;
  } catch (fault) {
    if (!(fault instanceof Refusal)) return false;
    Object.assign(kept, { state: "refused", said: fault.message });
    await keep(kept);
    return true;
  }
}

class Refusal extends Error {}

/** A photo, from where it stands; its id. @param {Kept} kept @param {KeptFile} file @param {Record<string, string>} headers */
async function upload(kept, file, headers) {
  let offset = 0;
  const head = file.begun ? await fetch(file.begun.url, { method: "HEAD", credentials: "same-origin" }) : null;
  if (head?.ok) offset = Number(head.headers.get("Upload-Offset"));
  else {
    const body = new URLSearchParams({ purpose: file.purpose, name: file.name, size: String(file.blob.size) });
    const answer = await fetch(file.url, { method: "POST", body, headers, credentials: "same-origin" });
    if (answer.status === 422 || answer.status === 403) {
      const said = await answer.json();
      throw new Refusal(said.faults.map((/** @type {{message: string}} */ one) => one.message).join(" "));
    }
    if (!answer.ok) throw new Error(String(answer.status));
    file.begun = await answer.json();
    await keep(kept);
  }
  const { id, url } = /** @type {{id: string, url: string}} */ (file.begun);
  while (offset < file.blob.size) {
    const answer = await fetch(url, {
      method: "PATCH",
      body: file.blob.slice(offset, offset + PIECE),
      headers: { ...headers, "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(offset), "Tus-Resumable": "1.0.0" },
      credentials: "same-origin",
    });
    if (!answer.ok && answer.status !== 409) throw new Error(String(answer.status));
    offset = Number(answer.headers.get("Upload-Offset"));
  }
  return id;
}

/** What a page says is wrong, as text; a worker has no parser, so that it looks for what the form's template writes. @param {string} page */
function problems(page) {
  const found = [...page.matchAll(/class="(?:fault fault--error|field__error)"[^>]*>([\s\S]*?)<\/(?:li|p)>/g)];
  return found.map(([, inner]) => inner.replace(/<[^>]*>/g, "").trim()).join(" ");
}
