// What pointers do on the map: one that is dragged moves it, or draws a lasso; one that is pressed only clicks; two fingers
// and the wheel zoom.

const DRAG_STARTS = 4; // px
const DOUBLE_CLICK = 350; // ms
const LASSO_GRAIN = 4; // px between two corners of a drawn lasso
const WHEEL_ZOOM = 0.0015; // logarithm of the factor per px
const LINE = 16; // px of a wheel that counts in lines

/**
 * What follows from it. Places are px from the corner of the stage.
 * @typedef {object} Reactions
 * @property {(event: PointerEvent) => boolean} isLasso whether a press draws a lasso
 * @property {() => void} begin something is pressed
 * @property {(pixel: Point, badge?: string) => void} click `badge` is the slice whose badge was clicked
 * @property {(dx: number, dy: number) => void} pan
 * @property {(factor: number, pixel: Point) => void} zoom
 * @property {(path: Point[]) => void} lasso one has been drawn
 * @property {(pixel: Point) => void} hover
 * @property {() => void} leave
 * @property {() => void} draw the map is another now, or the lasso that is being drawn
 *
 * @typedef {object} Drag A press until it ends; `badge` is the slice whose badge it began on.
 * @property {"lasso" | "pan"} kind
 * @property {Point} start
 * @property {Point} last
 * @property {Point[]} path
 * @property {string | undefined} badge
 * @property {boolean} moved
 */

/** @param {Point} from @param {Point} to */
const distance = (from, to) => Math.hypot(to[0] - from[0], to[1] - from[1]);

/** @param {Point} from @param {Point} to @returns {Point} */
const between = (from, to) => [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];

/**
 * Follow the pointers on `stage`; `lassoSoFar()` of what is returned is the path of the lasso that is being drawn.
 * @param {HTMLElement} stage
 * @param {Reactions} on
 */
export function followGestures(stage, on) {
  /** @type {Drag | null} */
  let drag = null;
  /** @type {Map<number, Point>} */
  const pressed = new Map(); // where the pointers are that are down
  let isPinching = false; // two fingers were down, and one is still
  let lastClick = { at: /** @type {Point} */ ([NaN, NaN]), time: 0 };

  /** @param {MouseEvent} event @returns {Point} */
  const at = (event) => {
    const box = stage.getBoundingClientRect();
    return [event.clientX - box.left, event.clientY - box.top];
  };

  /** @param {PointerEvent} event */
  function press(event) {
    if (event.button !== 0) return;
    on.begin();
    stage.setPointerCapture(event.pointerId);
    const pixel = at(event);
    pressed.set(event.pointerId, pixel);
    isPinching ||= pressed.size > 1;
    if (isPinching) return endDrag();
    const badge = /** @type {Element} */ (event.target).closest("[data-slice]")?.getAttribute("data-slice") ?? undefined;
    drag = { kind: on.isLasso(event) ? "lasso" : "pan", start: pixel, last: pixel, path: [pixel], badge, moved: false };
  }

  /** @param {PointerEvent} event */
  function move(event) {
    const pixel = at(event);
    if (isPinching) pinch(event.pointerId, pixel);
    else if (drag) dragTo(drag, pixel);
    else on.hover(pixel);
  }

  /**
   * What is between two fingers stays between them.
   * @param {number} id
   * @param {Point} pixel
   */
  function pinch(id, pixel) {
    const before = pressed.get(id);
    const other = [...pressed].find(([each]) => each !== id)?.[1];
    if (!before) return;
    pressed.set(id, pixel);
    if (!other) return;
    const [from, to] = [between(before, other), between(pixel, other)];
    on.pan(to[0] - from[0], to[1] - from[1]);
    on.zoom(Math.max(1, distance(pixel, other)) / Math.max(1, distance(before, other)), to);
    on.draw();
  }

  /** @param {Drag} drag @param {Point} pixel */
  function dragTo(drag, pixel) {
    const [dx, dy] = [pixel[0] - drag.last[0], pixel[1] - drag.last[1]];
    drag.moved ||= distance(drag.start, pixel) > DRAG_STARTS;
    if (!drag.moved) return;
    stage.toggleAttribute("data-dragging", drag.kind === "pan");
    if (drag.kind === "pan") {
      on.pan(dx, dy);
      drag.last = pixel;
    } else if (Math.hypot(dx, dy) >= LASSO_GRAIN) {
      drag.path.push(pixel);
      drag.last = pixel;
    }
    on.draw();
  }

  /** @param {PointerEvent} event */
  function release(event) {
    const ended = drag;
    lift(event);
    if (!ended) return;
    const pixel = at(event);
    if (!ended.moved) {
      if (!isSecondOfTwo(pixel)) on.click(pixel, ended.badge);
    } else if (ended.kind === "lasso") on.lasso([...ended.path, pixel]);
  }

  /** @param {PointerEvent} event */
  function lift(event) {
    pressed.delete(event.pointerId);
    if (!pressed.size) isPinching = false;
    endDrag();
  }

  function endDrag() {
    drag = null;
    stage.removeAttribute("data-dragging");
    on.draw();
  }

  /**
   * True if this press belongs to a double click, whose first press has picked already.
   * @param {Point} pixel
   */
  function isSecondOfTwo(pixel) {
    const { at: place, time } = lastClick;
    lastClick = { at: pixel, time: performance.now() };
    return lastClick.time - time < DOUBLE_CLICK && distance(place, pixel) < DRAG_STARTS;
  }

  /** @param {WheelEvent} event */
  function turn(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE : 1;
    on.zoom(Math.exp(-event.deltaY * lines * WHEEL_ZOOM), at(event));
    on.draw();
  }

  stage.addEventListener("pointerdown", press);
  stage.addEventListener("pointermove", move);
  stage.addEventListener("pointerup", release);
  stage.addEventListener("pointercancel", lift);
  stage.addEventListener("pointerleave", on.leave);
  stage.addEventListener("wheel", turn, { passive: false });
  return { lassoSoFar: () => (drag?.kind === "lasso" && drag.moved ? drag.path : null) };
}
