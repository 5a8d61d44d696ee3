// Plotly's part: it lays out and colours the tiles. Labels and outlines are ours (overlay.js).

import { apiUrl, el } from "../../web/dom.js";
import { afterClips } from "../../web/turn.js";

let loading = null;

/** Load Plotly once per page from our own server. */
export function loadPlotly(path) {
  loading ??= afterClips().then(() => load(path));
  return loading;
}

function load(path) {
  return new Promise((resolve, reject) => {
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
}

const LAYOUT = {
  margin: { l: 0, r: 0, t: 0, b: 0 },
  paper_bgcolor: "rgba(0,0,0,0)",
};
const CONFIG = { displayModeBar: false, responsive: false, doubleClick: false, showTips: false };

const MANY_TILES = 300; // from here on their edges are thinner

/** A treemap in `div`. `on` holds `click(key, event)`, `hover(key, event)`, `leave()` and `drawn()`. */
export function createPlot(Plotly, div, on) {
  let known = {}; // what Plotly has: structure (keys, parents, sizes), paint, level and size of the drawing
  let queue = Promise.resolve();

  /** Draw tiles with a colour each; `level` is the key of the cluster that fills the map. */
  function draw(tiles, colours, edge, level) {
    const wanted = {
      structure: JSON.stringify([tiles.key, tiles.parent, tiles.support]),
      paint: JSON.stringify([colours, edge]),
      level,
      size: `${div.clientWidth} × ${div.clientHeight}`,
    };
    const layout = { width: div.clientWidth, height: div.clientHeight };
    const job = queue.then(() => {
      const before = known;
      known = wanted;
      if (wanted.structure !== before.structure) return start(tiles, colours, edge, level, layout);
      const changes = {};
      if (wanted.paint !== before.paint) Object.assign(changes, { "marker.colors": [colours], "marker.line.color": edge });
      if (wanted.level !== before.level) changes.level = level;
      if (wanted.size !== before.size) return Plotly.update(div, changes, layout, [0]);
      return Object.keys(changes).length ? Plotly.restyle(div, changes, [0]) : on.drawn();
    });
    queue = job.catch(() => (known = {})); // after a failure everything is drawn anew
    return job;
  }

  async function start(tiles, colours, edge, level, layout) {
    const trace = {
      type: "treemap",
      ids: tiles.key,
      labels: tiles.key,
      parents: tiles.parent,
      values: tiles.support,
      branchvalues: "total",
      textinfo: "none",
      hoverinfo: "none",
      level,
      pathbar: { visible: false },
      tiling: { packing: "squarify", pad: 0 },
      marker: {
        colors: colours,
        line: { color: edge, width: tiles.key.length > MANY_TILES ? 0.6 : 1 },
        pad: { l: 0, r: 0, t: 0, b: 0 },
      },
      root: { color: "rgba(0,0,0,0)" },
    };
    await Plotly.newPlot(div, [trace], { ...LAYOUT, ...layout }, CONFIG);
    // A new plot starts without listeners.
    div.on("plotly_treemapclick", (event) => {
      on.click(event.points[0].id, event.event);
      return false; // no going in by a single click
    });
    div.on("plotly_hover", (event) => on.hover(event.points[0].id, event.event));
    div.on("plotly_unhover", () => on.leave());
    div.on("plotly_afterplot", () => on.drawn());
    on.drawn();
  }

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

  return { draw, places, destroy: () => Plotly.purge(div) };
}
