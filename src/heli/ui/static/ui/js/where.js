// @ts-check
/** Where something is, on a form: a spot on the map, or where this device is, which is asked only when its button is pressed.
 *
 * `[data-where]` stands in a form with the fields `place` (a choice whose values are the ids of the map's features), `lon` and
 * `lat`; it holds a button `[data-locate]`, `[data-said]` with the words {is, asked, noted, outside, failed}, and a `<heli-map>`
 * in a `<details>`: map and outlines are fetched when they are asked for, a form on a weak network needs neither. */

import { around } from "heli/geo";

const WAIT_MS = 20_000;

/** A form's place. */
class Where {
  /** @param {Element} root @param {HTMLFormElement} form @param {HTMLSelectElement} place */
  constructor(root, form, place) {
    this.form = form;
    this.place = place;
    this.map = /** @type {any} */ (root.querySelector("heli-map"));
    this.details = root.querySelector("details");
    this.said = /** @type {HTMLElement} */ (root.querySelector("[data-said]"));
    this.map.addEventListener("heli-point", (/** @type {CustomEvent} */ event) => this.choose(event.detail.at));
    // From the list of names below the map: a village without a spot in it.
    this.map.addEventListener("heli-select", (/** @type {CustomEvent} */ { detail }) => {
      if (!detail.id || place.value === detail.id) return;
      this.put(null);
      this.pick(detail.id, detail.properties.name);
    });
    this.map.addEventListener("heli-loaded", () => this.show());
    this.details?.addEventListener("toggle", () => this.details?.open && import("heli/map"));
    place.addEventListener("change", () => {
      this.put(null);
      this.said.textContent = "";
      this.show();
    });
    root.querySelector("[data-locate]")?.addEventListener("click", () => this.locate());
    if (this.details?.open) import("heli/map");
  }

  /** @param {string} name @returns {HTMLInputElement} */
  field(name) {
    return /** @type {HTMLInputElement} */ (this.form.elements.namedItem(name));
  }

  /** The villages with their outlines. @returns {Promise<any[]>} */
  features() {
    this.asked ??= fetch(this.map.getAttribute("src")).then((answer) => answer.json()).then((all) => all.features, () => []);
    return this.asked;
  }

  /** @param {number[] | null} at */
  put(at) {
    this.field("lon").value = at ? at[0].toFixed(6) : "";
    this.field("lat").value = at ? at[1].toFixed(6) : "";
    this.map.pin?.(at);
  }

  /** @param {string} id @param {string} name */
  pick(id, name) {
    this.place.value = id;
    this.said.textContent = `${this.said.dataset.is} ${name}`;
    this.map.highlight?.([id]);
  }

  /** Choose the village that the spot lies in. @param {number[]} at */
  async choose(at) {
    const features = await this.features();
    const found = around(features, at);
    this.put(found || !features.length ? at : null);
    if (found) this.pick(String(found.id), found.properties.name);
    else this.said.textContent = (features.length ? this.said.dataset.outside : this.said.dataset.noted) ?? "";
    return found;
  }

  /** What is chosen, on the map. */
  show() {
    const { value } = this.field("lon");
    if (value) this.map.pin?.([Number(value), Number(this.field("lat").value)]);
    this.map.highlight?.(this.place.value ? [this.place.value] : []);
    if (this.place.value) this.map.fit?.([this.place.value]);
  }

  locate() {
    this.said.textContent = this.said.dataset.asked ?? "";
    const failed = () => (this.said.textContent = this.said.dataset.failed ?? "");
    if (!navigator.geolocation) return failed();
    navigator.geolocation.getCurrentPosition(
      async ({ coords }) => {
        await this.choose([coords.longitude, coords.latitude]);
        this.show();
      },
      failed,
      { enableHighAccuracy: true, timeout: WAIT_MS, maximumAge: 60_000 },
    );
  }
}

for (const root of document.querySelectorAll("[data-where]")) {
  const form = root.closest("form");
  const place = form?.elements.namedItem("place");
  if (form && place instanceof HTMLSelectElement) new Where(root, form, place);
}
