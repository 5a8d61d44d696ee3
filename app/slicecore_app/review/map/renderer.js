// The points, drawn by WebGL2: positions are uploaded once, a recolour uploads one byte a point and the drawing order.

import { rgb } from "../../web/colour.js";

// The low five bits are the colour step.
export const FLAGGED = 32;
export const PICKED = 64;
export const LASSOED = 128;

const VERTEX = `#version 300 es
in vec2 position;
in uint state;
uniform vec2 centre, scale, halfSize;   // data; device px per unit of data; half the canvas in device px
uniform float radius, pixelRatio;
uniform bool anyPicked, anyLassoed;
uniform vec3 colours[32];
uniform vec3 accent, outline, edge, grey;
out vec4 fill;
out vec4 ring;
out vec2 sizes;                         // outer radius, ring width, in device px

void main() {
  bool flagged = (state & 32u) != 0u, picked = (state & 64u) != 0u, lassoed = (state & 128u) != 0u;
  bool dimmed = anyLassoed && !lassoed;
  float thin = clamp(radius / 2.6, .45, 1.);   // small points have thinner rings, or nothing but rings would be seen
  float r = picked ? radius + .7 : flagged ? max(radius, 1.7) : radius * .92;
  float width = (picked ? 1.9 : flagged ? .95 : .6) * thin;
  float alpha = picked || lassoed ? 1. : dimmed ? .45 : flagged ? (anyPicked ? .8 : .9) : (anyPicked ? .7 : .8);
  fill = vec4(dimmed ? grey : colours[state & 31u], alpha);
  ring = vec4(picked ? accent : flagged ? outline : edge, alpha);
  sizes = vec2(r + width / 2., width) * pixelRatio;
  gl_Position = vec4((position - centre) * scale / halfSize, 0., 1.);
  gl_PointSize = 2. * sizes.x + 2.;
}`;

const FRAGMENT = `#version 300 es
precision highp float;
in vec4 fill;
in vec4 ring;
in vec2 sizes;
out vec4 colour;

void main() {
  float distance = length(gl_PointCoord - .5) * (2. * sizes.x + 2.);
  float inside = clamp(sizes.x + .5 - distance, 0., 1.);
  float onRing = clamp(distance - (sizes.x - sizes.y) + .5, 0., 1.);
  vec4 mixed = mix(fill, ring, onRing);
  float alpha = mixed.a * inside;
  colour = vec4(mixed.rgb * alpha, alpha);
}`;

const UNIFORMS = ["centre", "scale", "halfSize", "radius", "pixelRatio", "anyPicked", "anyLassoed"].concat(
  ["colours", "accent", "outline", "edge", "grey"],
);

/**
 * @typedef {import("./camera.js").Camera} Camera
 * @typedef {ReturnType<typeof import("./colours.js").mapTheme>} Theme
 */

/** @param {string} colour */
const unit = (colour) => rgb(colour).map((part) => part / 255);

/** @param {WebGL2RenderingContext} gl */
function compile(gl) {
  const program = gl.createProgram();
  for (const { kind, source } of [{ kind: gl.VERTEX_SHADER, source: VERTEX }, { kind: gl.FRAGMENT_SHADER, source: FRAGMENT }]) {
    const shader = /** @type {WebGLShader} */ (gl.createShader(kind));
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(program, shader);
  }
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost()) {
    throw new Error(`The map's shaders do not compile: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/**
 * Radius of a plain point in css px: smaller in a small window and for many points, larger when zoomed in.
 * @param {number} count
 * @param {number} width
 * @param {number} zoom
 */
function pointRadius(count, width, zoom) {
  const base = Math.max(2.4, Math.min(3.4, width / 170));
  const crowded = base * Math.min(1, (2000 / Math.max(1, count)) ** 0.25);
  return Math.min(5, crowded * Math.max(1, zoom) ** 0.35);
}

/**
 * Rows in the order they are drawn: plain, flagged, picked or lassoed on top; rows without a position are left out.
 * @param {Float32Array} xy
 * @param {Uint8Array} states
 */
function drawingOrder(xy, states) {
  /** @param {number} state */
  const rank = (state) => (state & (PICKED | LASSOED) ? 2 : state & FLAGGED ? 1 : 0);
  /** @param {number} row */
  const drawn = (row) => Number.isFinite(xy[2 * row]) && Number.isFinite(xy[2 * row + 1]);
  const next = [0, 0, 0];
  for (let row = 0; row < states.length; row++) if (drawn(row)) next[rank(states[row])]++;
  const order = new Uint32Array(next[0] + next[1] + next[2]);
  [next[0], next[1], next[2]] = [0, next[0], next[0] + next[1]];
  for (let row = 0; row < states.length; row++) if (drawn(row)) order[next[rank(states[row])]++] = row;
  return order;
}

/**
 * Draws points on a canvas. `onRestored` is called when the browser has given a lost context back. Null without WebGL2.
 * @param {HTMLCanvasElement} canvas
 * @param {() => void} onRestored
 */
export function createRenderer(canvas, onRestored) {
  const context = canvas.getContext("webgl2", { antialias: false, depth: false, premultipliedAlpha: true });
  if (!context) return null;
  const gl = context;
  /** @type {Record<string, WebGLUniformLocation | null>} */
  let uniform;
  /** @type {Record<"xy" | "states" | "order", WebGLBuffer>} */
  let buffers;
  let xy = /** @type {Float32Array} */ (new Float32Array());
  let states = /** @type {Uint8Array} */ (new Uint8Array());
  let order = new Uint32Array();
  /** @type {Theme | null} */
  let theme = null;

  function setUp() {
    const program = compile(gl);
    uniform = Object.fromEntries(UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]));
    buffers = { xy: gl.createBuffer(), states: gl.createBuffer(), order: gl.createBuffer() };
    gl.useProgram(program);
    gl.enable(gl.BLEND);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    const position = gl.getAttribLocation(program, "position");
    const state = gl.getAttribLocation(program, "state");
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.xy);
    gl.enableVertexAttribArray(position);
    gl.vertexAttribPointer(position, 2, gl.FLOAT, false, 0, 0);
    gl.bindBuffer(gl.ARRAY_BUFFER, buffers.states);
    gl.enableVertexAttribArray(state);
    gl.vertexAttribIPointer(state, 1, gl.UNSIGNED_BYTE, 0, 0);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, buffers.order);
  }

  /** @param {WebGLBuffer} buffer @param {AllowSharedBufferSource} values @param {number} target */
  function upload(buffer, values, target = gl.ARRAY_BUFFER) {
    gl.bindBuffer(target, buffer);
    gl.bufferData(target, values, gl.DYNAMIC_DRAW);
  }

  /** @param {Theme} given */
  function setTheme(given) {
    theme = given;
    gl.uniform3fv(uniform.colours, given.steps.flatMap(unit));
    gl.uniform3fv(uniform.accent, unit(theme.accent));
    gl.uniform3fv(uniform.outline, unit(theme.outline));
    gl.uniform3fv(uniform.edge, unit(theme.line2));
    gl.uniform3fv(uniform.grey, unit(theme.greyDot));
  }

  /** @param {Float32Array} positions */
  function setPoints(positions) {
    xy = positions;
    upload(buffers.xy, xy);
  }

  /** @param {Uint8Array} bytes */
  function setStates(bytes) {
    states = bytes;
    order = drawingOrder(xy, states);
    upload(buffers.states, states);
    upload(buffers.order, order, gl.ELEMENT_ARRAY_BUFFER);
    gl.uniform1i(uniform.anyPicked, states.some((state) => state & PICKED) ? 1 : 0);
    gl.uniform1i(uniform.anyLassoed, states.some((state) => state & LASSOED) ? 1 : 0);
  }

  /** @param {Camera} camera */
  function draw(camera) {
    const ratio = window.devicePixelRatio || 1;
    const [width, height] = [Math.round(camera.width * ratio), Math.round(camera.height * ratio)];
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    gl.viewport(0, 0, width, height);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    if (!order.length) return;
    const [kx, ky] = camera.scale;
    gl.uniform2f(uniform.centre, camera.x, camera.y);
    gl.uniform2f(uniform.scale, kx * ratio, ky * ratio);
    gl.uniform2f(uniform.halfSize, width / 2, height / 2);
    gl.uniform1f(uniform.pixelRatio, ratio);
    gl.uniform1f(uniform.radius, pointRadius(order.length, camera.width, camera.zoom));
    gl.drawElements(gl.POINTS, order.length, gl.UNSIGNED_INT, 0);
  }

  /** @param {Event} event */
  const onLost = (event) => event.preventDefault(); // without this the browser never restores it
  const onBack = () => {
    setUp();
    if (theme) setTheme(theme);
    setPoints(xy);
    setStates(states);
    onRestored();
  };
  canvas.addEventListener("webglcontextlost", onLost);
  canvas.addEventListener("webglcontextrestored", onBack);
  setUp();

  function destroy() {
    canvas.removeEventListener("webglcontextlost", onLost);
    canvas.removeEventListener("webglcontextrestored", onBack);
    gl.getExtension("WEBGL_lose_context")?.loseContext(); // a page may hold about 16 contexts
  }

  return { setTheme, setPoints, setStates, draw, destroy };
}
