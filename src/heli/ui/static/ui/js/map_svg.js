// @ts-check
/** The map drawn as SVG: for browsers without WebGL, and for paper. */

import { boundsOf, idOf, labelPoint, linesOf, polygonsOf, project, unproject } from "heli/geo";
import { CHOSEN, INK, LINE, OUTLINE, STROKES, signLetter, signPath, strokeWidth } from "heli/palette";

const NS = "http://www.w3.org/2000/svg";
/** Units of the drawing across its longer side; coordinates keep two decimals. */
const SIZE = 1000;
let drawings = 0;

/** @param {string} name @param {Record<string, string | number>} [attributes] */
function el(name, attributes = {}) {
  const element = document.createElementNS(NS, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, String(value));
  return element;
}

/** A swatch of a style for the legend. @param {any} style */
export function swatch(style) {
  const svg = el("svg", { viewBox: "0 0 24 16", "aria-hidden": "true" });
  svg.append(el("rect", { width: 24, height: 16, fill: style.fill }));
  if (STROKES[style.pattern]) {
    for (const [x, y] of [[0, 0], [8, 0], [16, 0], [0, 8], [8, 8], [16, 8]]) svg.append(strokes(style, x, y));
  }
  if (style.sign) {
    const drawn = signDrawing(style.sign, 10);
    drawn.setAttribute("transform", "translate(12 8)");
    svg.append(drawn);
  }
  return svg;
}

/** A sign around the origin: its shape with its letter. @param {any} sign @param {number} size */
function signDrawing(sign, size) {
  const group = el("g");
  const isDot = sign.shape === "dot";
  group.append(el("path", { d: signPath(sign.shape, size), fill: isDot ? sign.ink : sign.fill, stroke: isDot ? "none" : INK, "stroke-width": size / 14 }));
  if (sign.letter && !isDot) {
    const { size: part, drop } = signLetter(sign.shape);
    const text = el("text", { y: size * drop, "font-size": size * part, "text-anchor": "middle", fill: sign.ink });
    text.textContent = sign.letter;
    group.append(text);
  }
  return group;
}

/** @param {any} style @param {number} x @param {number} y */
function strokes(style, x, y) {
  return el("path", {
    d: STROKES[style.pattern],
    transform: `translate(${x} ${y})`,
    fill: "none",
    stroke: style.mark,
    "stroke-width": strokeWidth(style.pattern),
    "stroke-linecap": "round",
  });
}

export class SvgView {
  /** @param {HTMLElement} container @param {{hover?: Function, select?: Function, point?: Function, still?: boolean, big?: boolean}} hooks */
  constructor(container, hooks = {}) {
    this.container = container;
    this.hooks = hooks;
    this.key = `drawing${++drawings}`;
    this.svg = /** @type {SVGSVGElement} */ (el("svg", { preserveAspectRatio: "xMidYMid meet" }));
    this.defs = el("defs");
    this.fills = el("g");
    this.lines = el("g", { fill: "none", stroke: OUTLINE, "stroke-linejoin": "round", "pointer-events": "none" });
    this.marks = el("g", { fill: "none", stroke: CHOSEN, "stroke-linejoin": "round", "pointer-events": "none" });
    this.names = el("g", { "text-anchor": "middle", fill: INK, stroke: "#fff", "paint-order": "stroke", "pointer-events": "none" });
    this.signs = el("g", { "pointer-events": "none" });
    this.spot = el("circle", { fill: CHOSEN, stroke: "#fff", "pointer-events": "none", visibility: "hidden" });
    this.svg.append(this.defs, this.fills, this.lines, this.marks, this.signs, this.names, this.spot);
    container.replaceChildren(this.svg);
    /** @type {Map<string, {path: SVGElement, at: number[] | null, name: string, width: number}>} */
    this.shapes = new Map();
    /** @type {Set<string>} */
    this.chosen = new Set();
    this.box = { x: 0, y: 0, width: SIZE, height: SIZE };
    this.home = { ...this.box };
    if (!hooks.still) this.#listen();
  }

  /** @param {any[]} features @param {any[]} outlines @param {boolean} keepView */
  setData(features, outlines, keepView) {
    const bounds = boundsOf(features.length ? features : outlines);
    if (bounds) {
      const [west, north] = project([bounds[0], bounds[3]]);
      const [east, south] = project([bounds[2], bounds[1]]);
      const span = Math.max(east - west, south - north) || 1e-9;
      this.to = (/** @type {number[]} */ at) => {
        const [x, y] = project(at);
        return [((x - west) / span) * SIZE, ((y - north) / span) * SIZE];
      };
      const margin = 15;
      const [w, h] = [((east - west) / span) * SIZE, ((south - north) / span) * SIZE];
      this.from = (/** @type {number[]} */ [x, y]) => unproject([(x / SIZE) * span + west, (y / SIZE) * span + north]);
      this.home = { x: -margin, y: -margin, width: w + 2 * margin, height: h + 2 * margin };
    }
    this.shapes.clear();
    this.fills.replaceChildren();
    for (const feature of features) {
      const d = this.#path(feature.geometry);
      const at = labelPoint(feature.geometry);
      const place = at && this.to ? this.to(at) : null;
      const path =
        d === "" && place
          ? el("circle", { cx: place[0], cy: place[1], r: 6 })
          : el("path", { d, "fill-rule": "evenodd", "stroke-linejoin": "round" });
      path.setAttribute("stroke", LINE);
      path.setAttribute("data-id", idOf(feature));
      this.fills.append(path);
      const xs = (d.match(/[ML](-?[\d.]+)/g) ?? []).map((t) => Number(t.slice(1)));
      const width = xs.length ? Math.max(...xs) - Math.min(...xs) : 60;
      this.shapes.set(idOf(feature), { path, at: place, name: feature.label ?? "", width });
    }
    this.lines.replaceChildren(...outlines.map((feature) => el("path", { d: this.#path(feature.geometry) })));
    this.regions = outlines.flatMap((feature) => {
      const at = feature.label ? labelPoint(feature.geometry) : null;
      return at && this.to ? [{ at: this.to(at), name: feature.label }] : [];
    });
    if (!keepView || !this.svg.hasAttribute("viewBox")) this.box = { ...this.home };
    this.#look();
    this.highlight([...this.chosen]);
  }

  /** @param {any} geometry */
  #path(geometry) {
    if (!this.to) return "";
    const parts = [];
    for (const rings of polygonsOf(geometry)) for (const ring of rings) parts.push(`${this.#run(ring)}Z`);
    for (const line of linesOf(geometry)) parts.push(this.#run(line));
    return parts.join("");
  }

  /** @param {number[][]} positions */
  #run(positions) {
    const to = /** @type {Function} */ (this.to);
    return positions.map((p, i) => `${i ? "L" : "M"}${to(p).map((/** @type {number} */ v) => v.toFixed(2)).join(" ")}`).join("");
  }

  /** @param {Map<string, any>} styles by feature id */
  paint(styles) {
    this.styles = styles;
    this.defs.replaceChildren();
    const known = new Map();
    for (const [id, style] of styles) {
      const shape = this.shapes.get(id);
      if (!shape) continue;
      let fill = style.fill;
      if (STROKES[style.pattern]) {
        const key = `${this.key}-${style.pattern}-${style.fill.slice(1)}`;
        if (!known.has(key)) {
          const tile = el("pattern", { id: key, width: 8, height: 8, patternUnits: "userSpaceOnUse" });
          tile.append(el("rect", { width: 8, height: 8, fill: style.fill }), strokes(style, 0, 0));
          this.defs.append(tile);
          known.set(key, tile);
        }
        fill = `url(#${key})`;
      }
      shape.path.setAttribute("fill", fill);
    }
    this.tiles = [...known.values()];
    this.#look();
  }

  /** @param {Map<string, any>} changed @param {Map<string, any>} styles of all */
  repaint(changed, styles) {
    this.styles = styles;
    const isPlain = [...changed.values()].every((style) => !STROKES[style.pattern]);
    if (!isPlain) return this.paint(styles);
    for (const [id, style] of changed) this.shapes.get(id)?.path.setAttribute("fill", style.fill);
    this.#look();
  }

  /** @param {string[]} ids */
  highlight(ids) {
    this.chosen = new Set(ids);
    this.marks.replaceChildren();
    for (const id of ids) {
      const shape = this.shapes.get(id);
      if (!shape) continue;
      const copy = /** @type {SVGElement} */ (shape.path.cloneNode());
      copy.setAttribute("fill", "none");
      copy.removeAttribute("stroke");
      this.marks.append(copy);
    }
    this.#look();
  }

  /** @param {number[] | null} at */
  pin(at) {
    this.spot.setAttribute("visibility", at ? "visible" : "hidden");
    if (!at || !this.to) return;
    const [x, y] = this.to(at);
    this.spot.setAttribute("cx", String(x));
    this.spot.setAttribute("cy", String(y));
  }

  /** @param {string | null} id */
  hover(id) {
    for (const [key, shape] of this.shapes) shape.path.setAttribute("opacity", id === key ? "0.72" : "1");
  }

  /** @param {number} factor above 1 comes nearer */
  zoom(factor, fx = 0.5, fy = 0.5) {
    const { x, y, width, height } = this.box;
    const f = Math.min(Math.max(factor, width / (this.home.width * 2)), width / (this.home.width / 60));
    this.box = { x: x + width * fx * (1 - 1 / f), y: y + height * fy * (1 - 1 / f), width: width / f, height: height / f };
    this.#look();
  }

  /** @param {any[] | null} features */
  fit(features) {
    const bounds = features && boundsOf(features);
    if (!bounds || !this.to) this.box = { ...this.home };
    else {
      const [x, y] = this.to([bounds[0], bounds[3]]);
      const [right, bottom] = this.to([bounds[2], bounds[1]]);
      const margin = Math.max(right - x, bottom - y, 40) * 0.6;
      this.box = { x: x - margin, y: y - margin, width: right - x + 2 * margin, height: bottom - y + 2 * margin };
    }
    this.#look();
  }

  /** Bring line widths, pattern size and names into agreement with the scale. */
  #look() {
    const { x, y, width, height } = this.box;
    this.svg.setAttribute("viewBox", `${x.toFixed(2)} ${y.toFixed(2)} ${width.toFixed(2)} ${height.toFixed(2)}`);
    const screen = this.container.clientWidth || 800;
    const tall = this.container.clientHeight || 600;
    const unit = Math.max(width / screen, height / tall);
    this.fills.setAttribute("stroke-width", String(unit));
    this.lines.setAttribute("stroke-width", String(2.2 * unit));
    this.marks.setAttribute("stroke-width", String(3.2 * unit));
    for (const tile of this.tiles ?? []) tile.setAttribute("patternTransform", `scale(${unit.toFixed(4)})`);
    for (const shape of this.shapes.values()) if (shape.path.tagName === "circle") shape.path.setAttribute("r", String(6 * unit));
    this.spot.setAttribute("r", String(8 * unit));
    this.spot.setAttribute("stroke-width", String(3 * unit));
    const size = (this.hooks.big ? 22 : 12) * unit;
    this.#sign(unit * (this.hooks.big ? 24 : 14));
    this.names.setAttribute("font-size", size.toFixed(3));
    this.names.setAttribute("stroke-width", (2.5 * unit).toFixed(3));
    this.names.replaceChildren();
    /** @type {number[][]} */
    const taken = [];
    for (const { at, name } of this.regions ?? []) this.#write(name, at, size * 1.25, taken, { "font-size": size * 1.25, fill: OUTLINE });
    const rank = (/** @type {string} */ id) => this.styles?.get(id)?.sign?.rank ?? 0;
    for (const [id, shape] of [...this.shapes].sort(([a], [b]) => rank(a) - rank(b))) {
      if (!shape.at || !shape.name || (shape.width < shape.name.length * size * 0.9 && !rank(id))) continue;
      if (shape.at[0] < x || shape.at[0] > x + width || shape.at[1] < y || shape.at[1] > y + height) continue;
      // Below its sign, a little deeper below one that warns: that is larger.
      const hasSign = this.styles?.get(id)?.sign && shape.width >= size * 1.2;
      const below = hasSign ? size * (rank(id) ? 1.75 : 1.25) : size * 0.35;
      this.#write(shape.name, [shape.at[0], shape.at[1] + below], size, taken);
    }
  }

  /** A name where nothing else is written yet. @param {string} name @param {number[]} at @param {number} size
   * @param {number[][]} taken boxes: left, top, right, bottom @param {Record<string, string | number>} [look] */
  #write(name, at, size, taken, look = {}) {
    const half = (name.length * size) / 2;
    const box = [at[0] - half, at[1] - size, at[0] + half, at[1] + size * 0.2];
    if (taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) return;
    taken.push(box);
    const text = el("text", { x: at[0].toFixed(2), y: at[1].toFixed(2), ...look });
    text.textContent = name;
    this.names.append(text);
  }

  /** The signs of the styles, where the place is wide enough for one. @param {number} size */
  #sign(size) {
    this.signs.replaceChildren();
    for (const [id, style] of this.styles ?? []) {
      const shape = this.shapes.get(id);
      if (!style.sign || !shape?.at || shape.width < size) continue;
      const drawn = signDrawing(style.sign, size);
      drawn.setAttribute("transform", `translate(${shape.at[0].toFixed(2)} ${shape.at[1].toFixed(2)})`);
      this.signs.append(drawn);
    }
  }

  #listen() {
    /** @type {{x: number, y: number, moved: boolean} | null} */
    let drag = null;
    const id = (/** @type {Event} */ event) => /** @type {Element} */ (event.target).getAttribute?.("data-id") ?? null;
    this.svg.addEventListener("pointerdown", (event) => (drag = { x: event.clientX, y: event.clientY, moved: false }));
    this.svg.addEventListener("pointermove", (event) => {
      const rect = this.container.getBoundingClientRect();
      if (drag && event.buttons && event.pointerType !== "touch") {
        const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
        if (Math.hypot(dx, dy) > 3) drag.moved = true;
        if (drag.moved) {
          const unit = Math.max(this.box.width / rect.width, this.box.height / rect.height);
          this.box.x -= dx * unit;
          this.box.y -= dy * unit;
          [drag.x, drag.y] = [event.clientX, event.clientY];
          this.#look();
        }
      } else this.hooks.hover?.(id(event), event.clientX - rect.left, event.clientY - rect.top);
    });
    this.svg.addEventListener("pointerleave", () => this.hooks.hover?.(null, 0, 0));
    this.svg.addEventListener("click", (event) => {
      const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(this.svg.getScreenCTM()?.inverse());
      if (!drag?.moved && this.from) this.hooks.point?.(this.from([at.x, at.y]));
      if (!drag?.moved) this.hooks.select?.(id(event), event.shiftKey || event.ctrlKey || event.metaKey);
      drag = null;
    });
    this.svg.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey && document.activeElement !== this.container) return;
        event.preventDefault();
        const rect = this.container.getBoundingClientRect();
        this.zoom(event.deltaY < 0 ? 1.25 : 0.8, (event.clientX - rect.left) / rect.width, (event.clientY - rect.top) / rect.height);
      },
      { passive: false },
    );
    this.container.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
      if (step) {
        this.box.x += (step[0] * this.box.width) / 8;
        this.box.y += (step[1] * this.box.height) / 8;
        this.#look();
      } else if (event.key === "+" || event.key === "=") this.zoom(1.4);
      else if (event.key === "-") this.zoom(0.7);
      else return;
      event.preventDefault();
    });
    this.sizes = new ResizeObserver(() => this.#look());
    this.sizes.observe(this.container);
  }

  destroy() {
    this.sizes?.disconnect();
    this.svg.remove();
  }
}
