// Look of the player inside its panel. Colours are the page's.

export const STYLE = `
.sc-player { container-type: inline-size; }
.sc-player .sc-title.id { font: 600 13px/18px var(--st-code-font, "Source Code", monospace); overflow: hidden; text-overflow: ellipsis; max-width: 45%; }
.sc-player .sc-body { display: flex; flex-direction: column; }
.sc-player .sc-body > [hidden] { display: none; }
[data-compared] .sc-title { color: var(--sc-accent); }
.position { font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); padding-right: 4px; }
.sc-icon:disabled { opacity: .35; cursor: default; }

.picture { position: relative; flex: none; height: 136px; margin: 8px 12px 0 42px; --wave: 30px; --axis: 14px; --between: 4px; }
.note, .waiting { position: absolute; inset: calc(var(--wave) + var(--between)) 0 var(--axis) 0; display: grid; place-items: center; pointer-events: none; font-size: 12.5px; color: var(--sc-ink3); }
.waiting {
  background: linear-gradient(100deg, var(--sc-sunken) 35%, var(--sc-panel) 50%, var(--sc-sunken) 65%) 100% 0 / 300% 100%;
  animation: appear .12s .3s backwards, pass 1.6s .3s linear infinite; /* a picture that is there in a moment needs no notice */
}
.waiting[hidden] { display: none; }
@keyframes appear { from { opacity: 0; } }
@keyframes pass { from { background-position: 100% 0; } to { background-position: 0 0; } }
@media (prefers-reduced-motion: reduce) { .waiting { animation: appear 0s .3s backwards; } }
.stage { position: absolute; inset: 0 0 var(--axis) 0; cursor: text; touch-action: none; user-select: none; --at: 0%; }
.wave { position: absolute; inset: 0 0 auto 0; height: var(--wave); }
.waveform { position: absolute; inset: 0; width: 100%; height: 100%; fill: var(--sc-wave0); }
.waveform.played { fill: var(--sc-wave1); clip-path: inset(0 calc(100% - var(--at)) 0 0); }
.spectrogram {
  position: absolute; left: 0; top: calc(var(--wave) + var(--between)); width: 100%;
  height: calc(100% - var(--wave) - var(--between)); outline: 1px solid var(--sc-line); outline-offset: -1px;
}
.playhead { position: absolute; top: 0; bottom: 0; left: var(--at); width: 0; pointer-events: none; }
.playhead::before {
  content: ""; position: absolute; inset: 0 auto 0 -.75px; width: 1.5px; background: var(--sc-ink);
  box-shadow: 0 0 0 1px var(--sc-panel);
}
.playhead i { position: absolute; left: -8px; top: -4px; width: 16px; height: 14px; pointer-events: auto; cursor: ew-resize; }
.playhead i::before {
  content: ""; position: absolute; left: 3px; top: 4px; border: 5px solid transparent; border-bottom: 0;
  border-top: 6px solid var(--sc-ink);
}
.loop { position: absolute; top: 0; bottom: 0; pointer-events: none; background: color-mix(in srgb, var(--sc-accent) 13%, transparent); }
.loop[hidden] { display: none; }
.loop.off { background: none; opacity: .5; }
.edge { position: absolute; top: 0; bottom: 0; width: 11px; pointer-events: auto; cursor: ew-resize; }
.edge.start { left: -5.5px; }
.edge.end { right: -5.5px; }
.edge::before { content: ""; position: absolute; inset: 0 auto 0 4.75px; width: 1.5px; background: var(--sc-accent); }
.edge::after { content: ""; position: absolute; left: 2.5px; top: 7px; width: 6px; height: 16px; border-radius: 2px; background: var(--sc-accent); }
.marks { position: absolute; inset: 0; pointer-events: none; }
.marks[hidden] { display: none; }
.columns, .tags { position: absolute; inset: 0; }
.bands { position: absolute; inset: calc(var(--wave) + var(--between)) 0 0 0; overflow: hidden; }
.marks i { position: absolute; box-sizing: border-box; }
.span { top: 0; bottom: 0; background: color-mix(in srgb, var(--sc-mark) 7%, transparent); border: solid color-mix(in srgb, var(--sc-mark) 60%, transparent); border-width: 0 1px; }
.thin { border-width: 0 0 0 1px; border-color: color-mix(in srgb, var(--sc-mark) 50%, transparent); }
.span::before { content: ""; position: absolute; inset: var(--wave) -1px auto -1px; height: var(--between); background: var(--sc-mark); }
.band { border: dashed var(--sc-mark); border-width: 1px 0; background: color-mix(in srgb, var(--sc-mark) 7%, transparent); }
.box { min-height: 3px; border: 1px solid var(--sc-mark); }
.line { height: 1px; background: linear-gradient(90deg, var(--sc-mark) 12px, transparent 12px calc(100% - 12px), var(--sc-mark) calc(100% - 12px)), color-mix(in srgb, var(--sc-mark) 35%, transparent); }
.tags { font-weight: 500; font-size: 11px; font-family: var(--st-font, "Source Sans", sans-serif); }
.tags span {
  position: absolute; box-sizing: border-box; height: 15px; padding: 0 3px; line-height: 14px; white-space: nowrap; border-radius: 3px;
  color: var(--sc-ink); background: color-mix(in srgb, var(--sc-panel) 88%, transparent); border: 1px solid var(--sc-mark);
}
.faults-named { position: absolute; width: 1px; height: 1px; margin: 0; overflow: hidden; clip-path: inset(50%); }
.hertz { position: absolute; left: -30px; width: 26px; top: calc(var(--wave) + var(--between)); bottom: var(--axis); text-align: right; }
.hertz, .seconds { font-size: 11px; line-height: 11px; color: var(--sc-ink3); white-space: nowrap; }
.hertz span { position: absolute; right: 0; transform: translateY(-50%); }
.seconds { position: absolute; left: 0; right: 0; bottom: 0; height: 12px; }
.seconds span { position: absolute; transform: translateX(-50%); }
.seconds span:first-child { transform: none; }
.unplayable { flex: none; padding: 20px 12px 18px; text-align: center; font-size: 13px; line-height: 18px; color: var(--sc-ink2); border-bottom: 1px solid var(--sc-line); }
.unplayable b { display: block; font-weight: 600; color: var(--sc-ink); }
.onwards {
  display: flex; align-items: center; gap: 8px; width: max-content; height: 28px; margin: 10px auto 0; padding: 0 10px; border-radius: 6px; font: inherit;
  cursor: pointer; color: var(--sc-ink); background: none; border: 1px solid var(--sc-line2);
}
.onwards:hover:not(:disabled) { background: var(--sc-sunken); }
.onwards:disabled { opacity: .45; cursor: default; }

.transport { display: flex; align-items: center; gap: 4px; flex: none; padding: 4px 12px 5px; white-space: nowrap; border-bottom: 1px solid var(--sc-line); }
.transport button { font: inherit; padding: 0; border: 0; background: none; color: inherit; cursor: pointer; }
.transport .play { width: 32px; height: 32px; flex: none; border-radius: 50%; display: grid; place-items: center; color: var(--sc-accent-ink); background: var(--sc-accent); }
.transport .play:focus-visible { outline-offset: 1px; }
.time { min-width: 86px; padding-left: 4px; }
.space { flex: 1; }
.transport .chip {
  display: inline-flex; align-items: center; gap: 5px; height: 26px; padding: 0 6px; border-radius: 6px; font-size: 12.5px;
  color: var(--sc-ink2); border: 1px solid var(--sc-line2);
}
.transport .chip:disabled { opacity: .45; cursor: default; }
.transport .chip:hover:not(:disabled) { background: var(--sc-sunken); }
.transport .chip[aria-pressed="true"] { color: var(--sc-ink); background: var(--sc-accent-soft); border-color: var(--sc-accent); }
.long, .longest { display: none; }
.speeds { display: inline-flex; gap: 2px; padding: 2px; border-radius: 6px; background: var(--sc-sunken); }
.transport .speeds button { height: 22px; min-width: 24px; padding: 0 5px; border-radius: 4px; font-size: 12.5px; color: var(--sc-ink2); }
.transport .speeds button[aria-pressed="true"] { font-weight: 600; color: var(--sc-ink); background: var(--sc-panel); box-shadow: 0 0 0 1px var(--sc-line2); }

.facts { display: flex; align-items: flex-start; justify-content: space-between; gap: 12px; flex: none; padding: 6px 12px 0; }
.counts { display: flex; flex-wrap: wrap; gap: 2px 12px; min-width: 0; font-size: 12px; line-height: 20px; }
.wrong-reference, .correct {
  display: inline-flex; align-items: center; gap: 5px; flex: none; height: 22px; padding: 0 5px 0 7px; border-radius: 6px; font: inherit;
  font-size: 12.5px; white-space: nowrap; cursor: pointer; color: var(--sc-ink2); background: none; border: 1px solid var(--sc-line2);
}
.facts > .correct { margin-left: auto; }
.correct.corrected { color: var(--sc-accent); border-color: var(--sc-accent); }
.correction { display: grid; grid-template-columns: minmax(0, 1fr); gap: 4px; flex: none; padding: 5px 12px 0; }
.correction textarea {
  box-sizing: border-box; width: 100%; padding: 4px 8px; resize: none; field-sizing: content; max-height: 64px; font: inherit; font-size: 13.5px; line-height: 18px;
  color: inherit; background: var(--sc-panel); border: 1px solid var(--sc-ctl); border-radius: 6px;
}
.correction textarea:focus-visible { outline: 2px solid var(--sc-accent); outline-offset: 0; }
.under { display: flex; align-items: center; gap: 6px; font-size: 12.5px; line-height: 16px; color: var(--sc-ink3); }
.in-table, .field-problem { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.field-problem { color: var(--sc-warn); }
.under [hidden] { display: none; }
.under button {
  display: inline-flex; align-items: center; gap: 5px; flex: none; height: 22px; padding: 0 6px; border-radius: 6px; font: inherit;
  font-size: 12.5px; cursor: pointer; color: var(--sc-ink2); background: none; border: 1px solid var(--sc-line2);
}
.under button:hover, .correct:hover { background: var(--sc-sunken); }
.wrong-reference:hover { background: var(--sc-sunken); }
.wrong-reference[aria-pressed="true"] {
  color: var(--sc-ink); border-color: var(--sc-ink); box-shadow: inset 0 0 0 1px var(--sc-ink); font-weight: 600;
}
.wrong-reference .brief { display: none; }
.correcting .picture { height: 78px; }
.wrong-reference kbd, .correct kbd, .under kbd, .onwards kbd {
  min-width: 16px; padding: 0 4px; text-align: center; border: 1px solid var(--sc-line2); border-radius: 3px;
  font: 500 11px/14px var(--st-code-font, monospace); color: var(--sc-ink2);
}
.alignment {
  flex: 1; min-height: 40px; overflow: auto; padding: 5px 12px 6px; scrollbar-width: thin; align-content: flex-start;
  display: flex; flex-wrap: wrap; gap: 4px 5px; font-size: 13.5px; line-height: 17px;
}
.column { display: grid; grid-template-rows: 18px 18px; row-gap: 2px; justify-items: start; max-width: 100%; white-space: nowrap; }
.column:not(.side) { max-width: calc(100% - 31px); } /* beside the names of the lines */
.column > * { max-width: 100%; overflow: hidden; text-overflow: ellipsis; }
.column.side { width: 26px; font-size: 12px; color: var(--sc-ink3); }
.fold {
  align-self: start; height: 18px; margin-top: 20px; padding: 0 6px; font: inherit; font-size: 12px; line-height: 15px; cursor: pointer; white-space: nowrap;
  border: 1px dashed var(--sc-ins); border-radius: 9px; color: var(--sc-ins); background: none;
}
.fold:hover { background: var(--sc-ins-bg); }
.two .column { grid-template-rows: repeat(3, 18px); }
.two .column.side { width: auto; max-width: 96px; }
.two-models .picture { height: 112px; } /* the lines of both models take its room */
.side span, .counts .name { direction: rtl; text-align: left; }
.sign { padding: 0 6px; border: 1px dashed var(--sc-warn); border-radius: 9px; line-height: 18px; white-space: nowrap; }
.counts .model { display: inline-flex; align-items: center; gap: 5px; max-width: 100%; white-space: nowrap; }
.counts .model > * { flex: none; }
.counts .name { flex: 0 1 auto; min-width: 0; max-width: 110px; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; color: var(--sc-ink3); }
.equal { color: var(--sc-ink2); }
.empty { font-style: italic; color: var(--sc-ink3); }
.gap { width: 100%; min-width: 14px; height: 17px; border: 1px dashed var(--sc-line2); border-radius: 3px; }
.wrong { padding: 0 3px; border-radius: 3px; font-weight: 500; }
.wrong.substitute { color: var(--sc-sub); background: var(--sc-sub-bg); border-bottom: 2px solid currentColor; }
.wrong.delete { color: var(--sc-del); background: var(--sc-del-bg); text-decoration: line-through 1.5px; }
.wrong.insert { color: var(--sc-ins); background: var(--sc-ins-bg); border-bottom: 2px dotted currentColor; }

.counts .wrong { padding: 0 5px; text-decoration: none; }

@media (max-height: 799px) {
  .picture { height: 116px; }
  .two-models .picture { height: 96px; }
}
@container (max-width: 460px) {
  .facts, .counts { column-gap: 6px; }
  .facts .full { display: none; }
  .wrong-reference .brief { display: inline; }
  .transport .speeds button:nth-child(2):not([aria-pressed="true"]) { display: none; }
}
@container (max-width: 424px) {
  .transport .speeds button:nth-child(4):not([aria-pressed="true"]), .transport.marked .speeds button:not([aria-pressed="true"]) { display: none; }
}
@container (max-width: 559px) { /* the times of a loop take the room of two speeds */
  .transport.marked .speeds button:nth-child(even):not([aria-pressed="true"]) { display: none; }
}
@container (min-width: 560px) {
  .picture { height: 196px; --wave: 36px; }
  .two-models .picture { height: 160px; }
  .transport { gap: 6px; }
  .transport .chip, .transport .speeds button { padding: 0 8px; }
  .long { display: inline; }
}
@container (max-width: 679px) {
  .marked .long { display: none; }
}
`;
