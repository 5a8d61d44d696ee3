// Colours of the points: the choice in the header, the colours of each palette, and the legend below the points.

import { evenScale } from "../../web/colour.js";
import { columnsOf, menuOf } from "../../web/columns.js";
import { el, keepFocus } from "../../web/dom.js";
import { dropScale, readTheme } from "../../web/theme.js";

const NO_VALUE = 31; // the colour step of clips without a value; 0 to 30 lie on a scale, or number the groups

export const COLOURS_STYLE = `
.sc-colour { field-sizing: content; max-width: 132px; height: 24px; margin-right: 4px; padding: 0; border: 0; border-radius: 4px; text-overflow: ellipsis; cursor: pointer;
  font: inherit; font-size: 12.5px; color: var(--sc-ink2); background: var(--sc-panel); }
.sc-colour:hover { background: var(--sc-sunken); }
.sc-colour-legend { flex: none; display: flex; align-items: center; gap: 2px; height: 26px; padding: 0 8px; overflow: hidden; white-space: nowrap;
  font-size: 12px; line-height: 16px; color: var(--sc-ink2); border-top: 1px solid var(--sc-line); }
.sc-colour-legend:not(:has(> :not([hidden]))) { display: none; }
.sc-colour-legend > .sc-meaning { display: contents; }
.sc-colour-legend > [hidden] { display: none; }
.sc-colour-legend button, .sc-colour-legend span:not(.sc-meaning) { display: inline-flex; align-items: center; gap: 5px; min-width: 28px; padding: 1px 5px; overflow: hidden; }
.sc-colour-legend button { flex: 0 1 auto; font: inherit; color: inherit; background: none; border: 0; border-radius: 4px; cursor: pointer; }
.sc-colour-legend .whole { flex: none; max-width: 110px; } /* short, and says what the entries are */
.sc-colour-legend button:hover { background: var(--sc-sunken); color: var(--sc-ink); }
.sc-colour-legend b { font-weight: 400; overflow: hidden; text-overflow: ellipsis; }
.sc-colour-legend i { flex: none; width: 9px; height: 9px; border-radius: 50%; box-shadow: inset 0 0 0 1px color-mix(in srgb, var(--sc-ink) 22%, transparent); }
.sc-colour-legend i.ramp { width: 110px; height: 8px; border-radius: 2px; }
`;

/**
 * @typedef {"drop" | "numbers" | "groups"} Palette
 */

/**
 * Meaning of the colours, where they are not those of the drop scale; component.py describes it.
 * @typedef {{title: string, entries: [name: string, count: string][], rest: string, ends: string[]}} Legend
 */

/**
 * The part of the map's data that is about colours.
 * @typedef {{palette: Palette, legend: Legend, columns: string, colour: string}} Header
 */

/**
 * The page's colours as seen from `node`, with the 32 `steps` of a palette.
 * @param {Element} node
 * @param {Palette} palette
 */
export function mapTheme(node, palette) {
  const theme = readTheme(node);
  const shares = Array.from({ length: NO_VALUE }, (_, step) => step / (NO_VALUE - 1));
  const [low, high] = [theme.dropPoints[0], theme.dropPoints[theme.dropPoints.length - 1]];
  const steps = {
    drop: () => shares.map((share) => low + share * (high - low)).map(dropScale(theme)),
    numbers: () => shares.map(evenScale(theme.numbers)),
    groups: () => shares.map((_, step) => theme.groups[step] ?? theme.greyDot),
  }[palette]();
  return { ...theme, steps: [...steps, theme.greyDot] };
}

/**
 * `{choice, legend, show(header)}`: the select for the header, the strip for below, and the way to fill both. `colour(by)` is
 * called when another colour is chosen, `pickGroup(index)` when an entry of the legend is pressed; `shade` is what the
 * strip says besides.
 * @param {{colour: (by: string) => void, pickGroup: (index: number) => void, shade: HTMLElement}} on
 */
export function createColours({ colour, pickGroup, shade }) {
  const choice = el("select", {
    class: "sc-colour",
    "aria-label": "Colour of the points",
    title: "What the colour of the points says",
    onchange: () => {
      colour(choice.value);
      choice.blur();
    },
  });
  const meaning = el("span", { class: "sc-meaning", hidden: true });
  const legend = el("div", { class: "sc-colour-legend", role: "group", "aria-label": "Legend" }, meaning, shade);
  /** @type {string | null} */
  let token = null;

  /** @param {string} columns @param {string} chosen */
  async function offer(columns, chosen) {
    if (token !== columns) {
      token = columns;
      const known = columns ? await columnsOf(columns) : [];
      choice.replaceChildren(
        el("option", { value: "value" }, "clip value"),
        el("option", { value: "cluster" }, "cluster"),
        ...menuOf(known, (name) => `column ${name}`),
      );
      choice.hidden = !columns;
    }
    choice.value = chosen;
  }

  /** @param {Header} header */
  function draw({ legend: texts, palette }) {
    meaning.hidden = palette === "drop";
    if (meaning.hidden) return;
    const theme = mapTheme(legend, palette);
    const title = el("span", { class: "whole" }, el("b", { title: texts.title }, texts.title));
    if (palette === "numbers") {
      const ramp = el("i", { class: "ramp", style: `background: linear-gradient(90deg, ${theme.steps.slice(0, NO_VALUE).join(", ")})` });
      meaning.replaceChildren(title, el("span", {}, texts.ends[0], ramp, texts.ends[1]));
      return;
    }
    const entries = texts.entries.map(([name, count], index) =>
      el(
        "button",
        { type: "button", title: `Select ${name}: ${count}`, onmousedown: keepFocus, onclick: () => pickGroup(index) },
        el("i", { style: `background: ${theme.steps[index]}` }),
        el("b", {}, name),
      ),
    );
    const rest = texts.rest ? [el("span", { class: "whole" }, el("i", { style: `background: ${theme.greyDot}` }), el("b", {}, texts.rest))] : [];
    meaning.replaceChildren(title, ...entries, ...rest);
  }

  return {
    choice,
    legend,
    /** @param {Header} header */
    show(header) {
      draw(header);
      offer(header.columns, header.colour).catch((error) => console.error(error));
    },
  };
}
