// Plotly's part: it lays out and colours the tiles. Labels and outlines are ours (overlay.js).

import { apiUrl, el } from "../shared/dom.js";

let loading = null;

/** Load Plotly once per page from our own server. */
export function loadPlotly(path) {
  loading ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve(window.Plotly);
    const script = el("script", {
      src: apiUrl(path),
      onload: () => resolve(window.Plotly),
      onerror: () => {
        loading = null;
        reject(new Error("The drawing library could not be loaded. Reload the page."));
      },
    });
    document.head.append(script);
  });
  return loading;
}

const LAYOUT = {
  margin: { l: 0, r: 0, t: 0, b: 0 },
  paper_bgcolor: "rgba(0,0,0,0)",
  treemapcolorway: ["rgba(0,0,0,0)"],
};
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

/** A treemap in `div`. `on` holds `click(key, event)`, `hover(key, event)`, `leave()` and `drawn()`. */
export function createPlot(Plotly, div, on) {
  let structure = null; // what is laid out: keys, parents, sizes
  let level = null; // key of the cluster that fills the map
  let painted = null; // colours and edge as Plotly has them

  /** Draw tiles; only what has changed is done again. */
  async function draw(tiles, colours, edge, newLevel) {
    const size = { width: div.clientWidth, height: div.clientHeight };
    const shape = JSON.stringify([tiles.key, tiles.parent, tiles.support]);
    const paint = JSON.stringify([colours, edge]);
    if (shape !== structure) {
      const trace = {
        type: "treemap",
        ids: tiles.key,
        labels: tiles.key,
        parents: tiles.parent,
        values: tiles.support,
        branchvalues: "total",
        textinfo: "none",
        hoverinfo: "none",
        level: newLevel,
        pathbar: { visible: false },
        tiling: { packing: "squarify", pad: 0 },
        marker: { colors: colours, line: { color: edge, width: 1 }, pad: { l: 0, r: 0, t: 0, b: 0 } },
        root: { color: "rgba(0,0,0,0)" },
      };
      await Plotly.newPlot(div, [trace], { ...LAYOUT, ...size }, CONFIG);
      div.removeAllListeners?.("plotly_treemapclick");
      div.on("plotly_treemapclick", (event) => {
        on.click(event.points[0].id, event.event);
        return false; // no drilling on a single click
      });
      div.on("plotly_hover", (event) => on.hover(event.points[0].id, event.event));
      div.on("plotly_unhover", () => on.leave());
      div.on("plotly_afterplot", () => on.drawn());
      [structure, painted, level] = [shape, paint, newLevel];
      return on.drawn();
    }
    const changes = {};
    if (paint !== painted) Object.assign(changes, { "marker.colors": [colours], "marker.line.color": edge });
    if (newLevel !== level) changes.level = newLevel;
    [painted, level] = [paint, newLevel];
    if (Object.keys(changes).length) await Plotly.restyle(div, changes, [0]);
    else on.drawn();
  }

  const resize = () => structure && Plotly.relayout(div, { width: div.clientWidth, height: div.clientHeight });

  /** Where each visible tile lies: Map of key to {x, y, width, height} in px. */
  function places() {
    const found = new Map();
    for (const slice of div.querySelectorAll("g.slice")) {
      const key = slice.__data__?.data?.data?.id; // d3 keeps a tile's data on its element
      const surface = slice.querySelector("path.surface");
      if (key === undefined || !surface) continue;
      const { x, y, width, height } = surface.getBBox();
      if (width > 0 && height > 0) found.set(key, { x, y, width, height });
    }
    return found;
  }

  return { draw, resize, places, destroy: () => Plotly.purge(div) };
}
