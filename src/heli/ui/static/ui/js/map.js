// @ts-check
/** `<heli-map>`: places from a GeoJSON address, coloured by a property, selectable by mouse, keyboard and companion table.
 *
 * Attributes: src, outlines, colour-by, colour-kind (category | sequence), label-by, for (id of a table block whose rows
 * carry data-id), legend-title, describe. A child `<script type="application/json">` may hold
 * {words: {value: word}, tooltip: [[property, label]], colours: {value: number | "#hex"}, unit}.
 * Whoever knows its classes better colours it with `paintWith(styleOf, keys)` and later `repaint(ids)`; a style is {fill, mark,
 * pattern, sign?: {shape, letter, fill, ink}}. `big` writes names and signs for a screen on the wall; `outline-names` names the
 * outlines by their property `name`; `no-legend` where colours only tell neighbours apart.
 * `pin([longitude, latitude])` marks a spot.
 * Events: `heli-select` {id, ids, properties, additive}; before it `heli-point` {at: [longitude, latitude]}, where it was clicked; `heli-loaded`; `heli-moved` {box}: what is seen, west south east north.
 */

import { idOf } from "heli/geo";
import { CATEGORIES, NOTHING, SEQUENCE, category, quantiles } from "heli/palette";
import { SvgView, swatch } from "heli/map-svg";

/** @param {string} id */
const data = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "{}");
const words = data("ui-words");
const config = data("ui-config");
const number = new Intl.NumberFormat(document.documentElement.lang || "zh-Hans", { maximumFractionDigits: 2 });
/** More places than this are not listed as buttons; the companion table serves then. */
const MOST_LISTED = 600;

/** @param {any} value */
const shown = (value) => (typeof value === "number" ? number.format(value) : String(value ?? "—"));

/** @param {string} tag @param {string} className @param {string} [text] */
function make(tag, className, text) {
  const element = document.createElement(tag);
  element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

/** @param {string} name */
function icon(name) {
  const used = document.querySelector("svg.icon use")?.getAttribute("href")?.split("#")[0];
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${used ?? ""}#${name}`);
  svg.append(use);
  return svg;
}

class HeliMap extends HTMLElement {
  static observedAttributes = ["src", "outlines", "colour-by", "colour-kind"];

  constructor() {
    super();
    /** @type {any[]} */ this.features = [];
    /** @type {any[]} */ this.borders = [];
    /** @type {string[]} */ this.ids = [];
    /** @type {Map<string, any>} */ this.byId = new Map();
    /** @type {any} */ this.view = null;
    /** @type {any} */ this.settings = {};
    this.loads = 0;
    this.reloading = false;
    this.loaded = false;
  }

  connectedCallback() {
    if (this.view || this.frame) return;
    const script = this.querySelector('script[type="application/json"]');
    this.settings = script ? JSON.parse(script.textContent || "{}") : {};
    this.frame = make("div", "map");
    this.box = make("div", "map__view");
    this.box.tabIndex = 0;
    this.box.setAttribute("role", "application");
    this.box.setAttribute("aria-label", this.getAttribute("describe") ?? words.map);
    this.canvas = make("div", "map__canvas");
    this.tip = make("div", "map__tip");
    this.tip.hidden = true;
    this.message = make("div", "map__message", words.loading);
    const tools = make("div", "map__tools");
    for (const [name, label, act] of /** @type {[string, string, () => void][]} */ ([
      ["plus", words.zoom_in, () => this.view?.zoom(1.6)],
      ["minus", words.zoom_out, () => this.view?.zoom(1 / 1.6)],
      ["fit", words.fit, () => this.view?.fit(null)],
    ])) {
      const button = make("button", "");
      button.setAttribute("type", "button");
      button.setAttribute("aria-label", label);
      button.title = label;
      button.append(icon(name));
      button.addEventListener("click", act);
      tools.append(button);
    }
    this.box.append(this.canvas, tools, this.tip, this.message);
    this.paper = make("div", "map__image");
    this.legend = make("div", "map__legend");
    this.said = make("p", "map__said");
    this.said.setAttribute("aria-live", "polite");
    this.frame.append(this.box, this.paper, this.legend, this.said);
    for (const child of [...this.children]) if (child !== script) child.remove();
    this.append(this.frame);
    this.companion = document.getElementById(this.getAttribute("for") ?? "");
    this.onTable = (/** @type {Event} */ event) => this.#fromTable(event);
    for (const name of ["click", "keydown", "mouseover", "focusin"]) document.addEventListener(name, this.onTable);
    this.beforePrint = () => this.#toPaper();
    window.addEventListener("beforeprint", this.beforePrint);
    this.settled = this.#start();
  }

  disconnectedCallback() {
    for (const name of ["click", "keydown", "mouseover", "focusin"]) document.removeEventListener(name, this.onTable);
    window.removeEventListener("beforeprint", this.beforePrint);
    this.view?.destroy();
    this.view = null;
    this.frame?.remove();
    this.frame = undefined;
  }

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    if (!this.view || before === after || before === null) return;
    if (name === "src" || name === "outlines") this.#reload();
    else this.#colour();
  }

  /** Places and outlines set one after the other are asked for together, once. */
  #reload() {
    if (this.reloading) return;
    this.reloading = true;
    queueMicrotask(() => {
      this.reloading = false;
      const src = this.getAttribute("src");
      if (src && this.view) this.setData(src);
    });
  }

  async #start() {
    const hooks = {
      moved: (/** @type {number[]} */ box) => this.dispatchEvent(new CustomEvent("heli-moved", { detail: { box } })),
      hover: (/** @type {string | null} */ id, /** @type {number} */ x, /** @type {number} */ y) => this.#hover(id, x, y),
      point: (/** @type {number[]} */ at) => this.dispatchEvent(new CustomEvent("heli-point", { detail: { at } })),
      select: (/** @type {string | null} */ id, /** @type {boolean} */ additive) => this.#pick(id, additive),
    };
    try {
      if (this.hasAttribute("svg")) throw new Error("drawn as SVG on request");
      const { GlView, isPossible } = await import("heli/map-gl");
      if (!isPossible()) throw new Error("no WebGL");
      if (!document.querySelector("link[data-maplibre]")) {
        const link = document.createElement("link");
        link.rel = "stylesheet";
        link.href = config.maplibre_css;
        link.dataset.maplibre = "";
        document.head.append(link);
      }
      this.view = new GlView(this.canvas, hooks, config, words, this.hasAttribute("big"));
      this.dataset.view = "gl";
    } catch (error) {
      this.view = new SvgView(/** @type {HTMLElement} */ (this.canvas), { ...hooks, big: this.hasAttribute("big") });
      this.dataset.view = "svg";
    }
    await this.setData(this.getAttribute("src") ?? "");
  }

  /** Load places from an address; the view stays where it is after the first time. @param {string} url */
  async setData(url) {
    const load = ++this.loads;
    try {
      const [places, borders] = await Promise.all([this.#fetch(url), this.#fetch(this.getAttribute("outlines"))]);
      if (load !== this.loads || !this.view) return;
      const label = this.getAttribute("label-by") ?? "name";
      this.features = places.map((f) => ({ ...f, properties: { ...f.properties, id: idOf(f) }, label: shown(f.properties?.[label] ?? "") }));
      const isNamed = this.hasAttribute("outline-names");
      this.borders = borders.map((f) => ({ ...f, label: isNamed ? shown(f.properties?.name ?? "") : "" }));
      this.byId = new Map(this.features.map((feature) => [idOf(feature), feature]));
      await this.view.setData(this.features, this.borders, this.loaded);
      this.loaded ||= this.features.length > 0;
      this.ids = this.ids.filter((id) => this.byId.has(id));
      await this.#colour();
      await this.view.highlight(this.ids);
      this.#list();
      if (this.message) this.message.hidden = true;
      this.dispatchEvent(new CustomEvent("heli-loaded", { bubbles: true, detail: { count: this.features.length } }));
    } catch (error) {
      if (!this.message || load !== this.loads) return;
      console.error(error);
      this.message.textContent = words.map_failed;
      this.message.hidden = false;
    }
  }

  /** Finer lines for some of the places; nothing else changes. @param {any[]} finer */
  async refine(finer) {
    const drawn = new Map(finer.map((feature) => [idOf(feature), feature.geometry]));
    for (const feature of this.features) feature.geometry = drawn.get(idOf(feature)) ?? feature.geometry;
    await this.view.setData(this.features, this.borders, true);
    await this.view.paint(this.styles);
  }

  /** @param {string | null} url @returns {Promise<any[]>} */
  async #fetch(url) {
    if (!url) return [];
    const response = await fetch(url, { headers: { Accept: "application/geo+json, application/json" } });
    if (!response.ok) throw new Error(`${url} answered ${response.status}`);
    return (await response.json()).features ?? [];
  }

  /** Mark places without telling anyone. @param {(string | number)[]} ids */
  highlight(ids) {
    this.ids = ids.map(String);
    this.view?.highlight(this.ids);
    this.#tell();
  }

  /** Choose places as if clicked. @param {(string | number)[]} ids */
  select(ids) {
    this.highlight(ids);
    this.#dispatch(this.ids.at(-1) ?? null, false);
  }

  /** @param {string} property @param {"category" | "sequence"} [kind] @param {Record<string, string>} [wordsOf] */
  colourBy(property, kind, wordsOf) {
    if (wordsOf) this.settings = { ...this.settings, words: wordsOf };
    if (kind) this.setAttribute("colour-kind", kind);
    this.setAttribute("colour-by", property);
  }

  /** @param {(string | number)[]} ids */
  fit(ids) {
    this.view?.fit(ids.map((id) => this.byId.get(String(id))).filter(Boolean));
  }

  /** Colour by the caller's own classes: a style for each feature, and the keys of the legend as [label, style].
   * @param {(feature: any) => any} styleOf @param {[string, any][]} keys */
  paintWith(styleOf, keys) {
    this.painter = { styleOf, keys };
    return this.view && this.loaded ? this.#colour() : Promise.resolve();
  }

  /** Colour some places anew by the same classes; nothing else is touched. @param {(string | number)[]} ids */
  async repaint(ids) {
    if (!this.view || !this.painter || !this.styles) return;
    const changed = new Map();
    for (const id of ids.map(String)) {
      const feature = this.byId.get(id);
      if (feature) changed.set(id, this.painter.styleOf(feature) ?? NOTHING);
    }
    for (const [id, style] of changed) this.styles.set(id, style);
    await this.view.repaint(changed, this.styles);
  }

  /** Mark a spot; null takes the mark away. @param {number[] | null} at longitude, latitude */
  pin(at) {
    this.view?.pin(at);
  }

  /** Bring everything into view. */
  showAll() {
    this.view?.fit(null);
  }

  async #colour() {
    if (this.painter) {
      const { styleOf, keys } = this.painter;
      this.styles = new Map(this.features.map((feature) => [idOf(feature), styleOf(feature) ?? NOTHING]));
      await this.view.paint(this.styles);
      this.#drawLegend(keys);
      return;
    }
    const property = this.getAttribute("colour-by") ?? "";
    const values = this.features.map((feature) => feature.properties[property] ?? null);
    const known = values.filter((value) => value !== null);
    /** @type {[string, any][]} */
    let keys = [];
    /** @type {(value: any) => any} */
    let styleOf = () => category(0);
    if (this.getAttribute("colour-kind") === "sequence" && known.length) {
      const limits = quantiles(known.map(Number));
      const shades = SEQUENCE.slice(0, limits.length + 1);
      if (limits.length + 1 < SEQUENCE.length) shades[limits.length] = SEQUENCE[limits.length];
      styleOf = (value) => ({ fill: shades[limits.filter((limit) => Number(value) >= limit).length], mark: "", pattern: "none" });
      const ends = [Math.min(...known.map(Number)), ...limits, Math.max(...known.map(Number))];
      const unit = this.settings.unit ? ` ${this.settings.unit}` : "";
      keys = shades.map((fill, i) => [`${shown(ends[i])}–${shown(ends[i + 1])}${unit}`, { fill, mark: "", pattern: "none" }]);
    } else if (property) {
      const counts = new Map();
      for (const value of known) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
      const order = Object.keys(this.settings.words ?? {}).filter((key) => counts.has(key));
      // The commonest comes first, so that most of the map is plain and not hatched.
      const rest = [...counts.keys()].filter((key) => !order.includes(key)).sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
      /** @type {Map<string, any>} */
      const styles = new Map();
      [...order, ...rest].forEach((key, i) => {
        const colour = this.settings.colours?.[key] ?? i;
        styles.set(key, typeof colour === "number" ? category(colour) : { fill: colour, mark: "", pattern: "none" });
      });
      styleOf = (value) => styles.get(String(value));
      // A legend longer than this helps nobody; the names on the map do the rest.
      keys = [...styles].slice(0, CATEGORIES.length * 3).map(([key, style]) => [`${this.settings.words?.[key] ?? key} ${counts.get(key)}`, style]);
    }
    if (known.length < values.length && property) keys.push([words.no_figure, NOTHING]);
    this.styles = new Map(this.features.map((feature, i) => [idOf(feature), values[i] === null && property ? NOTHING : styleOf(values[i])]));
    await this.view.paint(this.styles);
    this.#drawLegend(keys);
  }

  /** @param {[string, any][]} keys */
  #drawLegend(keys) {
    if (!this.legend) return;
    this.legend.replaceChildren();
    this.legend.hidden = keys.length === 0 || this.hasAttribute("no-legend");
    const title = this.getAttribute("legend-title");
    if (title) this.legend.append(make("span", "map__legend-title", title));
    for (const [label, style] of keys) {
      const key = make("span", "map__key");
      key.append(swatch(style), label);
      this.legend.append(key);
    }
  }

  /** @param {string | null} id @param {number} x @param {number} y */
  #hover(id, x, y) {
    const tip = this.tip;
    const feature = id === null ? undefined : this.byId.get(id);
    this.view?.hover(feature ? id : null);
    if (!tip || !this.box) return;
    tip.hidden = !feature;
    if (!feature) return;
    const lines = (this.settings.tooltip ?? []).map((/** @type {[string, string]} */ [property, label]) => {
      const line = make("span", "", `${label} `);
      const value = feature.properties[property];
      line.append(make("b", "", this.settings.words?.[value] ?? shown(value)));
      return line;
    });
    tip.replaceChildren(make("strong", "", shown(feature.properties.name)), ...lines);
    const left = Math.min(x + 14, this.box.clientWidth - tip.offsetWidth - 8);
    const top = y + 18 + tip.offsetHeight > this.box.clientHeight ? y - tip.offsetHeight - 10 : y + 18;
    tip.style.transform = `translate(${Math.max(8, left)}px, ${Math.max(8, top)}px)`;
  }

  /** @param {string | null} id @param {boolean} additive */
  #pick(id, additive) {
    if (id !== null && !this.byId.has(id)) return;
    if (id === null) this.ids = additive ? this.ids : [];
    else if (additive) this.ids = this.ids.includes(id) ? this.ids.filter((other) => other !== id) : [...this.ids, id];
    else this.ids = [id];
    this.view?.highlight(this.ids);
    this.#tell();
    this.#dispatch(id, additive);
  }

  /** @param {string | null} id @param {boolean} additive */
  #dispatch(id, additive) {
    const properties = id === null ? null : this.byId.get(id)?.properties ?? null;
    this.dispatchEvent(new CustomEvent("heli-select", { bubbles: true, detail: { id, ids: [...this.ids], properties, additive } }));
  }

  /** Say what is chosen, to the ear and in the companion table. */
  #tell() {
    const names = this.ids.map((id) => this.byId.get(id)?.properties.name ?? id);
    if (this.said) this.said.textContent = names.length ? `${words.chosen}: ${names.join("、")}` : "";
    for (const row of this.#rows()) row.classList.toggle("is-chosen", this.ids.includes(row.getAttribute("data-id") ?? ""));
    const first = this.ids.length ? this.#rows().find((row) => row.getAttribute("data-id") === this.ids.at(-1)) : undefined;
    const scroll = first?.closest(".table-scroll");
    if (first instanceof HTMLElement && scroll && scroll.scrollHeight > scroll.clientHeight) {
      scroll.scrollTop = first.offsetTop - scroll.clientHeight / 2;
    }
  }

  /** The rows of the companion table, found anew because htmx may have swapped it. */
  #rows() {
    const name = this.getAttribute("for");
    const table = name ? document.getElementById(name) : this.frame?.querySelector(".map__places");
    return [...(table?.querySelectorAll("[data-id]") ?? [])];
  }

  /** @param {Event} event */
  #fromTable(event) {
    const target = event.target instanceof Element ? event.target : null;
    const row = target?.closest("[data-id]");
    if (!row || !this.#rows().includes(row)) return;
    const id = row.getAttribute("data-id");
    if (id === null) return;
    if (event.type === "mouseover" || event.type === "focusin") this.view?.hover(this.byId.has(id) ? id : null);
    else if (event instanceof KeyboardEvent) {
      if (event.target !== row || (event.key !== "Enter" && event.key !== " ") || row.tagName === "BUTTON") return;
      event.preventDefault();
      this.#pick(id, event.shiftKey || event.ctrlKey);
    } else if (!target?.closest("a, input, select, label, form") && (row.tagName === "BUTTON" || !target?.closest("button"))) {
      const key = /** @type {MouseEvent} */ (event);
      this.#pick(id, key.shiftKey || key.ctrlKey || key.metaKey);
    }
  }

  /** Without a companion table the places are listed as buttons, so that the keyboard reaches every one. */
  #list() {
    if (this.getAttribute("for")) {
      for (const row of this.#rows()) row.setAttribute("tabindex", "0");
      return;
    }
    this.frame?.querySelector(".map__places")?.remove();
    if (this.features.length > MOST_LISTED) return;
    const details = make("details", "map__places no-print");
    details.append(make("summary", "", `${words.places} (${number.format(this.features.length)})`));
    const list = make("div", "map__buttons");
    for (const feature of this.features) {
      const button = make("button", "button button--small", shown(feature.properties.name));
      button.setAttribute("type", "button");
      button.setAttribute("data-id", idOf(feature));
      list.append(button);
    }
    details.append(list);
    this.frame?.append(details);
  }

  /** Draw the whole map as SVG for the printer. */
  #toPaper() {
    if (!this.paper || !this.features.length || this.dataset.view === "svg") return;
    const view = new SvgView(this.paper, { still: true });
    view.setData(this.features, this.borders, false);
    view.paint(this.styles ?? new Map());
    view.highlight(this.ids);
    this.paper.dataset.drawn = "";
  }
}

if (!customElements.get("heli-map")) customElements.define("heli-map", HeliMap);
