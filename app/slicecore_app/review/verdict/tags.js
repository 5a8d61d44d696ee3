// Tags as they are typed, and the field for them.

import { el } from "../../web/dom.js";

/**
 * Tags of a text: several are separated by commas or semicolons.
 * @param {string} text
 */
export const tagsIn = (text) => text.split(/[,;]/).map((tag) => tag.trim()).filter(Boolean);

/**
 * `{field, known, offer(tags), take()}`: a field with its suggestions. `add` is called with what was typed, at Enter and by
 * `take`, which whoever leaves the field calls.
 * @param {string} name of the list of suggestions, one on the page
 * @param {string} placeholder
 * @param {(tags: string[]) => void} add
 */
export function tagField(name, placeholder, add) {
  const known = el("datalist", { id: name });
  const field = el("input", { type: "text", list: name, "aria-label": "Tag", placeholder, autocomplete: "off" });

  function take() {
    const tags = tagsIn(field.value);
    field.value = "";
    if (tags.length) add(tags);
  }

  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing) return;
    event.preventDefault();
    take();
  });

  return {
    field,
    known,
    take,
    /** @param {string[]} tags used so far */
    offer(tags) {
      known.replaceChildren(...tags.map((tag) => el("option", { value: tag })));
    },
  };
}
