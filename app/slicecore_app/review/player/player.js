// The clip being reviewed: its sound, its picture, its reference and predictions.
//
// Going to a neighbouring clip happens here at once and Python hears of it afterwards: what Python sends is obeyed only if it
// has heard of the newest move.

import { isDark } from "../../web/colour.js";
import { copyText } from "../../web/clipboard.js";
import { el, iconButton } from "../../web/dom.js";
import { fixed } from "../../web/format.js";
import { isAhead, liveComponent } from "../../web/instance.js";
import { onKeys } from "../../web/keys.js";
import { createPanel } from "../../web/panel.js";
import { readTheme } from "../../web/theme.js";
import { soundOf, spectrogramOf } from "./drawings.js";
import { createLoop } from "./loop.js";
import { marksOf, sentences } from "./marks.js";
import { createNeighbours, showAsCurrent } from "./neighbours.js";
import { createPicture } from "./picture.js";
import { Sound } from "./sound.js";
import { STYLE } from "./style.js";
import { createTexts } from "./texts.js";
import { createTransport, SPEEDS } from "./transport.js";

const PREVIOUS = "M11.500 3.500 7 8l4.500 4.500M4.500 3.500v9";
const NEXT = "M4.500 3.500 9 8l-4.500 4.500M11.500 3.500v9";
const COPY = "M5.500 5.500h7v8h-7zM3.500 10.500v-8h7";
const TYPICAL = "M8 2.500a5.500 5.500 0 1 0 0 11 5.500 5.500 0 0 0 0-11zM8 6a2 2 0 1 0 0 4 2 2 0 0 0 0-4z";
const SEEK_STEP = 1; // seconds
const LONG = 60; // seconds
const AHEAD = [1, 2, -1]; // neighbours that are fetched beforehand

/**
 * Data that component.py sends.
 * @typedef {Drawing & import("./references.js").Marked & {
 *   corrections: import("./corrections.js").Corrections,
 *   table: string,
 *   clip: Clip | null,
 *   following: Clip[],
 *   beside: Clip | null,
 *   typical: Clip | null,
 *   marks: string,
 *   nothing: string,
 * }} Data
 */

/** @param {Clip | null} clip @param {Clip | null} other */
const isSame = (clip, other) => clip?.row === other?.row && clip?.audio === other?.audio;

export default liveComponent((parentElement, send) => {
  const panel = createPanel(parentElement, "player", STYLE);
  const position = el("span", { class: "position" });
  const previous = iconButton("Previous clip (←)", PREVIOUS, () => step(-1));
  const next = iconButton("Next clip (→)", NEXT, () => step(1));
  const toTypical = iconButton("Most typical clip", TYPICAL, () => typical && goTo(typical, { play: true }));
  const copy = iconButton("Copy the path of the file", COPY, copyPath);
  panel.tools.append(position, copy, toTypical, previous, next);

  const picture = createPicture({
    seek: (share) => sound.seek(share * duration()),
    loop: (shares) => loop.mark(shares),
    loopDone: () => loop.finish(),
    clearLoop: () => loop.set(null, false),
  });
  const transport = createTransport({
    toggle: () => sound.toggle(),
    loop: toggleLoop,
    even: toggleEven,
    mark: toggleMarks,
    compare,
    speed: (rate) => (sound.speed = rate),
  });
  const reason = el("span");
  const onwards = el("button", { type: "button", class: "onwards", onclick: () => step(1) }, "Next clip", el("kbd", {}, "→"));
  const unplayable = el("div", { class: "unplayable", role: "status", hidden: true }, el("b", {}, "This clip can’t be played"), reason, onwards);
  const texts = createTexts({ send, root: panel.root, play: () => sound.toggle(), redrawn: showFacts });
  const parts = [picture.element, unplayable, transport.element, ...texts.elements];
  panel.body.append(...parts);

  const sound = new Sound({ onChange: showTransport, onTime: showTime, onFailure: showFailure });
  const loop = createLoop(sound, picture, duration, showTransport);
  const neighbours = createNeighbours();

  /** @type {Clip | null} */
  let clip = null;
  /** @type {import("./drawings.js").SoundNumbers | null} */
  let measured = null; // numbers of the sound from the server
  let drawingProblem = ""; // why there is no picture
  let nothing = ""; // what to say without a clip
  let isNew = true; // nothing has been shown yet
  let pendingStep = 0; // a step asked for before its clip was known
  /** @type {Clip | null} */
  let beside = null; // a well recognised clip like this
  /** @type {Clip | null} */
  let typical = null;
  let marksAddress = ""; // of the marks of a clip, `{row}` in the place of its row
  /** @type {import("./marks.js").Marks | null} */
  let marks = null; // those of the clip, null until they are known
  let isMarked = true;
  /** @type {Clip | null} */
  let home = null; // the clip that `beside` is compared with, while that plays

  // --- which clip ---------------------------------------------------------------------------------------------
  /** @param {Data} data */
  function update(data) {
    const { clip: wanted, following, beside: good, typical: best, nothing: hint, seq } = data;
    nothing = hint;
    const isMarkedAnew = marksAddress !== data.marks;
    marksAddress = data.marks;
    picture.recolour(isDark(readTheme(panel.root).panel));
    if (!isAhead(data, "clip", "pick")) {
      neighbours.set(wanted, following);
      [beside, typical] = [good, best];
      if (home && isSame(wanted, home)) home = wanted;
      else if (isNew || !isSame(wanted, clip)) show(wanted, { play: keepsPlaying() });
      else if (JSON.stringify(wanted) !== JSON.stringify(clip)) describe(wanted);
      lookAhead();
      if (pendingStep) step(pendingStep);
    }
    if (isMarkedAnew) findMarks();
    texts.update(data);
    stopKeys.ready();
    return seq;
  }

  /** Somebody who listens goes on listening, also when the clip before has ended by itself. */
  const keepsPlaying = () => sound.isWanted;

  /** @param {number} by */
  function step(by) {
    if (!clip) return;
    const other = neighbours.at(home ?? clip, by);
    pendingStep = other === undefined ? by : 0;
    if (other) moveTo(other, { play: keepsPlaying() });
  }

  /** @param {Clip} other @param {{play: boolean}} options */
  function goTo(other, { play }) {
    if (!isSame(other, clip)) moveTo(other, { play });
    else if (play) sound.play();
  }

  /** To the good clip like this and back, at the same place: in seconds, or at the same share where the other is shorter. */
  function compare() {
    const other = home ?? beside;
    if (!clip || !other || isSame(other, clip)) return;
    const [time, share] = [sound.time, sound.time / duration() || 0];
    const wasHome = home ? null : clip;
    show(other, { play: keepsPlaying() });
    home = wasHome;
    describe(clip);
    lookAhead();
    sound.place({ time, share });
  }

  /** @param {Clip} other @param {{play: boolean}} options */
  function moveTo(other, { play }) {
    show(other, { play });
    send({ kind: "clip", row: other.row }, { topic: "clip", replaces: "clip" });
  }

  /** @param {CustomEvent<Clip>} event */
  function onPick(event) {
    event.preventDefault(); // this page has a player: the table need not tell Python itself
    pendingStep = 0;
    if (isSame(event.detail, clip)) sound.play();
    else moveTo(event.detail, { play: true });
  }

  // --- showing it ---------------------------------------------------------------------------------------------
  /** @param {Clip | null} wanted @param {{play: boolean}} options */
  function show(wanted, { play }) {
    clip = wanted;
    isNew = false;
    home = null;
    measured = null;
    marks = null;
    drawingProblem = "";
    picture.clear();
    showAsCurrent(clip?.row ?? null);
    panel.root.dataset.row = String(clip?.row ?? "");
    const sounding = playable();
    sound.load(sounding ? sounding.audio : null, { play });
    loop.set(null, false);
    describe(clip);
    texts.fromTheBeginning();
    if (sounding) draw(sounding);
    lookAhead();
  }

  /** The clip, if it can be played. */
  const playable = () => (clip?.audio && !clip.reason ? clip : null);

  /** @param {Clip | null} wanted */
  function describe(wanted) {
    clip = wanted;
    panel.say(clip ? "" : nothing);
    for (const part of [position, copy, toTypical, previous, next]) part.hidden = !clip;
    panel.root.toggleAttribute("data-compared", Boolean(home));
    toTypical.hidden ||= !typical;
    copy.hidden ||= !clip?.path;
    panel.title.textContent = clip?.name ?? "Player";
    panel.title.title = clip ? [clip.name, clip.path].filter(Boolean).join("\n") : "";
    panel.title.classList.toggle("id", Boolean(clip));
    texts.show(clip);
    showWhatPlays();
    showTransport();
  }

  function showFacts() {
    if (!clip) {
      panel.caption.textContent = "nothing selected";
      return;
    }
    const { metric, value, words: count, duration: named } = clip;
    const length = named ?? measured?.duration;
    const corrected = texts.corrected(clip);
    const known = [
      [metric, value, ...(corrected ? ["→", corrected.value] : [])].filter(Boolean).join(" "),
      Number.isFinite(count) ? `${fixed(count)} ${count === 1 ? "word" : "words"}` : "",
      Number.isFinite(length) ? `${fixed(length, 1)} s` : "",
    ];
    panel.caption.textContent = known.filter(Boolean).join(" · ");
    panel.caption.title = corrected ? `${metric} ${corrected.value} with the corrected reference` : "";
  }

  /**
   * Sound first: the picture is fetched once the audio element has asked for its file.
   * @param {Clip} drawn
   */
  async function draw(drawn) {
    picture.wait();
    const still = () => isSame(drawn, clip);
    try {
      const numbers = await soundOf(drawn.sound);
      if (!still()) return;
      measured = numbers;
      sound.measured(numbers.loudness);
      picture.showSound(numbers);
      showFacts();
      findMarks();
      showTransport();
      const image = await spectrogramOf(drawn.picture);
      if (still()) picture.showSpectrogram(image);
    } catch (error) {
      if (!still()) return;
      drawingProblem = /** @type {Error} */ (error).message;
      showWhatPlays();
    }
    if (still()) panel.root.dataset.drawn = String(drawn.row);
  }

  /** The faults of the clip, once its picture is there: only for those who want to see them. */
  async function findMarks() {
    const drawn = playable();
    const address = marksAddress;
    marks = null;
    if (drawn && measured && address && isMarked) {
      const found = await marksOf(address.replace("{row}", String(drawn.row))).catch(() => null);
      if (!isSame(drawn, clip) || address !== marksAddress) return;
      marks = found;
    }
    picture.showMarks(isMarked ? marks : null);
    showTransport();
  }

  function toggleMarks() {
    if (marks && !marks.marks.length) return;
    isMarked = !isMarked;
    if (marks) picture.showMarks(isMarked ? marks : null);
    else findMarks();
    showTransport();
  }

  function showFailure() {
    showWhatPlays();
    showTransport();
  }

  function showWhatPlays() {
    const isSilent = Boolean(clip) && (!playable() || sound.failed);
    picture.element.hidden = !clip || isSilent;
    transport.element.hidden = !clip || isSilent;
    unplayable.hidden = !isSilent;
    reason.textContent = isSilent ? whySilent() : "";
    picture.say(drawingProblem ? `No picture: ${drawingProblem}` : "");
  }

  const whySilent = () =>
    clip?.reason || drawingProblem || (clip?.audio ? "The browser can’t decode this file" : "No audio path in the table");

  function lookAhead() {
    if (!clip) return;
    const at = home ?? clip;
    position.textContent = home ? "good clip like it" : (neighbours.position(clip) ?? "");
    for (const other of [...AHEAD.map((by) => neighbours.at(at, by)), beside]) {
      if (other) texts.corrected(other); // so that it is there when the clip is
      if (!other?.audio || other.reason) continue;
      sound.prepare(other.audio, { isLong: (other.duration ?? 0) > LONG });
      Promise.all([soundOf(other.sound), spectrogramOf(other.picture)]).catch(() => {}); // an error is shown with the clip
    }
    previous.disabled = neighbours.at(at, -1) === null;
    next.disabled = onwards.disabled = neighbours.at(at, 1) === null;
  }

  // --- time ---------------------------------------------------------------------------------------------------
  function duration() {
    return [sound.duration, measured?.duration, clip?.duration].find((each) => each && each > 0) ?? NaN;
  }

  function showTime() {
    picture.showTime(sound.time / duration() || 0);
    showTransport();
  }

  function showTransport() {
    panel.root.dataset.state = sound.isPlaying ? "playing" : "paused";
    transport.show({
      playing: sound.isPlaying,
      time: sound.time,
      duration: duration(),
      loop: loop.region(),
      isLooping: loop.isOn(),
      isEven: sound.even,
      speed: sound.speed,
      isCompared: Boolean(home),
      isMarked,
      marks: marks && sentences(marks),
      canCompare: Boolean(home || (beside && !isSame(beside, clip))),
    });
    if (!sound.time) picture.showTime(0);
  }

  function toggleLoop() {
    if (playable()) loop.toggle();
  }

  function toggleEven() {
    sound.even = !sound.even;
  }

  /** @param {number} by */
  function changeSpeed(by) {
    const index = SPEEDS.indexOf(sound.speed) + by;
    if (index in SPEEDS) sound.speed = SPEEDS[index];
  }

  async function copyPath() {
    if (!clip?.path) return;
    const path = clip.path;
    const isCopied = await copyText(path);
    panel.caption.textContent = isCopied ? `copied: ${path}` : path; // until the next clip
  }

  // --- keys and the table -------------------------------------------------------------------------------------
  const stopKeys = onKeys({
    " ": ({ repeat }) => !repeat && sound.toggle(),
    ArrowLeft: () => step(-1),
    ArrowRight: () => step(1),
    ",": () => sound.seek(sound.time - SEEK_STEP),
    ".": () => sound.seek(sound.time + SEEK_STEP),
    "[": () => changeSpeed(-1),
    "]": () => changeSpeed(1),
    l: toggleLoop,
    v: toggleEven,
    b: compare,
    d: ({ repeat }) => !repeat && toggleMarks(),
    w: ({ repeat }) => !repeat && texts.mark(),
    e: ({ repeat }) => !repeat && texts.correct(),
  }, { waits: true });
  document.addEventListener("slicecore:pick", onPick);
  window.addEventListener("pagehide", texts.leave);
  document.addEventListener("slicecore:order", lookAhead);

  return {
    root: panel.root,
    update,
    destroy() {
      texts.destroy();
      window.removeEventListener("pagehide", texts.leave);
      stopKeys();
      document.removeEventListener("slicecore:pick", onPick);
      document.removeEventListener("slicecore:order", lookAhead);
      showAsCurrent(null);
      sound.destroy();
      picture.destroy();
      panel.remove();
    },
  };
});
