// @ts-check
/** Uploads that survive a weak network: files marked `data-resumable` go in pieces, continue where they broke off, also
 * after the page was reloaded and the same file is chosen again, and reach their form as hidden fields naming the uploads.
 *
 * The server speaks the core of tus 1.0 (heli.files.views). Without this module the files come with the form itself. */

const PIECE = 256 * 1024;
const PATIENCE_MS = [1000, 2000, 4000, 8000, 15000, 30000];
const KEPT = "heli-upload ";

/** @type {Record<string, string>} */
const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");

/** @typedef {{id: string, url: string}} Begun */

class Refusal extends Error {}

/** How many files of a form are still on their way. @type {WeakMap<HTMLFormElement, number>} */
const busy = new WeakMap();
/** Forms that were asked to be sent meanwhile, with the button. @type {WeakMap<HTMLFormElement, HTMLElement | null>} */
const waiting = new WeakMap();

/** @param {number} ms */
const pause = (ms) =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    window.addEventListener("online", () => (clearTimeout(timer), resolve(undefined)), { once: true });
  });

/** @param {string} key @returns {Begun | null} */
function recall(key) {
  try {
    return JSON.parse(localStorage.getItem(key) ?? "null");
  } catch {
    return null;
  }
}

/** @param {string} key @param {Begun | null} begun */
function keep(key, begun) {
  try {
    if (begun) localStorage.setItem(key, JSON.stringify(begun));
    else localStorage.removeItem(key);
  } catch {
    // Private windows may have no storage: the upload then does not survive a reload, and nothing else is lost.
  }
}

/** @param {ParentNode | null} near */
function token(near) {
  const field = near?.querySelector("input[name=csrfmiddlewaretoken]");
  if (field instanceof HTMLInputElement) return field.value;
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}

/** One file on its way: its line in the list, and how far it is. */
class Sending {
  /** @param {File} file @param {HTMLInputElement} input @param {Element} list */
  constructor(file, input, list) {
    this.file = file;
    this.input = input;
    this.form = input.form;
    this.key = `${KEPT}${input.dataset.purpose} ${file.name} ${file.size} ${file.lastModified}`;
    this.stopped = new AbortController();
    this.removed = false;
    this.line = document.createElement("li");
    this.line.className = "upload";
    const name = document.createElement("span");
    name.className = "upload__name";
    name.textContent = file.name;
    this.bar = document.createElement("progress");
    this.bar.max = Math.max(1, file.size);
    this.bar.value = 0;
    this.bar.setAttribute("aria-label", file.name);
    this.state = document.createElement("span");
    this.state.className = "upload__state";
    this.again = this.button(words.continue, () => this.run());
    this.again.hidden = true;
    this.line.append(name, this.bar, this.state, this.again, this.button(words.remove, () => this.remove()));
    list.append(this.line);
  }

  /** @param {string} label @param {() => void} act */
  button(label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button button--small";
    button.textContent = label;
    button.setAttribute("aria-label", `${label} ${this.file.name}`);
    button.addEventListener("click", act);
    return button;
  }

  /** @param {string} word @param {"" | "wrong" | "done"} look */
  show(word, look = "") {
    const percent = Math.floor((100 * this.bar.value) / this.bar.max);
    this.state.textContent = look ? word : `${word} · ${percent} %`;
    this.line.classList.toggle("upload--wrong", look === "wrong");
    this.line.classList.toggle("upload--done", look === "done");
  }

  async run() {
    this.again.hidden = true;
    if (!fits(this.file, this.input)) return this.show(words.upload_no_photo, "wrong");
    count(this.form, 1);
    try {
      const begun = await this.stubborn(() => this.begin());
      while (this.bar.value < this.file.size) await this.stubborn(() => this.piece(begun));
      this.finish(begun);
    } catch (fault) {
      if (this.removed) return;
      this.again.hidden = false;
      this.show(fault instanceof Refusal ? fault.message : words.upload_stopped, "wrong");
      waiting.delete(/** @type {HTMLFormElement} */ (this.form));
    } finally {
      count(this.form, -1);
    }
  }

  /** Try until it succeeds, ever more patiently; a refusal ends it at once.
   * @template T @param {() => Promise<T>} step @returns {Promise<T>} */
  async stubborn(step) {
    for (const patience of PATIENCE_MS) {
      try {
        this.show(words.upload_sends);
        return await step();
      } catch (fault) {
        if (fault instanceof Refusal || this.removed) throw fault;
        this.show(words.upload_waits);
        await pause(patience);
      }
    }
    return step();
  }

  /** The upload as it stands on the server: the one remembered for this file, or a new one. @returns {Promise<Begun>} */
  async begin() {
    const known = recall(this.key);
    if (known) {
      const answer = await this.ask(known.url, { method: "HEAD" });
      if (answer.ok) {
        this.bar.value = Number(answer.headers.get("Upload-Offset"));
        return known;
      }
      keep(this.key, null);
    }
    const body = new URLSearchParams({
      purpose: this.input.dataset.purpose ?? "",
      name: this.file.name,
      size: String(this.file.size),
    });
    const answer = await this.ask(this.input.dataset.uploadsUrl ?? "", { method: "POST", body });
    if (!answer.ok) throw await refusal(answer);
    const begun = await answer.json();
    keep(this.key, begun);
    this.bar.value = 0;
    return begun;
  }

  /** @param {Begun} begun */
  async piece(begun) {
    const offset = this.bar.value;
    const answer = await this.ask(begun.url, {
      method: "PATCH",
      body: this.file.slice(offset, offset + PIECE),
      headers: {
        "Content-Type": "application/offset+octet-stream",
        "Upload-Offset": String(offset),
        "Tus-Resumable": "1.0.0",
      },
    });
    if (answer.status === 404 || answer.status === 410) {
      keep(this.key, null);
      throw new Refusal(words.upload_stopped);
    }
    if (!answer.ok && answer.status !== 409) throw await refusal(answer);
    this.bar.value = Number(answer.headers.get("Upload-Offset"));
  }

  /** @param {string} url @param {RequestInit} how */
  async ask(url, how) {
    const headers = { ...how.headers, "X-CSRFToken": token(this.form), Accept: "application/json" };
    const signal = this.stopped.signal;
    const answer = await fetch(url, { ...how, headers, signal, redirect: "manual", credentials: "same-origin" });
    if (answer.type === "opaqueredirect") throw new Refusal(words.upload_signed_out);
    if (answer.status >= 500) throw new Error(String(answer.status));
    return answer;
  }

  /** @param {Begun} begun */
  finish(begun) {
    this.line.append(naming(this.input, `${begun.id} ${this.file.name}`));
    this.show(words.upload_done, "done");
    this.form?.addEventListener("submit", () => keep(this.key, null));
    changed(this.form);
  }

  remove() {
    this.removed = true;
    this.stopped.abort();
    keep(this.key, null);
    this.line.remove();
    this.input.focus();
    changed(this.form);
  }
}

/** The hidden field that names a finished upload. @param {HTMLInputElement} input @param {string} value */
function naming(input, value) {
  const field = document.createElement("input");
  field.type = "hidden";
  field.name = `${input.name}-upload`;
  field.value = value;
  return field;
}

/** Tell whoever follows the form that its files are others now. @param {HTMLFormElement | null} form */
const changed = (form) => form?.dispatchEvent(new Event("change"));

/** Show an upload that had arrived before the page was left. @param {HTMLInputElement} input @param {string} value "id name" */
export function arrived(input, value) {
  const name = value.slice(value.indexOf(" ") + 1);
  const sending = new Sending(new File([], name), input, listOf(input));
  sending.line.append(naming(input, value));
  sending.show(words.upload_done, "done");
}

/** Where the files of a field are listed. @param {HTMLInputElement} input */
const listOf = (input) => /** @type {Element} */ (input.closest("[data-file-drop]")?.querySelector("[data-uploads]"));

/** Whether a file is of the kinds that a field takes: only pictures are asked for by kind, and phones name none for some.
 * @param {File} file @param {HTMLInputElement} input */
function fits(file, input) {
  if (!input.accept.startsWith("image/")) return true;
  return !file.type || file.type.startsWith("image/") || /\.(heic|heif)$/i.test(file.name);
}

/** @param {Response} answer */
async function refusal(answer) {
  const said = await answer.json().catch(() => ({}));
  return new Refusal(said.faults?.map((/** @type {{message: string}} */ one) => one.message).join(" ") || words.upload_refused);
}

/** Keep count of a form's files on their way; a form asked to be sent goes when the last has arrived.
 * @param {HTMLFormElement | null} form @param {number} change */
function count(form, change) {
  if (!form) return;
  const left = (busy.get(form) ?? 0) + change;
  busy.set(form, left);
  if (left || !waiting.has(form)) return;
  const button = waiting.get(form);
  waiting.delete(form);
  form.requestSubmit(button ?? undefined);
}

// On the window, before the shell marks the form as being sent.
window.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !busy.get(form)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    waiting.set(form, event.submitter);
    const list = form.querySelector("[data-uploads]");
    if (!list || list.querySelector(".upload--note")) return;
    const note = document.createElement("li");
    note.className = "upload upload--note";
    note.textContent = words.upload_first;
    list.append(note);
  },
  true,
);

/** Take over the file fields of a part of the page. @param {ParentNode} root */
export function enhance(root) {
  for (const input of root.querySelectorAll("input[type=file][data-resumable]")) {
    if (!(input instanceof HTMLInputElement) || input.dataset.resumable === "yes") continue;
    const list = listOf(input);
    if (!list) continue;
    input.dataset.resumable = "yes";
    const take = async () => {
      const files = [...(input.files ?? [])];
      input.value = "";
      // One after the other: a weak line is not shared among all of them.
      const sendings = files.map((file) => new Sending(file, input, list));
      for (const sending of sendings) if (!sending.removed) await sending.run();
    };
    input.addEventListener("change", take);
    // On a weak line a file may be chosen before this module has come: it is taken over as well.
    if (input.files?.length) take();
  }
}
