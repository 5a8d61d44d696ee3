// The clip under the pointer: its reference, its prediction and its value; P or Enter plays it.

import { apiUrl, el } from "../../web/dom.js";
import { onKeys } from "../../web/keys.js";
import { loadOnce } from "../../web/memory.js";

const MOST_CLIPS = 300; // that are remembered

export const TIP_STYLE = `
.sc-tip { position: absolute; z-index: 2; pointer-events: none; box-sizing: border-box; max-width: min(320px, calc(100% - 8px)); padding: 5px 9px;
  border-radius: 6px; font-size: 12.5px; line-height: 17px; color: var(--sc-ink); background: var(--sc-panel);
  border: 1px solid var(--sc-line2); box-shadow: 0 2px 8px rgb(20 26 40 / .14); }
.sc-tip[hidden] { display: none; }
.sc-tip div { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.sc-tip b { font-weight: 600; }
.sc-tip span { color: var(--sc-ink3); }
`;

/**
 * A clip as the player takes it.
 * @type {(path: string) => Promise<Clip>}
 */
const clipAt = loadOnce(MOST_CLIPS, async (path) => {
  const response = await fetch(apiUrl(path));
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return response.json();
});

/** @param {Edit[]} edits @param {1 | 2} side */
const words = (edits, side) => edits.map((edit) => edit[side]).filter(Boolean).join(" ") || "(empty)";

/**
 * Address, place and surroundings of a clip under the pointer.
 * @typedef {{path: string, at: Point, size: Size}} Target
 */

/**
 * `{element, point(target), destroy()}`. `onPlay` is called when the clip under the pointer is to be played.
 * @param {(clip: Clip) => void} onPlay
 */
export function createTip(onPlay) {
  const element = el("div", { class: "sc-tip", role: "status", hidden: true });
  /** @type {string | null} */
  let path = null;
  let timer = 0;
  /** @type {(() => void) | null} */
  let stopKeys = null;

  function play() {
    const wanted = path;
    if (wanted === null) return;
    clipAt(wanted).then((clip) => wanted === path && onPlay(clip)).catch((error) => console.error(error));
  }

  /** @param {Target} target */
  async function show({ path: wanted, at, size }) {
    /** @type {Clip} */
    let clip;
    try {
      clip = await clipAt(wanted);
    } catch {
      return; // the next point may work; nothing depends on this one
    }
    if (wanted !== path) return;
    element.replaceChildren(
      el("div", {}, el("b", {}, clip.name), ` · ${clip.metric} ${clip.value} `, el("span", {}, clip.reason || "press P to play")),
      el("div", {}, el("span", {}, "ref "), words(clip.edits, 1)),
      el("div", {}, el("span", {}, "pred "), words(clip.edits, 2)),
    );
    element.dataset.row = String(clip.row);
    element.hidden = false;
    const { offsetWidth: width, offsetHeight: height } = element;
    element.style.left = `${Math.max(4, Math.min(at[0] - width / 2, size.width - width - 4))}px`;
    element.style.top = `${at[1] + 14 + height > size.height ? Math.max(2, at[1] - height - 14) : at[1] + 14}px`;
  }

  return {
    element,
    /**
     * Show a clip after `delay` ms; null: nothing is under the pointer.
     * @param {Target | null} target
     */
    point(target, delay = 0) {
      const wanted = target?.path ?? null;
      if (wanted === path) return;
      path = wanted;
      clearTimeout(timer);
      element.hidden = true;
      if (wanted && !stopKeys) stopKeys = onKeys({ p: play, Enter: play });
      if (!wanted && stopKeys) {
        stopKeys();
        stopKeys = null;
      }
      if (target) timer = setTimeout(() => show(target), delay);
    },
    destroy() {
      clearTimeout(timer);
      stopKeys?.();
    },
  };
}
