// @ts-check
/** `<heli-chart>`: curves, histograms, bars and stacks from a JSON child, drawn by ECharts as SVG, with the same figures
 * as a table for screen readers, keyboards and paper. Event: `heli-point` {x, y, id, series}.
 *
 * curve: {x_label, y_label, series: [{name, points: [[x, y, id?]], dashed}], marks: [{x, label}]}
 * histogram: {x_label, y_label, edges, series: [{name, counts}]}
 * stacked | bars: {categories, series: [{name, values, fill, ink, letter}], unit, horizontal}; `fill` where colours are given
 *   from outside (those of warnings, each with its letter), else the chart's own.
 * burnup: {total, total_label, on, on_label, y_label, series: [{name, points: [["2026-03-02", count]], dashed}]}
 * option: an ECharts option as it is.
 */

import { CHOSEN, SERIES } from "heli/palette";

const words = JSON.parse(document.getElementById("ui-words")?.textContent ?? "{}");
const number = new Intl.NumberFormat(document.documentElement.lang || "zh-Hans", { maximumFractionDigits: 2 });
const FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", system-ui, sans-serif';
const [INK, QUIET, RULE] = ["#17211f", "#5b6966", "#dde4e1"];
/** Fills of bars told apart in grey, too: each series has its own hatching. */
const DECALS = [
  undefined,
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, color: "rgba(255,255,255,.55)" },
  { symbol: "circle", dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [3, 3], symbolSize: 0.6, color: "rgba(255,255,255,.6)" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: Math.PI / 4, color: "rgba(255,255,255,.55)" },
];

/** @param {any} value */
const shown = (value) => (typeof value === "number" ? number.format(value) : String(value ?? "—"));
/** @param {string} type @param {string} name */
const axis = (type, name) => ({
  type,
  name,
  nameLocation: "middle",
  nameGap: type === "category" ? 30 : 32,
  nameTextStyle: { color: QUIET, fontFamily: FONT },
  axisLabel: { color: QUIET, fontFamily: FONT, hideOverlap: true, ...(type === "value" ? { formatter: shown } : {}) },
  axisLine: { lineStyle: { color: "#7f8d89" } },
  splitLine: { lineStyle: { color: RULE } },
  scale: type === "value",
});

/** @param {any} d */
function common(d) {
  return {
    animation: !matchMedia("(prefers-reduced-motion: reduce)").matches,
    animationDuration: 300,
    color: SERIES,
    textStyle: { fontFamily: FONT, color: INK },
    grid: { left: 12, right: 20, top: d.series.length > 1 ? 40 : 20, bottom: 36, containLabel: true },
    legend: d.series.length > 1 ? { top: 0, right: 0, textStyle: { color: INK, fontFamily: FONT }, icon: "roundRect" } : undefined,
    tooltip: { renderMode: "richText", confine: true, backgroundColor: "rgba(16,40,38,.94)", borderWidth: 0, textStyle: { color: "#fff", fontFamily: FONT, fontSize: 13 } },
  };
}

/** @param {any} d */
function curve(d) {
  const base = common(d);
  const marks = (d.marks ?? []).map((/** @type {any} */ m) => ({ xAxis: m.x, label: { formatter: m.label ?? shown(m.x), color: INK, fontFamily: FONT } }));
  return {
    ...base,
    grid: { ...base.grid, top: marks.length ? 44 : base.grid.top, left: 34 },
    tooltip: {
      ...base.tooltip,
      trigger: "axis",
      axisPointer: { type: "line", lineStyle: { color: "#7f8d89", type: "dashed" } },
      formatter: (/** @type {any[]} */ items) => [`${d.x_label ?? ""} ${shown(items[0]?.value[0])}`, ...items.map((i) => `${i.seriesName}  ${shown(i.value[1])}`)].join("\n"),
    },
    xAxis: { ...axis("value", d.x_label ?? ""), splitLine: { show: false } },
    yAxis: { ...axis("value", d.y_label ?? ""), nameGap: 44 },
    series: d.series.map((/** @type {any} */ s, /** @type {number} */ i) => ({
      name: s.name,
      type: "line",
      data: s.points,
      showSymbol: s.points.length <= 150,
      symbol: ["circle", "diamond", "triangle", "rect"][i % 4],
      symbolSize: 7,
      lineStyle: { width: 2, type: s.dashed ? "dashed" : "solid" },
      emphasis: { scale: 1.8, itemStyle: { color: CHOSEN } },
      cursor: s.points.some((/** @type {any[]} */ p) => p.length > 2) ? "pointer" : "default",
      markLine: i === 0 && marks.length ? { symbol: "none", silent: true, lineStyle: { color: CHOSEN, type: "solid", width: 1.5 }, data: marks } : undefined,
    })),
  };
}

/** @param {any} d @param {"stack" | "beside"} how */
function bars(d, how) {
  const base = common(d);
  const name = axis("category", d.x_label ?? "");
  const value = { ...axis("value", d.y_label ?? d.unit ?? ""), scale: false };
  const tallest = Math.max(1, ...d.categories.map((/** @type {any} */ _, /** @type {number} */ at) => d.series.reduce((/** @type {number} */ sum, /** @type {any} */ s) => sum + (s.values[at] ?? 0), 0)));
  const cats = { ...name, data: d.categories, ...(d.horizontal ? { inverse: true, nameLocation: "end" } : {}) };
  return {
    ...base,
    grid: { ...base.grid, left: d.horizontal || !(d.y_label ?? d.unit) ? 12 : 34 },
    tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: "shadow" }, valueFormatter: shown },
    xAxis: d.horizontal ? value : cats,
    yAxis: d.horizontal ? cats : { ...value, nameGap: 44 },
    series: d.series.map((/** @type {any} */ s, /** @type {number} */ i) => ({
      name: s.name,
      type: "bar",
      stack: how === "stack" ? "all" : undefined,
      data: s.values,
      barMaxWidth: s.fill ? 56 : 36,
      barGap: "10%",
      itemStyle: s.fill
        ? { color: s.fill, borderColor: "#fff", borderWidth: 1 }
        : { decal: DECALS[i % DECALS.length], borderRadius: how === "stack" ? 0 : 2 },
      label: s.fill
        ? { show: true, color: s.ink ?? INK, fontFamily: FONT, formatter: (/** @type {any} */ p) => (p.value > tallest * 0.06 ? `${s.letter ?? ""}${shown(p.value)}` : "") }
        : undefined,
    })),
  };
}

/** Counts by day under the line of everything there is to do. @param {any} d */
function burnup(d) {
  const base = common(d);
  const line = (/** @type {any} */ at, /** @type {string} */ text, /** @type {string} */ position) => ({ ...at, label: { formatter: text, position, color: INK, fontFamily: FONT } });
  const marks = [
    ...(d.total ? [{ ...line({ yAxis: d.total }, `${d.total_label ?? ""} ${shown(d.total)}`, "insideStartTop"), lineStyle: { color: INK, type: "solid" } }] : []),
    ...(d.on ? [line({ xAxis: d.on }, `${d.on_label ?? ""} ${d.on}`, "end")] : []),
  ];
  return {
    ...base,
    grid: { ...base.grid, left: 34, top: 48 },
    tooltip: { ...base.tooltip, trigger: "axis", axisPointer: { type: "line" }, valueFormatter: shown },
    xAxis: { ...axis("time", ""), splitLine: { show: false }, axisLabel: { color: QUIET, fontFamily: FONT, hideOverlap: true, formatter: "{yyyy}-{MM}-{dd}" } },
    yAxis: { ...axis("value", d.y_label ?? ""), nameGap: 48, scale: false, min: 0 },
    series: d.series.map((/** @type {any} */ s, /** @type {number} */ i) => ({
      name: s.name,
      type: "line",
      data: s.points,
      showSymbol: false,
      symbol: ["circle", "diamond"][i % 2],
      lineStyle: { width: 2.4, type: s.dashed ? "dashed" : "solid" },
      areaStyle: s.dashed ? undefined : { opacity: 0.08 },
      markLine: i === 0 ? { symbol: "none", silent: true, lineStyle: { color: CHOSEN, type: "solid", width: 1.5 }, data: marks } : undefined,
    })),
  };
}

/** @param {any} d */
const binned = (d) => ({
  ...d,
  categories: d.edges.slice(0, -1).map((/** @type {number} */ low, /** @type {number} */ i) => `${shown(low)}–${shown(d.edges[i + 1])}`),
  series: d.series.map((/** @type {any} */ s) => ({ name: s.name, values: s.counts })),
});

/** @type {Record<string, (d: any) => any>} */
const OPTIONS = {
  curve,
  burnup,
  histogram: (d) => bars(binned(d), "beside"),
  bars: (d) => bars(d, "beside"),
  stacked: (d) => bars(d, "stack"),
  option: (d) => d,
};

class HeliChart extends HTMLElement {
  connectedCallback() {
    if (this.box) return;
    const script = this.querySelector('script[type="application/json"]');
    this.box = document.createElement("div");
    this.box.className = "chart__view";
    this.box.setAttribute("role", "img");
    const label = this.getAttribute("label") ?? "";
    this.box.setAttribute("aria-label", label);
    if (label) {
      const title = document.createElement("p");
      title.className = "chart__title";
      title.textContent = label;
      this.append(title);
    }
    this.append(this.box);
    for (const child of [...this.children]) if (child.hasAttribute("data-fallback")) child.remove();
    this.settled = this.setData(JSON.parse(script?.textContent || '{"series": []}'));
  }

  disconnectedCallback() {
    this.sizes?.disconnect();
    this.chart?.dispose();
    this.chart = undefined;
    this.box = undefined;
  }

  /** @param {any} figures */
  async setData(figures) {
    const kind = this.getAttribute("kind") ?? "option";
    try {
      const echarts = await import("echarts");
      if (!this.box) return;
      if (!this.chart) {
        this.chart = echarts.init(this.box, null, { renderer: "svg", locale: document.documentElement.lang.startsWith("zh") ? "ZH" : "EN" });
        this.chart.on("click", (/** @type {any} */ event) => {
          if (Array.isArray(event.value)) this.#point(event.value, event.seriesName);
        });
        this.sizes = new ResizeObserver(() => this.chart?.resize());
        this.sizes.observe(this.box);
      }
      this.chart.setOption(OPTIONS[kind](figures), { notMerge: true });
    } catch (error) {
      console.error(error);
      if (this.box) this.box.textContent = words.chart_failed;
    }
    if (kind !== "option") this.#table(kind, figures);
  }

  /** @param {any[]} value @param {string} series */
  #point(value, series) {
    const [x, y, id] = value;
    this.dispatchEvent(new CustomEvent("heli-point", { bubbles: true, detail: { x, y, id: id ?? null, series } }));
  }

  /** @param {string} kind @param {any} figures */
  #table(kind, figures) {
    const d = kind === "histogram" ? binned(figures) : figures;
    const isOpen = this.querySelector(".chart__table")?.hasAttribute("open") ?? false;
    this.querySelector(".chart__table")?.remove();
    const details = document.createElement("details");
    details.className = "chart__table";
    details.open = isOpen;
    const summary = document.createElement("summary");
    summary.textContent = words.as_table;
    const scroll = document.createElement("div");
    scroll.className = "table-scroll";
    scroll.tabIndex = 0;
    const table = document.createElement("table");
    table.className = "table";
    const head = table.createTHead().insertRow();
    for (const text of [d.x_label ?? "", ...d.series.map((/** @type {any} */ s) => s.name)]) {
      const cell = document.createElement("th");
      cell.scope = "col";
      cell.textContent = text;
      head.append(cell);
    }
    const body = table.createTBody();
    const isCurve = kind === "curve" || kind === "burnup";
    const xs = isCurve ? [...new Set(d.series.flatMap((/** @type {any} */ s) => s.points.map((/** @type {any[]} */ p) => p[0])))] : [];
    const keys = isCurve ? xs.sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)) : d.categories;
    keys.forEach((/** @type {any} */ key, /** @type {number} */ i) => {
      const row = body.insertRow();
      const first = document.createElement("th");
      first.scope = "row";
      first.textContent = shown(key);
      row.append(first);
      for (const s of d.series) {
        const cell = row.insertCell();
        cell.className = "is-number";
        const point = isCurve ? s.points.find((/** @type {any[]} */ p) => p[0] === key) : null;
        const value = isCurve ? point?.[1] : s.values[i];
        if (point && point.length > 2) {
          const button = document.createElement("button");
          button.type = "button";
          button.textContent = shown(value);
          button.addEventListener("click", () => this.#point(point, s.name));
          cell.append(button);
        } else cell.textContent = shown(value);
      }
    });
    scroll.append(table);
    details.append(summary, scroll);
    this.append(details);
  }
}

if (!customElements.get("heli-chart")) customElements.define("heli-chart", HeliChart);
