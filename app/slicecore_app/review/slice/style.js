// Look of the summary. Colours are the page's.

export const STYLE = `
.behind .numbers, .behind .why { opacity: .35; }
.summary {
  container-type: inline-size; height: 100%; box-sizing: border-box; overflow: hidden; padding: 9px 14px 6px; display: flex; flex-direction: column;
  font: 400 14px/20px var(--st-font, "Source Sans", sans-serif); font-feature-settings: "tnum"; color: var(--sc-ink);
}
.summary :focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 1px; }
.title { display: flex; align-items: center; gap: 8px; flex: none; min-height: 24px; white-space: nowrap; }
h2 {
  margin: 0; font-size: 18px; line-height: 22px; font-weight: 600; overflow: hidden; min-width: 60px; white-space: normal; overflow-wrap: anywhere;
  display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2;
}
.name { flex: 1; min-width: 60px; max-width: 340px; height: 26px; box-sizing: border-box; padding: 0 6px; font: 600 16px/22px var(--st-font, "Source Sans", sans-serif); color: inherit; background: var(--sc-panel); border: 1px solid var(--sc-ctl); border-radius: 6px; }
.sc-icon.rename { width: 20px; margin-left: -4px; opacity: .55; }
.sc-icon.rename:hover, .sc-icon.rename:focus-visible { opacity: 1; }
.size { display: none; font-size: 12px; line-height: 24px; }
.badge { display: grid; place-items: center; flex: none; width: 20px; height: 20px; border-radius: 4px; line-height: 1; font-size: 12.5px; font-weight: 700; }
.tier { display: inline-flex; align-items: center; gap: 5px; font-size: 12.5px; color: var(--sc-ink2); }
.tier::before { content: ""; width: 9px; height: 9px; box-sizing: border-box; border-radius: 50%; }
.tier.confirmed::before { background: var(--sc-ink2); }
.tier.possible::before { border: 1.5px dashed var(--sc-ink2); }
.note { flex: none; font-size: 12.5px; white-space: nowrap; color: var(--sc-ink3); overflow: hidden; text-overflow: ellipsis; }
.sc-icon { flex: none; display: grid; place-items: center; width: 24px; height: 24px; padding: 0; border: 0; border-radius: 6px; color: var(--sc-ink2); background: none; cursor: pointer; }
.title :not(.sc-icon) + .sc-icon:not(.rename), .title .rename + .sc-icon { margin-left: auto; }
.sc-icon + .sc-icon { margin-left: -6px; }
.sc-icon:hover:not(:disabled) { background: var(--sc-sunken); color: var(--sc-ink); }
.sc-icon:disabled { opacity: .35; cursor: default; }
.numbers { display: flex; gap: 4px 16px; flex: none; margin: 6px 0 5px; }
.numbers:empty { display: none; }
.number { white-space: nowrap; }
.label { font-size: 12px; line-height: 14px; color: var(--sc-ink3); }
.value { font-size: 16px; line-height: 20px; font-weight: 600; }
.interval { display: none; margin-left: 6px; font-size: 12.5px; font-weight: 400; color: var(--sc-ink2); }
.why { margin: 0; min-height: 0; overflow-y: auto; scrollbar-width: thin; font-size: 13px; line-height: 17px; }
.why.goes-on:not(:hover, :focus) { mask-image: linear-gradient(#000 calc(100% - 10px), transparent); }
.shared { display: inline; padding: 0; border: 0; font: inherit; text-align: start; color: inherit; background: none; cursor: pointer; text-decoration: underline dotted; text-underline-offset: 2px; }
.shared:hover { text-decoration-style: solid; }
.sheet {
  position: fixed; inset: auto; margin: 0; max-width: 720px; padding: 12px 14px; border: 1px solid var(--sc-line2); border-radius: 8px;
  color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 8px 30px rgb(20 26 40 / .18);
  font: 400 13px/19px var(--st-font, "Source Sans", sans-serif); font-feature-settings: "tnum";
}
.sheet:popover-open { display: flex; flex-wrap: wrap; gap: 14px 22px; align-items: flex-start; max-height: 88vh; overflow: auto; }
.sheet.wide { max-width: min(96vw, 1320px); }
table { border-collapse: collapse; } caption { text-align: left; font-weight: 600; white-space: nowrap; padding-bottom: 4px; }
td { padding: 1px 0; white-space: nowrap; } .count { padding-left: 12px; text-align: right; color: var(--sc-ink2); } .none { color: var(--sc-ink3); }
.ways { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 10px; }
.way { font: inherit; font-size: 13.5px; font-weight: 500; height: 30px; padding: 0 10px; color: inherit; background: none; border: 1px solid var(--sc-line2); border-radius: 6px; cursor: pointer; }
.way:hover { background: var(--sc-sunken); }
kbd { margin-left: 8px; padding: 0 4px; border: 1px solid var(--sc-line2); border-radius: 3px; font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2); }
@container (max-width: 420px) {
  .numbers { gap: 4px 10px; } .title { gap: 6px; } h1 { font-size: 16px; } .title .sc-icon { width: 20px; } .sc-icon + .sc-icon { margin-left: -5px; }
}
@container (max-width: 300px) { .number:nth-child(6) { display: none; } }
@container (max-width: 270px) { .numbers { flex-wrap: wrap; } .number:nth-child(5), .title .note { display: none; } .title .tier { font-size: 0; } } /* the card says it in words */
@media (max-width: 599px) { .numbers { flex-wrap: wrap; } }
@container (min-width: 520px) { .number:first-child .interval { display: inline; } }
@container (min-width: 480px) {
  .size { display: inline; }
  .sc-icon:has(.size) { display: inline-flex; align-items: center; gap: 3px; width: auto; padding: 0 4px; }
  .sc-icon + .sc-icon:has(.size) { margin-left: -4px; }
}
@container (min-width: 640px) { .interval { display: inline; } }
`;
