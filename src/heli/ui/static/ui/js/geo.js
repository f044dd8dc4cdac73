// @ts-check
/** Plain geometry for drawing GeoJSON: projection, bounds, label points. No library. */

/** @typedef {[number, number]} XY */

/** Web-Mercator in a unit square, y downwards. @param {number[]} lonLat @returns {XY} */
export function project([lon, lat]) {
  const sin = Math.sin((Math.max(-85, Math.min(85, lat)) * Math.PI) / 180);
  return [lon / 360 + 0.5, 0.5 - Math.log((1 + sin) / (1 - sin)) / (4 * Math.PI)];
}

/** Back from the unit square. @param {XY} xy @returns {XY} longitude, latitude */
export function unproject([x, y]) {
  return [(x - 0.5) * 360, (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI];
}

/** The first of these features that a point lies in. @param {any[]} features @param {number[]} lonLat */
export function around(features, [x, y]) {
  const inside = (/** @type {number[][]} */ ring) =>
    ring.reduce((is, [ax, ay], i) => {
      const [bx, by] = ring[(i + ring.length - 1) % ring.length];
      return ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax ? !is : is;
    }, false);
  return features.find((feature) => polygonsOf(feature.geometry).some((rings) => rings.filter(inside).length % 2 === 1));
}

/** @param {any} geometry @returns {number[][][][]} polygons as rings of positions */
export function polygonsOf(geometry) {
  if (geometry?.type === "Polygon") return [geometry.coordinates];
  if (geometry?.type === "MultiPolygon") return geometry.coordinates;
  return [];
}

/** @param {any} geometry @returns {number[][][]} open lines */
export function linesOf(geometry) {
  if (geometry?.type === "LineString") return [geometry.coordinates];
  if (geometry?.type === "MultiLineString") return geometry.coordinates;
  return [];
}

/** [west, south, east, north] of all geometries, null when there is none. @param {any[]} features */
export function boundsOf(features) {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity];
  /** @param {any} value */
  const visit = (value) => {
    if (typeof value?.[0] === "number") {
      west = Math.min(west, value[0]);
      east = Math.max(east, value[0]);
      south = Math.min(south, value[1]);
      north = Math.max(north, value[1]);
    } else for (const part of value ?? []) visit(part);
  };
  for (const feature of features) visit(feature.geometry?.coordinates);
  return west === Infinity ? null : /** @type {[number, number, number, number]} */ ([west, south, east, north]);
}

/** @param {number[][]} ring */
function signedArea(ring) {
  let sum = 0;
  for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) sum += ring[j][0] * ring[i][1] - ring[i][0] * ring[j][1];
  return sum / 2;
}

/** A position well inside the feature to hang its name on: the middle of the widest stretch of its largest part.
 * @param {any} geometry @returns {number[] | null} */
export function labelPoint(geometry) {
  if (geometry?.type === "Point") return geometry.coordinates;
  const polygons = polygonsOf(geometry);
  if (!polygons.length) return null;
  const rings = polygons.reduce((a, b) => (Math.abs(signedArea(b[0])) > Math.abs(signedArea(a[0])) ? b : a));
  const ys = rings[0].map((p) => p[1]);
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  let best = { width: -1, at: rings[0][0] };
  for (const part of [0.5, 0.4, 0.6, 0.3, 0.7]) {
    const y = low + (high - low) * part;
    const cuts = [];
    for (const ring of rings) {
      for (let i = 0, j = ring.length - 1; i < ring.length; j = i++) {
        const [a, b] = [ring[j], ring[i]];
        if (a[1] > y !== b[1] > y) cuts.push(a[0] + ((y - a[1]) / (b[1] - a[1])) * (b[0] - a[0]));
      }
    }
    cuts.sort((a, b) => a - b);
    for (let i = 0; i + 1 < cuts.length; i += 2) {
      // The middle height is preferred unless another is clearly wider.
      const width = (cuts[i + 1] - cuts[i]) * (part === 0.5 ? 1.15 : 1);
      if (width > best.width) best = { width, at: [(cuts[i] + cuts[i + 1]) / 2, y] };
    }
  }
  return best.at;
}

/** A feature's identity as text: its `id`, else its property `id`. @param {any} feature */
export const idOf = (feature) => String(feature.properties?.id ?? feature.id ?? "");
