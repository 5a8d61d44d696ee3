// Style of the verdict panel; colours are the page's.

import { STYLE as ASSIGN } from "./assign.js";

export const STYLE = `
.judging {
  display: grid; grid-template-columns: minmax(0, 1fr); gap: 6px; align-content: start; padding: 10px 14px; box-sizing: border-box; height: 100%;
  font: 400 14px/20px var(--st-font, "Source Sans", sans-serif); color: var(--sc-ink);
}
.judging *, .judging *::before { box-sizing: border-box; }
.judging [hidden] { display: none; }
.judging button { font: inherit; color: inherit; cursor: pointer; background: var(--sc-panel); border: 1px solid var(--sc-line2); border-radius: 6px; }
.judging button:hover:not(:disabled) { background: var(--sc-sunken); }
.judging button:disabled { color: var(--sc-ink3); cursor: default; }
.judging :focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 1px; }
.verdicts { display: grid; grid-template-columns: 1fr 1fr; gap: 6px; }
.verdicts button {
  display: flex; align-items: center; gap: 5px; height: 30px; padding: 0 6px 0 8px; min-width: 0; font-size: 13px; font-weight: 500;
  white-space: nowrap;
}
.verdicts button[aria-pressed="true"] { border-color: var(--sc-ink); box-shadow: inset 0 0 0 1px var(--sc-ink); font-weight: 600; }
.verdicts button.carried-over { border-style: dashed; border-color: var(--sc-ink); }
.opinions { display: flex; flex-wrap: wrap; gap: 0 10px; max-height: 32px; overflow: hidden; font-size: 12px; line-height: 16px; color: var(--sc-ink2); }
.opinions > span { display: inline-flex; gap: 4px; white-space: nowrap; }
.opinions .when { color: var(--sc-ink3); }
.several { font-size: 12px; line-height: 16px; color: var(--sc-ink2); }
.several::before { content: ""; display: inline-block; width: 8px; height: 8px; margin-right: 6px; border-radius: 2px; background: var(--sc-accent); }
.with-several .verdicts button { border-color: var(--sc-accent); }
.carried { display: flex; align-items: center; gap: 8px; font-size: 12px; line-height: 15px; color: var(--sc-ink2); }
.carried > span:first-child { flex: 1; min-width: 0; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; }
.carried.hint > span:first-child { color: var(--sc-ink3); }
.carried .choice { display: grid; gap: 3px; }
.carried button { display: flex; align-items: center; gap: 6px; height: 21px; padding: 0 6px; font-size: 12px; }
kbd {
  display: inline-block; min-width: 16px; padding: 0 4px; text-align: center; border: 1px solid var(--sc-line2); border-radius: 3px;
  font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2); background: var(--sc-panel);
}
.judging button > kbd { margin-left: auto; }
.judging :is(.open-notes, .open-tags) {
  display: flex; align-items: center; gap: 8px; width: 100%; height: 30px; padding: 0 8px; font-size: 13px; text-align: left;
  border-color: var(--sc-ctl);
}
.beside { display: grid; grid-template-columns: minmax(0, 1fr) auto; gap: 6px; }
.line { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.line.empty { color: var(--sc-ink3); }
.judging .next {
  display: flex; align-items: center; justify-content: center; gap: 8px; height: 30px; font-size: 13.5px; font-weight: 500;
  color: var(--sc-accent-ink); background: var(--sc-accent); border-color: var(--sc-accent);
}
.judging .next:hover:not(:disabled) { background: color-mix(in srgb, var(--sc-accent) 88%, var(--sc-ink)); }
.judging .next:disabled { color: var(--sc-ink3); background: var(--sc-sunken); border-color: var(--sc-line2); }
.judging .next > kbd { margin: 0; color: inherit; background: none; border-color: color-mix(in srgb, currentColor 55%, transparent); }
.problem { display: grid; grid-template-columns: auto 1fr auto; gap: 0 8px; align-items: center; padding: 4px 8px; border: 1px solid var(--sc-warn-line); border-radius: 6px; background: var(--sc-warn-bg); }
.problem b { font-weight: 600; font-size: 13px; color: var(--sc-warn); }
.problem p { grid-column: 1 / 4; margin: 0; font-size: 12.5px; line-height: 16px; max-height: 48px; overflow-y: auto; }
.problem > span { display: flex; gap: 6px; grid-column: 3; grid-row: 1; }
.problem button { height: 24px; padding: 0 8px; font-size: 12.5px; font-weight: 500; }
.problem .words { display: contents; }
.problem.with-rest { display: block; }
.with-rest .words { display: block; max-height: 48px; overflow-y: auto; line-height: 15px; }
.with-rest .words > b { margin-right: 6px; }
.with-rest .words > p { display: inline; }
.with-rest > span { justify-content: end; gap: 3px; margin-top: 2px; }
.with-rest button { flex: none; padding: 0 4px; font-size: 12px; white-space: nowrap; }
.with-rest .rest { flex: 0 1 auto; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.unsaved :is(.carried, .opinions, .several, .beside > :not(.notes), .notes > button) { display: none; }
.unsaved :is(.beside, .notes:not([hidden])) { display: contents; } /* their sheets open by key */
.judging.unsaved, .judging.with-carried, .judging.with-opinions, .judging.with-several { padding-block: 7px; gap: 5px; }
.unsaved .verdicts, .with-carried .verdicts { gap: 5px; }
:is(.unsaved, .with-carried, .with-opinions, .with-several) :is(.verdicts button, .next), .judging:is(.with-carried, .with-opinions, .with-several) :is(.open-notes, .open-tags, .open-assign) { height: 26px; }
.unsaved .problem { padding-block: 2px; }
.unsaved .problem p { font-size: 12px; line-height: 15px; max-height: 45px; }
.sheet {
  position: fixed; inset: auto; margin: 0; width: 320px; padding: 12px 14px; border: 1px solid var(--sc-line2); border-radius: 8px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .18);
}
.sheet:popover-open { display: grid; gap: 5px; }
.sheet input, .sheet textarea {
  width: 100%; font: inherit; font-size: 13.5px; padding: 4px 8px; color: inherit; background: var(--sc-panel); border: 1px solid var(--sc-ctl);
  border-radius: 6px; resize: vertical;
}
.sheet .label { font-size: 12px; line-height: 14px; color: var(--sc-ink3); margin-top: 3px; }
.sheet .hint { font-size: 12px; color: var(--sc-ink3); }
.sheet .hint.refused { line-height: 16px; color: var(--sc-warn); }
.chips { display: flex; flex-wrap: wrap; gap: 4px; }
.judging .tag { padding: 0 6px; font-size: 12.5px; border-radius: 3px; background: var(--sc-sunken); }
.tag .part { color: var(--sc-ink3); }
${ASSIGN}`;
