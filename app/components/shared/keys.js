// Keys of the page. They rest while somebody types, while a dialog is open, and with Ctrl, Alt or the command key.

const FIELDS = "input:not([type=radio]), textarea, select, [contenteditable=true], [role=slider], [role=combobox], [role=textbox]";

const rests = (event) =>
  event.defaultPrevented ||
  event.ctrlKey ||
  event.metaKey ||
  event.altKey ||
  event.composedPath()[0]?.closest?.(FIELDS) ||
  document.querySelector('[role="dialog"]');

/** Run `actions[event.key](event)` for keys pressed anywhere on the page; returns the function that stops it. */
export function onKeys(actions) {
  const listener = (event) => {
    const action = actions[event.key];
    if (!action || rests(event)) return;
    event.preventDefault(); // space would scroll or press the focused button
    action(event);
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
