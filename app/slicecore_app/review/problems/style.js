// Look of the list of problems. Colours are the page's.

import { STYLE as ASSIGN } from "../verdict/assign.js";

export const STYLE = `
.sc-problems { container-type: inline-size; }
@container (max-width: 230px) { .share u { display: none !important; } }
.sc-problems .sc-body { overflow-y: auto; scrollbar-width: thin; scrollbar-color: var(--sc-line2) transparent; }
.sc-problems [hidden] { display: none; }
.sc-problems .sc-title { flex: 1; }
.sc-problems .sc-caption { display: none; }
.sc-problems select {
  font: inherit; font-size: 12.5px; color: var(--sc-ink3); background: var(--sc-panel); border: 0; border-radius: 4px;
  padding: 2px 0; margin-right: 4px; cursor: pointer; text-align: right; text-align-last: right;
}
.whose {
  display: flex; align-items: center; gap: 4px; padding: 3px 12px; font-size: 12.5px; line-height: 20px; color: var(--sc-ink3);
  border-bottom: 1px solid var(--sc-line);
}
.sc-problems .whose select { text-align: left; text-align-last: left; color: var(--sc-ink2); }
.cards:focus-visible:has(.at-keys) { outline: none; }
.cards:focus-visible .card.at-keys { outline: 2px solid var(--sc-accent); outline-offset: -2px; }
.choosing.by-key .card.at-keys:not([aria-current="true"]) { outline: 1px dashed var(--sc-accent); outline-offset: -2px; }
.card {
  display: grid; grid-template-columns: 20px minmax(0, 1fr) auto; column-gap: 10px; row-gap: 1px; text-align: left; cursor: pointer;
  padding: 7px 12px 6px 11px; border-bottom: 1px solid var(--sc-line); border-left: 3px solid transparent;
  transition: background-color 120ms ease-out;
}
.card:hover { background: var(--sc-sunken); }
.card[aria-selected="true"] { background: var(--sc-accent-soft); }
.card[aria-current="true"] { border-left-color: var(--sc-accent); }
.tick {
  grid-column: 1; grid-row: 2 / 4; align-self: center; justify-self: center; display: grid; place-items: center; width: 16px; height: 16px;
  border: 1px solid var(--sc-ctl); border-radius: 4px; color: transparent; background: var(--sc-panel); opacity: 0;
}
.card:hover .tick, .choosing .tick { opacity: 1; }
@media (hover: none) { .tick { opacity: 1; } }
.choosing .card[aria-selected="true"] .tick { color: var(--sc-accent-ink); background: var(--sc-accent); border-color: var(--sc-accent); }
.chosen-bar {
  position: sticky; top: 0; z-index: 1; display: flex; align-items: center; gap: 8px; padding: 4px 8px 4px 12px; background: var(--sc-panel);
  border-bottom: 1px solid var(--sc-line2); font-size: 13px;
}
.chosen-bar .count { flex: 1; font-weight: 600; white-space: nowrap; }
.read-out { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.chosen-bar .assign .open-assign, .give .open-verdicts { height: 26px; font-size: 13px; white-space: nowrap; }
@container (max-width: 280px) { .chosen-bar { gap: 6px; } .chosen-bar .open-assign kbd { display: none; } }
@container (max-width: 240px) { .chosen-bar .count span { display: none; } }
.give .open-verdicts { padding: 0 8px; border-color: var(--sc-ctl); }
.assign button, .give button, .ways button { font: inherit; color: inherit; cursor: pointer; background: var(--sc-panel); border: 1px solid var(--sc-line2); border-radius: 6px; }
.assign button:hover, .give button:hover:not(:disabled), .ways button:hover:not(:disabled) { background: var(--sc-sunken); }
.sheet {
  position: fixed; inset: auto; margin: 0; width: 280px; padding: 12px 14px; border: 1px solid var(--sc-line2); border-radius: 8px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .18);
}
.sheet:popover-open { display: grid; gap: 5px; }
.sheet.ways:popover-open { gap: 2px; padding: 6px; }
.sheet input {
  width: 100%; font: inherit; font-size: 13.5px; padding: 4px 8px; color: inherit; background: var(--sc-panel); border: 1px solid var(--sc-ctl);
  border-radius: 6px;
}
.sheet .label { font-size: 12px; line-height: 14px; color: var(--sc-ink3); margin-top: 3px; }
.sheet .hint { font-size: 12px; line-height: 18px; color: var(--sc-ink3); white-space: normal; }
.ways .hint { padding: 4px 8px 2px; }
.ways button { display: flex; justify-content: space-between; gap: 12px; padding: 4px 8px; text-align: left; border-color: transparent; }
.ways button:disabled { color: var(--sc-ink3); cursor: default; }
.ways button[aria-pressed="true"] { border-color: var(--sc-ink); font-weight: 600; }
.ways button > kbd { align-self: center; }
.ways .count { color: var(--sc-ink3); }
.sc-problems kbd {
  display: inline-block; min-width: 16px; padding: 0 4px; text-align: center; border: 1px solid var(--sc-line2); border-radius: 3px;
  font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2); background: var(--sc-panel);
}
.badge { display: grid; place-items: center; width: 20px; height: 20px; border-radius: 4px; line-height: 1; font-weight: 700; font-size: 12.5px; }
.title { font-weight: 600; overflow: hidden; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow-wrap: anywhere; }
.drop { font-weight: 600; white-space: nowrap; }
.line {
  grid-column: 2 / 4; display: flex; justify-content: space-between; gap: 0 8px; min-width: 0; font-size: 12.5px; line-height: 17px;
  color: var(--sc-ink2); white-space: nowrap;
}
.facts { overflow: hidden; text-overflow: ellipsis; }
.reason { flex: 1 1 0; min-width: 0; overflow: hidden; text-overflow: ellipsis; color: var(--sc-ink3); }
.share { display: inline-flex; align-items: center; gap: 6px; }
.share u { display: block; width: 44px; height: 4px; border-radius: 2px; background: var(--sc-line2); overflow: hidden; }
.share i { display: block; height: 100%; background: var(--sc-ink2); }
.judged { display: inline-flex; align-items: center; gap: 6px; margin-left: auto; min-width: 0; }
.verdict { overflow: hidden; text-overflow: ellipsis; }
.assignee {
  flex: none; min-width: 17px; padding: 0 3px; box-sizing: border-box; text-align: center; font-size: 11px; line-height: 15px; font-weight: 600;
  border: 1px solid var(--sc-line2); border-radius: 8px; color: var(--sc-ink2); background: var(--sc-panel);
}
.assignee.mine { color: var(--sc-accent-ink); background: var(--sc-accent); border-color: var(--sc-accent); }
.none { margin: 0; padding: 10px 14px; font-size: 13px; line-height: 18px; color: var(--sc-ink2); }
.verdict.carried { font-style: italic; }
.verdict.open { color: var(--sc-ink3); }
.card[aria-selected="true"] .verdict.open { color: var(--sc-ink2); }
.tier { display: inline-flex; align-items: center; gap: 5px; }
.tested { display: inline-flex; gap: 8px; flex: none; }
.line:has(.clusters:not(:empty)) { flex-wrap: wrap; }
.clusters { color: var(--sc-ink3); }
.card[aria-selected="true"] .clusters { color: var(--sc-ink2); }
.tier:empty, .clusters:empty { display: none; }
.tier::before { content: ""; width: 9px; height: 9px; box-sizing: border-box; border-radius: 50%; }
.tier.confirmed::before { background: var(--sc-ink2); }
.tier.possible::before { border: 1.5px dashed var(--sc-ink2); }
.nothing { padding: 20px 14px; display: grid; gap: 10px; }
.nothing h3 { margin: 0; font-size: 16px; line-height: 20px; font-weight: 600; }
.nothing p { margin: 0; font-size: 13.5px; line-height: 18px; color: var(--sc-ink2); }
.nothing button {
  display: flex; justify-content: space-between; gap: 8px; padding: 6px 10px; font: inherit; font-size: 13.5px; text-align: left;
  color: inherit; background: none; border: 1px solid var(--sc-line2); border-radius: 6px; cursor: pointer;
}
.nothing button:hover { background: var(--sc-sunken); }
.nothing button span { color: var(--sc-ink3); white-space: nowrap; }
.section { font-size: 12px; line-height: 16px; color: var(--sc-ink3); padding: 8px 14px 2px; }
.others .coming { margin: 0; padding: 2px 14px 6px; font-size: 13px; line-height: 20px; color: var(--sc-ink3); }
.others button {
  display: flex; align-items: center; justify-content: space-between; gap: 8px; width: 100%; padding: 4px 12px 3px 11px; font: inherit;
  font-size: 13px; line-height: 20px; text-align: left; color: var(--sc-ink2); background: none; cursor: pointer;
  border: 0; border-bottom: 1px solid var(--sc-line); border-left: 3px solid transparent;
}
.others button:hover { background: var(--sc-sunken); }
.others button[aria-pressed="true"] { background: var(--sc-accent-soft); border-left-color: var(--sc-accent); color: var(--sc-ink); }
.others .name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.others .count { display: inline-flex; align-items: center; gap: 6px; white-space: nowrap; }
.others svg { color: var(--sc-ink3); }
@media (prefers-reduced-motion: reduce) { .card { transition: none; } }
${ASSIGN}`;
