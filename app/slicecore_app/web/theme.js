// Colours of the page, which theme.py puts on it as `--sc-*` variables: the only place where they are written down.

import { colourScale } from "./colour.js";
import { el } from "./dom.js";

export { textOn } from "./colour.js";

/**
 * The colours that are drawn with, as seen from an element or a shadow root. `drop` are the colours of the drop scale and
 * `dropPoints` where they stand in percentage points; `groups` are those of groups, `numbers` a scale for any numbers.
 * @param {Element | ShadowRoot} node
 */
export function readTheme(node) {
  const style = getComputedStyle(node instanceof ShadowRoot ? node.host : node);
  /** @param {string} name */
  const read = (name) => style.getPropertyValue(`--sc-${name}`).trim();
  /** @param {string} name */
  const list = (name) => read(name).split(/\s+/);
  return {
    panel: read("panel"),
    accent: read("accent"),
    outline: read("outline"),
    line2: read("line2"),
    greyDot: read("grey-dot"),
    drop: list("drop"),
    dropPoints: list("drop-points").map(Number),
    groups: list("groups"),
    numbers: list("numbers"),
  };
}

/** @typedef {ReturnType<typeof readTheme>} Theme */

/**
 * A function from drop in percentage points to "#rrggbb".
 * @param {Theme} theme
 */
export const dropScale = (theme) => colourScale(theme.dropPoints, theme.drop);

/**
 * Call `onChange` when the page's colours change below `root` without an update of the component: a hidden element takes
 * one of them by a transition, whose end is the message. Returns a function that ends it.
 * @param {ParentNode} root
 * @param {() => void} onChange
 */
export function watchTheme(root, onChange) {
  const probe = el("span", {
    "aria-hidden": "true",
    style: "position: absolute; width: 0; height: 0; color: var(--sc-ink); transition: color 1ms !important",
  });
  probe.addEventListener("transitionend", onChange);
  root.append(probe);
  return () => probe.remove();
}
