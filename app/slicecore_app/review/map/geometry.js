// Plane geometry on arrays of [x, y].

/** @typedef {{left: number, right: number, bottom: number, top: number}} Bounds */

/**
 * SVG path around convex `corners`, clockwise as seen on the screen, at distance `pad` and with round corners.
 * @param {Point[]} corners
 * @param {number} pad
 */
export function paddedPath(corners, pad) {
  if (corners.length === 0) return "";
  /** @param {number} x @param {number} y */
  const at = (x, y) => `${x.toFixed(1)},${y.toFixed(1)}`;
  const arc = `A${pad},${pad} 0 0 1 `;
  if (corners.length === 1) {
    const [[x, y]] = corners;
    return `M${at(x - pad, y)}${arc}${at(x + pad, y)}${arc}${at(x - pad, y)}Z`;
  }
  const edges = corners.map(([x0, y0], i) => {
    const [x1, y1] = corners[(i + 1) % corners.length];
    const length = Math.hypot(x1 - x0, y1 - y0) || 1;
    const [dx, dy] = [((y1 - y0) / length) * pad, (-(x1 - x0) / length) * pad]; // outwards
    return [at(x0 + dx, y0 + dy), at(x1 + dx, y1 + dy)];
  });
  return `M${edges.map(([from, to]) => `${from}L${to}`).join(arc)}${arc}${edges[0][0]}Z`;
}

/**
 * Closed path that rounds off the corners of a drawn line: the corners become control points.
 * @param {Point[]} points
 */
export function smoothPath(points) {
  if (points.length < 3) return points.map((p, i) => `${i ? "L" : "M"}${p[0]},${p[1]}`).join("");
  const middles = points.map((p, i) => {
    const next = points[(i + 1) % points.length];
    return `${((p[0] + next[0]) / 2).toFixed(1)},${((p[1] + next[1]) / 2).toFixed(1)}`;
  });
  const curves = points.map((p, i) => `Q${p[0].toFixed(1)},${p[1].toFixed(1)} ${middles[i]}`);
  return `M${middles.at(-1)}${curves.join("")}Z`;
}

/**
 * True if (x, y) lies inside a polygon (even-odd rule).
 * @param {Point[]} polygon
 * @param {number} x
 * @param {number} y
 */
export function isInside(polygon, x, y) {
  let inside = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [xi, yi] = polygon[i];
    const [xj, yj] = polygon[j];
    if (yi > y !== yj > y && x < ((xj - xi) * (y - yi)) / (yj - yi) + xi) inside = !inside;
  }
  return inside;
}

/**
 * Distance of (x, y) from a polygon's edge; 0 inside. Works for one or two corners too.
 * @param {Point[]} polygon
 * @param {number} x
 * @param {number} y
 */
export function distanceTo(polygon, x, y) {
  if (polygon.length > 2 && isInside(polygon, x, y)) return 0;
  const distances = polygon.map(([x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length];
    const [dx, dy] = [x1 - x0, y1 - y0];
    const along = ((x - x0) * dx + (y - y0) * dy) / (dx * dx + dy * dy || 1);
    const share = Math.min(1, Math.max(0, along));
    return Math.hypot(x - x0 - share * dx, y - y0 - share * dy);
  });
  return Math.min(...distances);
}

/**
 * Rows of `xy` (x, y interleaved) inside a polygon.
 * @param {Point[]} polygon
 * @param {ArrayLike<number>} xy
 */
export function rowsInside(polygon, xy) {
  const [xs, ys] = [polygon.map((p) => p[0]), polygon.map((p) => p[1])];
  const [left, right, bottom, top] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const rows = [];
  for (let row = 0; 2 * row < xy.length; row++) {
    const [x, y] = [xy[2 * row], xy[2 * row + 1]];
    if (x >= left && x <= right && y >= bottom && y <= top && isInside(polygon, x, y)) rows.push(row);
  }
  return rows;
}

/**
 * Bounds of the finite points of `xy`, null without any.
 * @param {ArrayLike<number>} xy
 * @returns {Bounds | null}
 */
export function boundsOf(xy) {
  const box = { left: Infinity, right: -Infinity, bottom: Infinity, top: -Infinity };
  for (let i = 0; i < xy.length; i += 2) {
    const [x, y] = [xy[i], xy[i + 1]];
    if (!Number.isFinite(x) || !Number.isFinite(y)) continue;
    if (x < box.left) box.left = x;
    if (x > box.right) box.right = x;
    if (y < box.bottom) box.bottom = y;
    if (y > box.top) box.top = y;
  }
  return box.left <= box.right ? box : null;
}
