// Building elements. Text always becomes a text node: nothing that comes from a table is ever read as HTML.

const SVG = "http://www.w3.org/2000/svg";

/**
 * @template {Element} Made
 * @param {Made} element
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), /** @type {EventListener} */ (value));
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(...children);
  return element;
}

/**
 * An HTML element: `el("button", {class: "x", "aria-pressed": "true", onclick: f}, "text or element", …)`.
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export const el = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);

/**
 * The same for SVG.
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {...(Node | string)} children
 */
export const svg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS(SVG, tag), attributes, children);

/**
 * A line icon from path data on a 16 × 16 grid.
 * @param {string} path
 */
export const icon = (path, size = 16) =>
  svg(
    "svg",
    {
      width: size,
      height: size,
      viewBox: "0 0 16 16",
      fill: "none",
      stroke: "currentColor",
      "stroke-width": 1.5,
      "stroke-linecap": "round",
      "stroke-linejoin": "round",
      "aria-hidden": "true",
    },
    svg("path", { d: path }),
  );

/**
 * For `mousedown`: a click must not take the focus away from the page, whose keys would go to the button then.
 * @param {Event} event
 */
export function keepFocus(event) {
  event.preventDefault();
  // A field of the head would go on taking the keys after a choice; fields inside components see to themselves.
  const focused = document.activeElement;
  if (focused instanceof HTMLElement && focused.matches("input, textarea")) focused.blur();
}

/**
 * The element with the focus in the page or shadow root that holds `node`.
 * @param {Node} node
 */
export function focusedBeside(node) {
  const root = /** @type {Document | ShadowRoot} */ (node.getRootNode());
  return /** @type {HTMLElement | null} */ (root.activeElement ?? null);
}

/** The element with the focus, inside a shadow root too; null where nothing has it. */
export function focusedAnywhere() {
  let at = document.activeElement;
  while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
  return at === document.body ? null : /** @type {HTMLElement | null} */ (at);
}

/**
 * True if two controls are the same by `data-name`, or, without one, are called the same.
 * @param {HTMLElement} control
 * @param {HTMLElement} other
 */
export const isSame = (control, other) =>
  control.dataset.name === other.dataset.name &&
  (control.dataset.name !== undefined || (control.textContent === other.textContent && control.ariaLabel === other.ariaLabel));

/**
 * `redraw(data, draw)` for the children of `parent`: draws only where the data has changed, as the page runs by itself now and then, and
 * a click that has begun on what is replaced would be lost. The focus goes to what is the same.
 * @param {HTMLElement} parent
 */
export function redrawChanges(parent) {
  /** @type {string | undefined} */
  let drawn;
  /** @param {unknown} data @param {() => void} draw */
  return (data, draw) => {
    const now = JSON.stringify(data);
    if (now === drawn) return;
    drawn = now;
    const focused = focusedBeside(parent);
    const before = parent.contains(focused) ? focused : null;
    draw();
    if (!before || before.isConnected) return;
    const controls = /** @type {NodeListOf<HTMLElement>} */ (parent.querySelectorAll(before.localName));
    [...controls].find((control) => isSame(control, before))?.focus();
  };
}

/**
 * A square button with an icon; the label is for screen readers and the tooltip.
 * @param {string} label
 * @param {string} path
 * @param {(event: MouseEvent) => void} onclick
 * @param {Attributes} attributes
 */
export const iconButton = (label, path, onclick, attributes = {}) =>
  el(
    "button",
    { type: "button", class: "sc-icon", "aria-label": label, title: label, onclick, onmousedown: keepFocus, ...attributes },
    icon(path),
  );

/**
 * Address of one of the server's own routes: `apiUrl("published/4fd1…")`. Independent of the page that is open.
 * @param {string} path
 */
export const apiUrl = (path) => new URL(`../../../${path}`, import.meta.url).href;
