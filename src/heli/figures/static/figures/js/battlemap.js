// @ts-check
/** The battle map: colours `<heli-map>` by the values of the address, keeps table and map together, slides over time, and
 * asks every few seconds what has changed. Only places that changed are coloured anew. A place opens in a panel beside the
 * map. Without it the page is a form, a table and a drawn picture. On a wall screen it turns from scene to scene. */

import { boundsOf } from "heli/geo";
import { NOTHING } from "heli/palette";

const EVERY_MS = 20_000;
/** More places than this come as from afar. */
const CROWD = 3_000;
/** Finer lines are asked for where less than this part of the width is seen, in boxes of half of it. */
const NEAR = 1 / 4;
const MISSING = { ...NOTHING, mark: "#8b9693", pattern: "rising" };

const map = /** @type {any} */ (document.getElementById("battlemap"));
const box = /** @type {HTMLElement} */ (document.querySelector("[data-battlemap]"));
const isWall = box.hasAttribute("data-wall");
/** @type {any} */
let state = null;
/** @type {{i: number[], c: number[], n: string[], legend: any[], missing: string} | null} */
let values = null;
/** @type {Map<number, number>} */
let rowOf = new Map();
let heard = new Date();
let asking = 0;
let swaps = 0;

const readState = (/** @type {ParentNode} */ root = document) => JSON.parse(root.querySelector("#map-script")?.textContent ?? "{}");
/** The time of day where the server stands, as the pages say it. @param {Date} at */
const clock = (at) => at.toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: state?.zone });

/** @param {number} tint @param {any} now */
function styleOf(tint, now) {
  const key = now.legend[tint];
  if (!key) return MISSING;
  const sign = key.shape ? { shape: key.shape, letter: key.letter, fill: key.fill, ink: key.ink, rank: -tint } : undefined;
  return { fill: key.fill, mark: "", pattern: "none", sign };
}

/** @param {any} now */
function keysOf(now) {
  /** @type {[string, any][]} */
  const keys = now.legend.map((/** @type {any} */ key, /** @type {number} */ at) => {
    const count = now.c.filter((/** @type {number} */ tint) => tint === at).length;
    return [`${key.label} · ${count}`, styleOf(at, now)];
  });
  const missing = now.c.filter((/** @type {number} */ tint) => tint < 0).length;
  return missing ? [...keys, [`${now.missing} · ${missing}`, MISSING]] : keys;
}

/** Mark the place whose panel is open. */
function markOpen() {
  const place = openPlace();
  const feature = place && map.features.find((/** @type {any} */ one) => one.properties.p === place);
  if (feature) map.highlight([feature.properties.id]);
}

/** Give every feature the words of its tooltip. */
function tell() {
  if (!values) return;
  for (const [id, feature] of map.byId) {
    const row = rowOf.get(Number(id));
    feature.properties.value = row === undefined || !values.n[row] ? values.missing : values.n[row];
    feature.properties.day = state.day;
  }
  map.settings = { ...map.settings, tooltip: [["value", state.label], ["day", state.day_label]] };
}

/** @param {any} feature */
const paintOf = (feature) => {
  const row = rowOf.get(Number(feature.properties.id));
  return values && row !== undefined ? styleOf(values.c[row], values) : MISSING;
};

/** Take in values: the whole map where the classes changed, else only places whose class changed. @param {any} next */
async function take(next) {
  const before = values;
  const old = rowOf;
  values = next;
  rowOf = new Map(next.i.map((/** @type {number} */ id, /** @type {number} */ row) => [id, row]));
  const isSame = before && JSON.stringify(before.legend) === JSON.stringify(next.legend) && before.i.length === next.i.length;
  tell();
  if (!isSame || !before) {
    await map.paintWith(paintOf, keysOf(next));
    return;
  }
  const changed = next.i.filter((/** @type {number} */ id, /** @type {number} */ row) => before.c[old.get(id) ?? -1] !== next.c[row]);
  map.painter = { styleOf: paintOf, keys: keysOf(next) };
  map.dataset.repainted = String(changed.length);
  if (changed.length) await map.repaint(changed);
}

/** @param {string} url */
async function ask(url) {
  const response = await fetch(url, { cache: "no-cache", headers: { Accept: "application/json" } });
  const kind = response.headers.get("Content-Type") ?? "";
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  if (response.redirected || !kind.includes("json")) throw new Error("signed out");
  return response.json();
}

/** Show the state of the page: values first, then the shapes if they are others. @param {boolean} fit */
async function show(fit) {
  const mine = ++asking;
  state = readState();
  map.setAttribute("legend-title", state.unit ? `${state.label} (${state.unit})` : state.label);
  try {
    const next = await ask(state.values);
    if (mine !== asking) return;
    const isElsewhere = map.getAttribute("src") !== state.shapes;
    if (isElsewhere) {
      values = null;
      await take(next);
      map.setAttribute("outlines", state.outlines);
      const loaded = new Promise((resolve) => map.addEventListener("heli-loaded", resolve, { once: true }));
      map.setAttribute("src", state.shapes);
      await loaded;
      tell();
      if (fit || isWall) map.showAll();
    } else await take(next);
    if (!isWall) markOpen();
    box.dataset.shown = state.values;
    hear();
  } catch (error) {
    lose(error);
  }
}

/** The server answered. */
function hear() {
  heard = new Date();
  say("live", clock(heard));
}

/** @param {unknown} error */
function lose(error) {
  console.warn(error);
  say(String(error).includes("signed out") ? "ended" : "lost", clock(heard));
}

/** @param {"live" | "lost" | "ended"} how @param {string} at */
function say(how, at) {
  const line = document.getElementById("map-live");
  if (!line) return;
  const words = (line.dataset[how] ?? "").replace("{time}", at);
  line.hidden = how === "live" && !state?.live;
  line.dataset.how = how;
  line.textContent = words;
}

/** The page's own changing part, asked for anew without reloading. @param {string} url @param {string[]} parts */
async function swap(url, parts) {
  const mine = ++swaps;
  const response = await fetch(url, { cache: "no-cache" });
  if (!response.ok) throw new Error(`${url} answered ${response.status}`);
  if (response.redirected) throw new Error("signed out");
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  // What was asked for later is what is wanted: a scene that was left does not come back.
  if (mine !== swaps) return;
  for (const part of parts) {
    const next = page.getElementById(part);
    const here = document.getElementById(part);
    if (!next || !here || next.innerHTML === here.innerHTML) continue;
    here.replaceChildren(...next.childNodes);
    /** @type {any} */ (window).htmx?.process(here);
  }
}

/** Ask whether anything has changed; the table follows only when the map did. */
async function refresh() {
  if (document.hidden && !isWall) return;
  if (!isWall && !state?.live) return;
  try {
    if (isWall) {
      await swap(state.self, ["map-state"]);
      await show(false);
      return;
    }
    const next = await ask(state.values);
    const isNew = JSON.stringify(next) !== JSON.stringify(values);
    if (isNew) {
      await take(next);
      await swap(location.href, ["table-map", "map-counts", "map-place"]);
    }
    hear();
  } catch (error) {
    lose(error);
  }
}

/** A slider over the choices of the time list, and a button that plays them. */
function slide() {
  const list = /** @type {HTMLSelectElement | null} */ (document.getElementById("map-at"));
  const place = document.getElementById("map-slider");
  if (!list || !place || place.childElementCount || list.options.length < 2) return;
  const range = document.createElement("input");
  range.type = "range";
  range.id = "map-range";
  range.min = "0";
  range.max = String(list.options.length - 1);
  range.value = String(list.selectedIndex);
  range.setAttribute("aria-label", place.dataset.label ?? "");
  const speak = () => range.setAttribute("aria-valuetext", list.options[Number(range.value)].text);
  speak();
  range.addEventListener("input", () => {
    list.selectedIndex = Number(range.value);
    speak();
  });
  range.addEventListener("change", (event) => {
    event.stopPropagation();
    list.dispatchEvent(new Event("change", { bubbles: true }));
  });
  place.append(range);
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (/** @type {Element} */ (event.target).id !== "map-state") return;
  slide();
  show(true);
});

/** The place whose panel is open, "" for none. */
const openPlace = () => document.querySelector("[data-place]")?.getAttribute("data-place") ?? "";

/** Keep in the address, and in what the form sends, which panel is open. @param {string} place */
function name(place) {
  const url = new URL(location.href);
  if (place) url.searchParams.set("open", place);
  else url.searchParams.delete("open");
  history.replaceState(history.state, "", url);
  const field = /** @type {HTMLInputElement | null} */ (document.getElementById("map-open"));
  if (field) [field.value, field.disabled] = [place, !place];
}

/** Show the panel of a place beside the map; without its answer its page is opened. @param {string} place public id */
async function openPanel(place) {
  const here = document.getElementById("map-place");
  if (!here) return;
  const url = state.panel.replace("PLACE", place);
  const response = await fetch(url, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (!response?.ok || response.redirected) return void location.assign(url);
  here.innerHTML = await response.text();
  /** @type {any} */ (window).htmx?.process(here);
  name(place);
  document.getElementById("map-place-name")?.focus({ preventScroll: true });
  // Where it comes up over the page, the map is brought above it.
  if (getComputedStyle(here).position === "fixed") map.parentElement.scrollIntoView({ block: "start" });
}

/** Back to the list, to where one came from. */
function closePanel() {
  const place = openPlace();
  document.getElementById("map-place")?.replaceChildren();
  name("");
  map.highlight([]);
  /** @type {HTMLElement | null} */ (document.querySelector(`#table-map a[href*="open=${place}"]`))?.focus();
}

map.addEventListener("heli-select", (/** @type {CustomEvent} */ event) => {
  const { id, properties } = event.detail;
  if (id !== null && !isWall) openPanel(properties.p);
});

document.addEventListener("click", (event) => {
  const link = /** @type {Element} */ (event.target).closest("#table-map a[href*='open='], [data-close]");
  if (!(link instanceof HTMLAnchorElement) || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  if (link.hasAttribute("data-close")) return closePanel();
  const id = link.closest("[data-id]")?.getAttribute("data-id");
  if (id) map.highlight([id]);
  openPanel(new URL(link.href).searchParams.get("open") ?? "");
});

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && openPlace()) closePanel();
});

let near = "";
map.addEventListener("heli-moved", async (/** @type {CustomEvent} */ event) => {
  const bounds = map.features.length > CROWD ? boundsOf(map.features) : null;
  if (!bounds || !state) return;
  const [west, south, east, north] = event.detail.box;
  const width = bounds[2] - bounds[0];
  if (east - west > width * NEAR) return;
  const step = (width * NEAR) / 2;
  const snapped = [west, south].map((at) => Math.floor(at / step) * step).concat([east, north].map((at) => Math.ceil(at / step) * step));
  const url = `${state.shapes}&box=${snapped.map((at) => at.toFixed(4)).join(",")}`;
  if (url === near) return;
  near = url;
  try {
    const response = await fetch(url, { headers: { Accept: "application/geo+json" } });
    if (response.ok && url === near) await map.refine((await response.json()).features ?? []);
  } catch (error) {
    console.warn(error);
  }
});

addEventListener("online", refresh);
addEventListener("offline", () => lose(new Error("offline")));
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) refresh();
});
document.addEventListener("click", (event) => {
  const button = /** @type {Element} */ (event.target).closest("[data-fullscreen]");
  if (!button) return;
  if (document.fullscreenElement) document.exitFullscreen();
  else document.documentElement.requestFullscreen();
});

await customElements.whenDefined("heli-map");
await map.settled;
slide();
await show(true);
setInterval(refresh, EVERY_MS);
if (isWall && state.next) {
  setInterval(async () => {
    try {
      await swap(state.next, ["map-state"]);
      await show(false);
      box.dataset.turned = String(Number(box.dataset.turned ?? 0) + 1);
    } catch (error) {
      lose(error);
    }
  }, state.turn * 1000);
}
