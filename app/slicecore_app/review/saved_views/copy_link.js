// The button that copies the address of the page, which holds the view.

import { copyText } from "../../web/clipboard.js";
import { el } from "../../web/dom.js";
import { liveComponent } from "../../web/instance.js";

const STYLE = `
.sc-copy-link {
  width: 100%; height: 40px; font: 400 16px/24px var(--st-font, "Source Sans", sans-serif); color: var(--st-text-color, inherit); background: none;
  border: 1px solid var(--st-border-color, currentColor); border-radius: var(--st-button-radius, 8px); cursor: pointer;
}
.sc-copy-link:hover, .sc-copy-link:focus-visible { border-color: var(--st-primary-color); color: var(--st-primary-color); outline: none; }
`;

export default liveComponent((parentElement) => {
  const button = el("button", { type: "button", class: "sc-copy-link", onclick: copy }, "Copy link");
  const root = el("div", {}, el("style", {}, STYLE), button);
  parentElement.append(root);

  async function copy() {
    const isCopied = await copyText(location.href);
    button.textContent = isCopied ? "Link copied" : "The browser does not allow it: copy the page’s URL";
  }

  return {
    root,
    update: (/** @type {Drawing} */ { seq }) => seq,
    destroy: () => root.remove(),
  };
});
