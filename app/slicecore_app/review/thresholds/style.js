// Look of the thresholds. Colours are the page's.

export const STYLE = `
.sc-thresholds { min-height: 0; }
.sc-thresholds .sc-title { flex: 1; }
.sc-thresholds .sc-caption { display: none; }
.sc-thresholds button { font: inherit; color: inherit; background: none; border: 0; cursor: pointer; }
.sc-thresholds .quiet { padding: 2px 4px; border-radius: 4px; font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); }
.sc-thresholds .quiet:hover { color: var(--sc-ink); background: var(--sc-sunken); }
.sliders { display: grid; gap: 7px; padding: 8px 12px; }
.slider { display: grid; grid-template-columns: 1fr auto; row-gap: 3px; font-size: 13px; line-height: 20px; }
.slider label { color: var(--sc-ink2); }
.slider output { font-weight: 600; white-space: nowrap; }
.slider .note { grid-column: 1 / 3; font-size: 12px; line-height: 15px; color: var(--sc-ink3); }
.slider .note:empty { display: none; }
.slider input {
  grid-column: 1 / 3; appearance: none; -webkit-appearance: none; width: 100%; height: 14px; margin: 0; background: none; cursor: pointer;
  --track: linear-gradient(90deg, var(--sc-accent) var(--filled), var(--sc-ctl) var(--filled));
}
.slider input::-webkit-slider-runnable-track { height: 2px; border-radius: 2px; background: var(--track); }
.slider input::-moz-range-track { height: 2px; border-radius: 2px; background: var(--track); }
.slider input::-webkit-slider-thumb {
  -webkit-appearance: none; width: 14px; height: 14px; margin-top: -6px; border-radius: 50%; background: var(--sc-panel);
  border: 2px solid var(--sc-accent);
}
.slider input::-moz-range-thumb {
  width: 10px; height: 10px; border-radius: 50%; background: var(--sc-panel); border: 2px solid var(--sc-accent);
}
.slider input:focus-visible { outline: none; }
.slider input:focus-visible::-webkit-slider-thumb { outline: 2px solid var(--sc-accent); outline-offset: 2px; }
.slider input:focus-visible::-moz-range-thumb { outline: 2px solid var(--sc-accent); outline-offset: 2px; }
.sheet {
  position: fixed; inset: auto; margin: 0; width: 320px; padding: 12px 14px; border: 1px solid var(--sc-line2); border-radius: 8px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .18);
}
.sheet:popover-open { display: grid; gap: 10px; }
.sheet .label { font-size: 12px; line-height: 14px; color: var(--sc-ink3); margin-bottom: 3px; }
.segments { display: flex; gap: 2px; padding: 2px; border-radius: 6px; background: var(--sc-sunken); }
.segments button { flex: 1; padding: 2px 6px; border-radius: 4px; font-size: 12.5px; line-height: 18px; color: var(--sc-ink2); }
.segments button[aria-checked="true"] { font-weight: 600; color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 0 0 1px var(--sc-line2); }
`;
