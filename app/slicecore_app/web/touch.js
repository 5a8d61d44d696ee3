// What a mouse finds out by staying over a thing, for those who touch the page: a tap on what does nothing else shows its
// title, on a button a long press does.

import { el } from "./dom.js";

const PRESSABLE = "button, a[href], input, select, textarea, label, summary, [role='button'], [role='option'], [role='slider'], [role='combobox']";
const MARGIN = 8; // px between the title and what it is of, and to the edge of the window
const STYLE = `position: fixed; inset: auto; margin: 0; max-width: min(360px, calc(100vw - 16px)); box-sizing: border-box; padding: 6px 10px;
  border: 1px solid var(--sc-line2); border-radius: 6px; color: var(--sc-ink); background: var(--sc-panel); pointer-events: none;
  box-shadow: 0 2px 8px rgb(20 26 40 / .14); font: 400 13px/18px var(--st-font, "Source Sans", sans-serif); white-space: pre-line;`;

/** Show titles until the function that is returned is called. */
export function followTouches() {
  const note = el("div", { popover: "manual", role: "status", style: STYLE, "data-testid": "title" });
  document.body.append(note);

  /** @param {Event} event @param {boolean} isLong */
  function show(event, isLong) {
    if (/** @type {PointerEvent} */ (event).pointerType !== "touch") return;
    const path = event.composedPath().filter((node) => node instanceof HTMLElement);
    const at = path.findIndex((element) => element.title);
    if (at < 0 || (!isLong && path.slice(0, at + 1).some((element) => element.matches(PRESSABLE)))) return;
    event.preventDefault(); // the browser's menu
    note.textContent = path[at].title;
    note.showPopover();
    const [of, own] = [path[at].getBoundingClientRect(), note.getBoundingClientRect()];
    const below = of.bottom + MARGIN;
    note.style.left = `${Math.max(MARGIN, Math.min(of.left, innerWidth - own.width - MARGIN))}px`;
    note.style.top = `${below + own.height < innerHeight ? below : Math.max(MARGIN, of.top - own.height - MARGIN)}px`;
  }
  const hide = () => note.hidePopover();
  /** @param {Event} event */
  const onClick = (event) => show(event, false);
  /** @param {Event} event */
  const onLongPress = (event) => show(event, true);

  document.addEventListener("pointerdown", hide, true);
  document.addEventListener("click", onClick);
  document.addEventListener("contextmenu", onLongPress);
  return () => {
    document.removeEventListener("pointerdown", hide, true);
    document.removeEventListener("click", onClick);
    document.removeEventListener("contextmenu", onLongPress);
    note.remove();
  };
}
