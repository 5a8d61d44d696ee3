// Keys that work anywhere on the page. They rest while somebody types, while a dialog is open, and on a control that
// needs them itself.

const FIELDS = 'input:not([type="radio"]), textarea, select, [contenteditable]:not([contenteditable="false"]), [role="slider"], [role="combobox"], [role="textbox"]';
const DIALOGS = '[role="dialog"], dialog[open]';
const PRESSABLE = "button, a[href], summary, [role='button'], [role='menuitem'], [role='tab'], [role='option']";

const innermost = (event) => event.composedPath().find((node) => node instanceof Element);

const isTyping = (event) => Boolean(innermost(event)?.closest(FIELDS));

// AltGr is how some keyboards write brackets; it comes with Ctrl and Alt set.
const hasModifier = (event) => event.metaKey || ((event.ctrlKey || event.altKey) && !event.getModifierState("AltGraph"));

// Space and Enter press a control that was reached with Tab. One that was clicked keeps the focus, but not these keys.
const pressesControl = (event) =>
  (event.key === " " || event.key === "Enter") &&
  Boolean(innermost(event)?.closest(PRESSABLE)?.matches(":focus-visible"));

/**
 * Run `actions[key](event)` for keys pressed anywhere on the page; returns the function that stops it. Keys are named as
 * in `KeyboardEvent.key`, letters in lower case; `event.repeat` tells a key that is held down. Others are left alone.
 */
export function onKeys(actions) {
  const listener = (event) => {
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    if (!Object.hasOwn(actions, key) || event.defaultPrevented || event.isComposing) return;
    if (hasModifier(event) || isTyping(event) || pressesControl(event) || document.querySelector(DIALOGS)) return;
    event.preventDefault(); // space would scroll or press the focused button
    actions[key](event);
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
