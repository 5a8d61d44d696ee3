// The tiles themselves: a coloured rectangle for every cluster, parents below their parts.

import { svg } from "../../web/dom.js";

const MANY_TILES = 300; // from here on their edges are thinner

export const TILES_STYLE = `
.sc-treemap .sc-tiles { position: absolute; inset: 0; width: 100%; height: 100%; display: block; }
.sc-treemap .sc-tiles rect { stroke: var(--sc-panel); stroke-width: 1; }
.sc-treemap .sc-tiles.many rect { stroke-width: .6; }
`;

/** `{element, draw(places, colourOf), keyAt(event)}` */
export function createTiles() {
  const element = svg("svg", { class: "sc-tiles", "aria-hidden": "true" });
  /** @type {Map<string, SVGElement>} */
  let rects = new Map(); // by cluster: a tile that stays is not replaced, as half a double click may have hit it

  /**
   * @param {Map<string, Box>} places
   * @param {(key: string) => string} colourOf
   */
  function draw(places, colourOf) {
    rects = new Map(
      Array.from(places, ([key, box]) => {
        const rect = rects.get(key) ?? svg("rect", { "data-key": key });
        for (const [name, value] of Object.entries(box)) rect.setAttribute(name, String(value));
        rect.style.fill = colourOf(key);
        return [key, rect];
      }),
    );
    element.classList.toggle("many", rects.size > MANY_TILES);
    const wanted = [...rects.values()];
    if (wanted.length !== element.children.length || wanted.some((rect, i) => rect !== element.children[i])) {
      element.replaceChildren(...wanted);
    }
  }

  return {
    element,
    draw,
    /**
     * Key of the cluster whose tile an event hit, null beside all.
     * @param {Event} event
     */
    keyAt: ({ target }) => /** @type {Element} */ (target).closest("[data-key]")?.getAttribute("data-key") ?? null,
  };
}
