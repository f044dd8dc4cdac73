// @ts-check
/** Colours and patterns of maps and charts. Red, amber and green are left to warnings; every category also has a pattern. */

/** Fills light enough for dark labels, told apart with common colour blindness, each with a pattern of its own. */
export const CATEGORIES = [
  { fill: "#8cc5bd", mark: "#2f756d", pattern: "none" },
  { fill: "#b3cdec", mark: "#7ea3cf", pattern: "rising" },
  { fill: "#d3c3e8", mark: "#a78dcb", pattern: "dots" },
  { fill: "#ecdca6", mark: "#c4aa52", pattern: "falling" },
  { fill: "#e8c1d6", mark: "#c788aa", pattern: "cross" },
  { fill: "#bfcad0", mark: "#8b9ba4", pattern: "level" },
  { fill: "#cbd69a", mark: "#9caa5a", pattern: "upright" },
  { fill: "#dcc2a8", mark: "#b58f67", pattern: "rings" },
];

const PATTERNS = CATEGORIES.map((style) => style.pattern);

/** The style of the n-th category; past the eighth, colours return with other patterns. @param {number} n */
export function category(n) {
  const base = CATEGORIES[n % CATEGORIES.length];
  const turn = Math.floor(n / CATEGORIES.length) * 3;
  return turn ? { ...base, pattern: PATTERNS[(n + turn) % PATTERNS.length] } : base;
}

/** Light to dark: the order is readable in grey, too. */
export const SEQUENCE = ["#e6f2f0", "#b9dad5", "#83bcb5", "#4a9892", "#176b6b"];
export const NOTHING = { fill: "#f4f4f2", mark: "#c9cdcb", pattern: "none" };
export const INK = "#17211f";
export const LINE = "#ffffff";
export const OUTLINE = "#43514e";
export const CHOSEN = "#b4540a";
export const SERIES = ["#0b5a5c", "#4a75a8", "#7c60a5", "#9a8128", "#a1577f", "#5f727c"];

/** The strokes of a pattern in an 8 × 8 tile, as SVG path data. @type {Record<string, string>} */
export const STROKES = {
  none: "",
  rising: "M-2 2 2-2M0 8 8 0M6 10 10 6",
  falling: "M-2 6 2 10M0 0 8 8M6-2 10 2",
  cross: "M0 8 8 0M0 0 8 8",
  level: "M0 4H8",
  upright: "M4 0V8",
  dots: "M2 2h.01M6 6h.01",
  rings: "M4 2.5a1.5 1.5 0 1 1-.01 0",
};

/** @param {string} pattern */
export const strokeWidth = (pattern) => (pattern === "dots" ? 2 : 1);

/** The limits of up to five classes holding about as many values each; equal limits fall together.
 * @param {number[]} values */
export function quantiles(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const limits = [];
  for (let i = 1; i < SEQUENCE.length; i++) limits.push(sorted[Math.floor((i * sorted.length) / SEQUENCE.length)]);
  return [...new Set(limits)].filter((limit) => limit > sorted[0]);
}

/** The outline of a sign's shape around the origin, as SVG path data. @param {string} shape @param {number} size */
export function signPath(shape, size) {
  const h = size / 2;
  return {
    dot: `M${-size / 6} 0a${size / 6} ${size / 6} 0 1 0 ${size / 3} 0a${size / 6} ${size / 6} 0 1 0 ${-size / 3} 0Z`,
    square: `M${-h} ${-h}H${h}V${h}H${-h}Z`,
    diamond: `M0 ${-size * 0.72}L${size * 0.72} 0L0 ${size * 0.72}L${-size * 0.72} 0Z`,
    triangle: `M0 ${-size * 0.8}L${size * 0.82} ${size * 0.56}L${-size * 0.82} ${size * 0.56}Z`,
  }[shape] ?? "";
}

/** Size of a sign's letter and how far under the middle it stands, both for a sign of size 1. @param {string} shape */
export const signLetter = (shape) => (shape === "triangle" ? { size: 0.62, drop: 0.4 } : { size: 0.78, drop: 0.28 });
