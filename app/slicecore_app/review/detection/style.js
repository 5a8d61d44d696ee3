// Look of the DET curve. Colours are the page's.

export const STYLE = `
.det { display: flex; flex-direction: column; gap: 6px; }
.det-head { display: flex; flex-wrap: wrap; gap: 4px 12px; align-items: baseline; }
.det h3 { margin: 0; font-size: 14px; line-height: 20px; font-weight: 600; }
.det .key { width: 0; min-width: 100%; font-size: 12px; color: var(--sc-ink3); }
.det-body { display: flex; flex-wrap: wrap; gap: 12px 22px; align-items: center; }
.det-plot text { font-size: 11px; fill: var(--sc-ink2); }
.det-plot .grid { stroke: var(--sc-line); }
.det-plot .equal { stroke: var(--sc-ctl); stroke-dasharray: 1 4; stroke-linecap: round; stroke-width: 1.5; }
.det-plot .curve { fill: none; stroke-width: 2; stroke-linejoin: round; }
.det-plot .whole { stroke: var(--sc-hist-rest); }
.det-plot .picked { stroke: var(--sc-hist-slice); }
.det-plot .curve.other { stroke-dasharray: 6 4; }
.det-plot .at { stroke: var(--sc-panel); stroke-width: 1.5; }
.det-plot .at.whole { fill: var(--sc-hist-rest); }
.det-plot .at.picked { fill: var(--sc-hist-slice); }
.rates + .rates { margin-top: 14px; }
.rates th { font-weight: 400; text-align: start; padding: 1px 14px 1px 0; color: var(--sc-ink2); }
.rates .interval { display: table-cell; font-size: 12.5px; color: var(--sc-ink3); padding-left: 10px; }
.swatch { display: inline-block; width: 14px; height: 3px; margin-right: 7px; vertical-align: middle; border-radius: 2px; }
.swatch.whole { --line: var(--sc-hist-rest); } .swatch.picked { --line: var(--sc-hist-slice); }
.swatch { background: var(--line); }
.swatch.other { background: repeating-linear-gradient(90deg, var(--line) 0 5px, transparent 5px 7px); }
.of-two { display: grid; grid-template-columns: auto auto; gap: 14px 26px; }
.of-two .rates { margin: 0; align-self: start; }
.of-two caption { max-width: 290px; overflow: hidden; text-overflow: ellipsis; }
`;
