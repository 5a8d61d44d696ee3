// Look of the confusion matrix. Colours are the page's.

export const STYLE = `
.confusion { display: flex; flex-direction: column; gap: 8px; min-width: 0; }
.confusion-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: center; }
.confusion h3 { margin: 0; font-size: 14px; line-height: 20px; font-weight: 600; }
.confusion .key { width: 0; min-width: 100%; font-size: 12px; color: var(--sc-ink3); }
.confusion .segments { display: flex; min-width: 0; gap: 2px; padding: 2px; border-radius: 6px; background: var(--sc-sunken); }
.confusion .segments button { max-width: 220px; padding: 1px 8px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; border: 0; border-radius: 4px; font: inherit; font-size: 12.5px; color: var(--sc-ink2); background: none; cursor: pointer; }
.confusion .segments button[aria-checked="true"] { font-weight: 600; color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 0 0 1px var(--sc-line2); }
.confusion-body { display: flex; flex-wrap: wrap; gap: 14px 24px; align-items: flex-start; }
.matrix { font-size: 12.5px; line-height: 18px; }
.matrix th { font-weight: 400; color: var(--sc-ink2); overflow: hidden; text-overflow: ellipsis; white-space: nowrap; max-width: 140px; }
.matrix tbody th { padding-right: 8px; text-align: end; }
.matrix thead th { padding: 0 4px 4px; text-align: center; vertical-align: bottom; }
.matrix thead .corner { padding-right: 8px; font-size: 11px; text-align: end; color: var(--sc-ink3); }
.matrix.long thead th { max-height: 110px; }
.matrix.long thead th span { display: inline-block; max-height: 110px; overflow: hidden; text-overflow: ellipsis; writing-mode: vertical-rl; transform: rotate(180deg); }
.matrix [role="gridcell"] { min-width: 26px; height: 22px; padding: 0 3px; text-align: center; border: 1px solid var(--sc-line); }
.matrix .filled { cursor: pointer; }
.matrix .right { font-weight: 600; }
.matrix .filled:hover { box-shadow: inset 0 0 0 2px var(--sc-outline); }
.matrix [role="gridcell"]:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: -2px; }
.classes caption { font-size: 13px; }
.classes th, .classes td { padding: 1px 0 1px 14px; text-align: right; white-space: nowrap; }
.classes th { font-weight: 400; color: var(--sc-ink2); }
.classes th:first-child { padding-left: 0; text-align: start; max-width: 160px; overflow: hidden; text-overflow: ellipsis; }
.classes tbody th { color: var(--sc-ink); }
`;
