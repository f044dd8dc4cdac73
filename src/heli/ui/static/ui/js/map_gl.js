// @ts-check
/** The map drawn by MapLibre GL: thousands of outlines at once. Same face as `SvgView`. */

import * as maplibre from "maplibre-gl";
import { boundsOf, idOf, labelPoint } from "heli/geo";
import { CHOSEN, INK, LINE, NOTHING, OUTLINE, STROKES, signLetter, signPath, strokeWidth } from "heli/palette";

const FONTS = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
/** Up to so many signs are all drawn, though some may touch. */
const MOST_OVERLAPPING = 400;
/** Of more places than this the names are written only from near. */
const MOST_NAMED = 3_000;
const CROWD_ZOOM = 10.5;
/** Among named outlines more places than this are named from so much nearer than where all is seen, but for the worst. */
const FEW = 60;
const NEARER = 0.9;
/** A sign of this shape says that nothing is wrong: names are written over it. */
const QUIET = "dot";
const NONE = { type: "FeatureCollection", features: [] };

/** Whether this browser can draw it at all. */
export function isPossible() {
  const context = document.createElement("canvas").getContext("webgl2");
  context?.getExtension("WEBGL_lose_context")?.loseContext();
  return context !== null;
}

/** A pattern as pixels, twice as fine as on paper. @param {any} style */
function patternImage(style) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 16;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.scale(2, 2);
  pen.strokeStyle = style.mark;
  pen.lineCap = "round";
  pen.lineWidth = strokeWidth(style.pattern);
  pen.stroke(new Path2D(STROKES[style.pattern]));
  return pen.getImageData(0, 0, 16, 16);
}

/** A sign as pixels, twice as fine as on the screen. @param {any} sign @param {number} size */
function signImage(sign, size) {
  const side = Math.ceil(size * 1.8) * 2;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  pen.translate(side / 2, side / 2);
  pen.scale(2, 2);
  const path = new Path2D(signPath(sign.shape, size));
  const isDot = sign.shape === "dot";
  pen.fillStyle = isDot ? sign.ink : sign.fill;
  pen.fill(path);
  if (!isDot) {
    pen.strokeStyle = INK;
    pen.stroke(path);
    const { size: part, drop } = signLetter(sign.shape);
    pen.fillStyle = sign.ink;
    pen.font = `${size * part}px ${FONTS}`;
    pen.textAlign = "center";
    pen.fillText(sign.letter ?? "", 0, size * drop);
  }
  return pen.getImageData(0, 0, side, side);
}

export class GlView {
  /** @param {HTMLElement} container
   *  @param {{hover?: Function, select?: Function, moved?: Function}} hooks @param {{worker: string, tiles: string}} config
   *  @param {Record<string, string>} words @param {boolean} big names and signs for a screen on the wall */
  constructor(container, hooks, config, words, big = false) {
    this.hooks = hooks;
    this.big = big;
    /** @type {Map<string, any>} */
    this.styles = new Map();
    maplibre.setWorkerUrl(config.worker);
    const tiles = config.tiles
      ? { sources: { tiles: { type: "raster", tiles: [config.tiles], tileSize: 256 } }, layers: [{ id: "tiles", type: "raster", source: "tiles" }] }
      : { sources: {}, layers: [] };
    this.map = new maplibre.Map({
      container,
      style: /** @type {any} */ ({ version: 8, ...tiles }),
      attributionControl: false,
      // On a phone one finger scrolls the page, two move the map.
      cooperativeGestures: matchMedia("(pointer: coarse)").matches,
      locale: {
        "CooperativeGesturesHandler.MobileHelpText": words.two_fingers,
        "CooperativeGesturesHandler.WindowsHelpText": words.with_control,
        "CooperativeGesturesHandler.MacHelpText": words.with_control,
        "Map.Title": words.map,
      },
      dragRotate: false,
      pitchWithRotate: false,
      touchPitch: false,
      localIdeographFontFamily: FONTS,
      maxZoom: 18,
      fadeDuration: 0,
      scrollZoom: false,
    });
    this.map.touchZoomRotate.disableRotation();
    // Scrolling the page must not be caught by the map: zoom by wheel only with Ctrl/⌘ or once the map has the focus.
    container.addEventListener("wheel", (event) => {
      const wanted = event.ctrlKey || event.metaKey || container.contains(document.activeElement);
      if (wanted) this.map.scrollZoom.enable();
      else this.map.scrollZoom.disable();
    }, { capture: true, passive: true });
    /** @type {Set<string>} */
    this.chosen = new Set();
    /** @type {string | null} */
    this.hovered = null;
    this.ready = new Promise((resolve) => this.map.once("load", () => resolve(this.#layers())));
  }

  #layers() {
    const { map } = this;
    map.addSource("places", { type: "geojson", data: /** @type {any} */ (NONE), promoteId: "id" });
    map.addSource("names", { type: "geojson", data: /** @type {any} */ (NONE) });
    map.addSource("regions", { type: "geojson", data: /** @type {any} */ (NONE) });
    map.addSource("signs", { type: "geojson", data: /** @type {any} */ (NONE) });
    map.addSource("chosen", { type: "geojson", data: /** @type {any} */ (NONE) });
    map.addSource("pin", { type: "geojson", data: /** @type {any} */ (NONE) });
    map.addSource("outlines", { type: "geojson", data: /** @type {any} */ (NONE) });
    /** @param {any} layer */
    const add = (layer) => map.addLayer(layer);
    const areas = ["in", ["geometry-type"], ["literal", ["Polygon", "MultiPolygon"]]];
    const points = ["==", ["geometry-type"], "Point"];
    const state = (/** @type {string} */ name, /** @type {any} */ yes, /** @type {any} */ no) =>
      ["case", ["boolean", ["feature-state", name], false], yes, no];
    // What changes while it is looked at is set as a state of the feature: the source stays, nothing flickers.
    const fill = ["to-color", ["coalesce", ["feature-state", "fill"], ["get", "_fill"]]];
    add({ id: "fills", type: "fill", source: "places", filter: areas, paint: { "fill-color": fill, "fill-opacity": state("hover", 0.75, 0.94) } });
    add({ id: "patterns", type: "fill", source: "places", filter: ["all", areas, ["!=", ["get", "_pattern"], ""]], paint: { "fill-pattern": ["get", "_pattern"] } });
    add({ id: "borders", type: "line", source: "places", filter: areas, paint: { "line-color": LINE, "line-width": ["interpolate", ["linear"], ["zoom"], 6, 0.1, 9.5, 1] } });
    add({ id: "outlines", type: "line", source: "outlines", paint: { "line-color": OUTLINE, "line-width": 2.2 } });
    add({ id: "dots", type: "circle", source: "places", filter: points, paint: { "circle-color": fill, "circle-radius": 6, "circle-stroke-color": state("chosen", CHOSEN, OUTLINE), "circle-stroke-width": state("chosen", 3, 1) } });
    add({ id: "marks", type: "line", source: "chosen", filter: areas, layout: { "line-join": "round" }, paint: { "line-color": CHOSEN, "line-width": 3.2 } });
    const isQuiet = ["==", ["get", "shape"], QUIET];
    const sign = { "icon-image": ["get", "sign"], "icon-size": this.big ? 1 : ["interpolate", ["linear"], ["zoom"], 8, 0.45, 10.5, 1], "icon-padding": 1, "symbol-sort-key": ["get", "rank"] };
    // A Chinese name stays in one line, and whole: it is written where there is room for all of it.
    const name = { "text-field": ["get", "label"], "text-font": ["Noto Sans Regular"], "text-padding": 3, "text-max-width": 14, "text-anchor": "top", "symbol-sort-key": ["get", "rank"] };
    const ink = { "text-color": INK, "text-halo-color": "#fff", "text-halo-width": 1.4 };
    add({ id: "quiet", type: "symbol", source: "signs", filter: isQuiet, layout: { ...sign, "icon-allow-overlap": true, "icon-ignore-placement": true } });
    // What is drawn last is placed first: towns, then signs, then the worst places, then the others.
    const size = this.big ? 22 : 12;
    add({ id: "names", type: "symbol", source: "names", filter: ["!", ["get", "isBad"]], layout: { ...name, "text-size": size }, paint: ink });
    // Beside its sign, on whichever side there is room.
    const beside = { "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": this.big ? 1.2 : 1.4 };
    add({ id: "bad-names", type: "symbol", source: "names", filter: ["get", "isBad"], layout: { ...name, ...beside, "text-size": size }, paint: ink });
    add({ id: "signs", type: "symbol", source: "signs", filter: ["!", isQuiet], layout: sign });
    add({ id: "regions", type: "symbol", source: "regions", layout: { ...name, "text-anchor": "center", "text-size": this.big ? 28 : 15, "text-letter-spacing": 0.08 }, paint: { ...ink, "text-color": OUTLINE, "text-halo-width": 2.2 } });
    add({ id: "pin", type: "circle", source: "pin", paint: { "circle-color": CHOSEN, "circle-radius": 8, "circle-stroke-color": "#fff", "circle-stroke-width": 3 } });
    for (const layer of ["fills", "dots"]) {
      map.on("mousemove", layer, (event) => this.hooks.hover?.(String(event.features?.[0]?.properties?.id), event.point.x, event.point.y));
      map.on("mouseleave", layer, () => this.hooks.hover?.(null, 0, 0));
    }
    map.on("click", (event) => {
      const hit = map.queryRenderedFeatures(event.point, { layers: ["dots", "fills"] })[0];
      const key = event.originalEvent;
      this.hooks.point?.(event.lngLat.toArray());
      this.hooks.select?.(hit ? String(hit.properties.id) : null, key.shiftKey || key.ctrlKey || key.metaKey);
    });
    map.on("moveend", () => {
      this.#name();
      this.hooks.moved?.(map.getBounds().toArray().flat());
    });
    map.boxZoom.disable();
  }

  /** @param {any[]} features @param {any[]} outlines @param {boolean} keepView */
  async setData(features, outlines, keepView) {
    await this.ready;
    this.features = features;
    /** @type {any} */ (this.map.getSource("outlines")).setData({ type: "FeatureCollection", features: outlines });
    this.middles = new Map();
    this.named = features.flatMap((feature) => {
      const at = labelPoint(feature.geometry);
      if (at) this.middles?.set(idOf(feature), at);
      if (!feature.label || !at) return [];
      const bounds = boundsOf([feature]);
      const size = bounds ? (bounds[2] - bounds[0]) * (bounds[3] - bounds[1]) : 0;
      return [{ id: idOf(feature), at, label: feature.label, size }];
    });
    const regions = outlines.flatMap((feature) => {
      const at = feature.label ? labelPoint(feature.geometry) : null;
      return at ? [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { label: feature.label, rank: 0 } }] : [];
    });
    /** @type {any} */ (this.map.getSource("regions")).setData({ type: "FeatureCollection", features: regions });
    this.#name();
    // Thousands of names, and borders closer than their own width, say nothing from afar and take long to draw.
    const isCrowd = features.length > MOST_NAMED;
    const bounds = !isCrowd && regions.length && features.length > FEW ? boundsOf(features) : null;
    const whole = bounds ? this.map.cameraForBounds(bounds, { padding: 16 })?.zoom : undefined;
    const near = isCrowd ? CROWD_ZOOM : whole === undefined ? 0 : Math.min(whole + NEARER, 17);
    this.map.setLayerZoomRange("names", near, 24);
    this.map.setLayerZoomRange("bad-names", isCrowd ? CROWD_ZOOM : 0, 24);
    this.map.setLayerZoomRange("borders", isCrowd ? 9 : 0, 24);
    this.map.setPaintProperty("fills", "fill-antialias", !isCrowd);
    if (!keepView) this.fit(null);
  }

  /** @param {Map<string, any>} styles by feature id */
  async paint(styles) {
    await this.ready;
    this.styles = styles;
    this.map.removeFeatureState({ source: "places" });
    this.patterned = new Set();
    const features = (this.features ?? []).map((feature) => {
      const style = styles.get(idOf(feature)) ?? NOTHING;
      let pattern = "";
      if (STROKES[style.pattern]) {
        this.patterned?.add(idOf(feature));
        pattern = `${style.pattern}-${style.mark}`;
        if (!this.map.hasImage(pattern)) this.map.addImage(pattern, patternImage(style), { pixelRatio: 2 });
      }
      return { ...feature, properties: { ...feature.properties, id: idOf(feature), _fill: style.fill, _pattern: pattern } };
    });
    /** @type {any} */ (this.map.getSource("places")).setData({ type: "FeatureCollection", features });
    this.#sign();
    await this.highlight([...this.chosen]);
  }

  /** Some places in another colour; everything else stays as it is drawn.
   * @param {Map<string, any>} changed @param {Map<string, any>} styles of all */
  async repaint(changed, styles) {
    await this.ready;
    const isPlain = [...changed].every(([, style]) => !STROKES[style.pattern]) && ![...changed.keys()].some((id) => this.patterned?.has(id));
    if (!isPlain) return this.paint(styles);
    this.styles = styles;
    for (const [id, style] of changed) this.map.setFeatureState({ source: "places", id }, { fill: style.fill });
    this.#sign();
  }

  /** Signs of the styles at the places' middles; the worst come first where there is no room for all. */
  #sign() {
    const size = this.big ? 24 : 14;
    const features = [];
    for (const [id, at] of this.middles ?? []) {
      const sign = this.styles.get(id)?.sign;
      if (!sign) continue;
      const name = `sign-${sign.shape}-${sign.letter}-${sign.fill}`;
      if (!this.map.hasImage(name)) this.map.addImage(name, signImage(sign, size), { pixelRatio: 2 });
      features.push({ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { sign: name, shape: sign.shape, rank: sign.rank ?? 0 } });
    }
    /** @type {any} */ (this.map.getSource("signs")).setData({ type: "FeatureCollection", features });
    this.map.setLayoutProperty("signs", "icon-allow-overlap", features.length <= MOST_OVERLAPPING);
    this.map.setLayoutProperty("names", "text-offset", [0, features.length ? 0.35 : -0.6]);
    this.#name();
  }

  /** The names of places that have room for all of it on the screen: those with a sign that warns first, the worst of them
   * before all others, then the largest. */
  #name() {
    const { clientWidth: wide, clientHeight: high } = this.map.getContainer();
    const size = this.big ? 22 : 12;
    const isFar = (this.named ?? []).length > MOST_NAMED && this.map.getZoom() < CROWD_ZOOM;
    const features = (isFar ? [] : this.named ?? []).flatMap(({ id, at, label, size: area }) => {
      const { x, y } = this.map.project(/** @type {any} */ (at));
      const half = (label.length * size) / 2;
      if (x < half || x > wide - half || y < 0 || y > high - 2 * size) return [];
      const sign = this.styles.get(id)?.sign;
      const isBad = Boolean(sign && sign.shape !== QUIET);
      return [{ type: "Feature", geometry: { type: "Point", coordinates: at }, properties: { label, isBad, rank: (sign?.rank ?? 0) * 1_000 - area } }];
    });
    if (!features.length && !this.written) return;
    this.written = features.length;
    /** @type {any} */ (this.map.getSource("names")).setData({ type: "FeatureCollection", features });
  }

  /** @param {number[] | null} at */
  async pin(at) {
    await this.ready;
    const spot = at ? { type: "Feature", geometry: { type: "Point", coordinates: at }, properties: {} } : NONE;
    /** @type {any} */ (this.map.getSource("pin")).setData(spot);
  }

  /** @param {string[]} ids */
  async highlight(ids) {
    await this.ready;
    for (const id of this.chosen) this.map.setFeatureState({ source: "places", id }, { chosen: false });
    this.chosen = new Set(ids);
    for (const id of ids) this.map.setFeatureState({ source: "places", id }, { chosen: true });
    const features = (this.features ?? []).filter((feature) => this.chosen.has(idOf(feature)));
    /** @type {any} */ (this.map.getSource("chosen")).setData({ type: "FeatureCollection", features });
  }

  /** @param {string | null} id */
  async hover(id) {
    await this.ready;
    if (id === this.hovered) return;
    if (this.hovered !== null) this.map.setFeatureState({ source: "places", id: this.hovered }, { hover: false });
    this.hovered = id;
    if (id !== null) this.map.setFeatureState({ source: "places", id }, { hover: true });
    this.map.getCanvas().style.cursor = id === null ? "" : "pointer";
  }

  /** @param {number} factor above 1 comes nearer */
  zoom(factor) {
    this.map.zoomTo(this.map.getZoom() + Math.log2(factor) * 1.5);
  }

  /** @param {any[] | null} features */
  async fit(features) {
    await this.ready;
    // A legend that has just come or gone left another height.
    const { clientWidth, clientHeight } = this.map.getContainer();
    const canvas = this.map.getCanvas();
    if (canvas.clientWidth !== clientWidth || canvas.clientHeight !== clientHeight) this.map.resize();
    const bounds = boundsOf(features ?? this.features ?? []);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches || !features;
    if (bounds) this.map.fitBounds(bounds, { padding: features ? 80 : { top: this.big ? 48 : 16, bottom: 16, left: 16, right: this.big ? 16 : 60 }, animate: !still, maxZoom: 15 });
  }

  destroy() {
    this.map.remove();
  }
}
