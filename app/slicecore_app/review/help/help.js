// The key sheet, and the keys that belong to no other part: ? opens it, M shows clusters or map.

import { isDark } from "../../web/colour.js";
import { el, keepFocus } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { nextLayout } from "../../web/layout.js";
import { followPressesOnMain } from "../../web/streamlit_dom.js";
import { followTouches } from "../../web/touch.js";
import { followPopovers } from "./popovers.js";
import { openDialog } from "../../web/sheets.js";
import { TOUR_STYLE, tour } from "./tour.js";

const STYLE = `
.help-button { width: 28px; height: 28px; border: 0; border-radius: 6px; background: none; color: var(--sc-ink2); font: 600 14px/20px var(--st-font, sans-serif); cursor: pointer; }
.help-button:hover { background: var(--sc-sunken); color: var(--sc-ink); }
:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 1px; }
dialog {
  width: 640px; max-width: calc(100vw - 32px); box-sizing: border-box; padding: 18px 22px; border: 1px solid var(--sc-line2); border-radius: 10px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .18);
  font: 400 14px/20px var(--st-font, "Source Sans", sans-serif);
}
dialog:focus-visible, h2:focus-visible { outline: 0; }
.show-tour { padding: 0; border: 0; background: none; color: var(--sc-accent); font: inherit; text-decoration: underline; cursor: pointer; }
dialog::backdrop { background: rgb(10 12 18 / .35); }
h2 { margin: 0 0 10px; font-size: 16px; line-height: 20px; font-weight: 600; }
dl { display: grid; grid-template-columns: auto 1fr auto 1fr; gap: 7px 12px; margin: 0; font-size: 13.5px; }
dt { justify-self: end; white-space: nowrap; } dd { margin: 0; color: var(--sc-ink2); }
p { margin: 14px 0 0; font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); }
kbd { display: inline-block; min-width: 16px; box-sizing: border-box; padding: 0 4px; margin: 0 1px; text-align: center; border: 1px solid var(--sc-line2); border-radius: 3px; font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2); }
`;

/** @typedef {Drawing & {keys: [names: string[], action: string][], dark: boolean, tour: import("./tour.js").Step[]}} Data */

export default liveComponent((parentElement, send) => {
  // The focus begins here: at the link below, it would scroll the first keys out of a low window.
  const heading = el("h2", { id: "keyboard", tabindex: "-1", autofocus: true }, "Keyboard");
  const keysList = el("dl");
  const showTour = el("button", { type: "button", class: "show-tour", onclick: startTour }, "Show the tour");
  const dialog = el(
    "dialog",
    { "aria-labelledby": "keyboard", "data-testid": "keyboard" },
    heading,
    keysList,
    el("p", {}, "Keys rest while you type in a field; a slider takes the arrow keys. ", el("kbd", {}, "Esc"), " closes this and leaves a field. ", showTour),
  );
  const button = el("button", { type: "button", class: "help-button", "aria-label": "Keyboard", title: "Keyboard (?)", onclick: open, onmousedown: keepFocus }, "?");
  const root = el("div", { "data-testid": "help" }, el("style", {}, STYLE + TOUR_STYLE), button, dialog);
  parentElement.append(root);
  const firstVisit = tour(root);

  function startTour() {
    dialog.close();
    firstVisit.start();
  }

  function open() {
    openDialog(dialog);
  }

  // A click beside the sheet closes it; the sheet fills its own box, so that only the ground around is the dialog itself.
  dialog.addEventListener("click", (event) => {
    const box = dialog.getBoundingClientRect();
    const isInside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!isInside) dialog.close();
  });

  // Also a question mark closes the sheet that it has opened; the page's keys rest while it is there.
  dialog.addEventListener("keydown", (event) => event.key === "?" && dialog.close());
  const leavePopovers = followPopovers();
  const leaveMain = followPressesOnMain();
  const leaveTouches = followTouches();

  const stopKeys = onKeys({
    "?": open,
    m: nextLayout,
  }, { waits: true });

  let asked = ""; // the ground for which Python was asked to choose the colours

  /**
   * The system may change between day and night: Streamlit follows, but our colours come from Python.
   * @param {boolean} isDarkInPython
   */
  function followTheme(isDarkInPython) {
    const element = parentElement instanceof ShadowRoot ? parentElement.host : parentElement;
    const ground = getComputedStyle(element).getPropertyValue("--st-background-color").trim();
    if (!ground || isDark(ground) === isDarkInPython || asked === ground) return;
    asked = ground;
    send({ kind: "theme" });
  }

  return {
    root,
    update(/** @type {Data} */ data) {
      followTheme(data.dark);
      keysList.replaceChildren(
        ...data.keys.flatMap(([names, action]) => [el("dt", {}, ...names.map((name) => el("kbd", {}, name))), el("dd", {}, action)]),
      );
      showTour.hidden = !data.tour.length;
      firstVisit.steps(data.tour);
      stopKeys.ready();
      return data.seq;
    },
    destroy() {
      stopKeys();
      leavePopovers();
      leaveMain();
      leaveTouches();
      firstVisit.destroy();
      root.remove();
    },
  };
});
