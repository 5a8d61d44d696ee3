// Title and numbers of what is picked.

import { el } from "../shared/dom.js";
import { liveComponent } from "../shared/instance.js";
import { dropScale, readTheme, textOn } from "../shared/theme.js";

const STYLE = `
.summary { padding: 10px 14px; font: 400 14px/20px var(--st-font, sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink, #1A1E26); }
.title { display: flex; align-items: center; gap: 8px; white-space: nowrap; }
h1 { margin: 0; font-size: 18px; line-height: 24px; font-weight: 600; overflow: hidden; text-overflow: ellipsis; }
.badge { display: grid; place-items: center; flex: none; width: 20px; height: 20px; border-radius: 4px; font-size: 12.5px; font-weight: 700; }
.note { font-size: 12.5px; color: var(--sc-ink3, #656D7D); overflow: hidden; text-overflow: ellipsis; }
.numbers { display: flex; flex-wrap: wrap; gap: 4px 22px; margin: 8px 0 0; }
.number { white-space: nowrap; } .label { font-size: 12px; line-height: 14px; color: var(--sc-ink3, #656D7D); }
.interval { margin-left: 6px; font-size: 12.5px; font-weight: 400; color: var(--sc-ink2, #4A5261); }
p { margin: 8px 0 0; font-size: 13.5px; line-height: 18px; }
.value { font-size: 16px; line-height: 20px; font-weight: 600; }
`;

export default liveComponent((parentElement) => {
  const box = el("div", { class: "summary", "data-testid": "summary" });
  parentElement.append(el("style", {}, STYLE), box);
  return {
    root: box,
    update(data) {
      const ground = dropScale(readTheme(parentElement))(data.points);
      const badge = el("span", { class: "badge", style: `background:${ground};color:${textOn(ground)}` }, String(data.number));
      box.replaceChildren(
        el(
          "div",
          { class: "title" },
          ...(data.number ? [badge] : []),
          el("h1", {}, data.title),
          el("span", { class: "note" }, data.note),
        ),
        el(
          "div",
          { class: "numbers" },
          ...data.numbers.map(({ label, value, note, hint }) =>
            el(
              "div",
              { class: "number", title: hint },
              el("div", { class: "label" }, label),
              el("div", { class: "value" }, value, ...(note ? [el("span", { class: "interval" }, note)] : [])),
            ),
          ),
        ),
        ...(data.text ? [el("p", {}, data.text)] : []),
      );
      return data.seq;
    },
    destroy: () => box.remove(),
  };
});
