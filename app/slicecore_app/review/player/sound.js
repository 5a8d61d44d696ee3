// The sound of the page: one clip at a time, the next ones already on their way.

import { level } from "./loudness.js";

const MOST_ELEMENTS = 8; // audio elements: of the current clip, those prepared and those just played

/**
 * A file that this browser can't play may still be decoded by the server.
 * @param {string} url
 */
const decodedByServer = (url) => `${url}?as=wav`;

/**
 * `onChange()` is called when play state, duration or speed change, `onTime()` as time passes, `onFailure()` if nothing plays.
 * @typedef {{onChange: () => void, onTime: () => void, onFailure: () => void}} Listeners
 */

export class Sound {
  /** @param {Listeners} listeners */
  constructor({ onChange, onTime, onFailure }) {
    this.onChange = onChange;
    this.onTime = onTime;
    this.onFailure = onFailure;
    this.frame = 0; // of the next tick
    /** @type {Map<string, HTMLAudioElement>} */
    this.elements = new Map(); // by address, the most recently used last
    /** @type {HTMLAudioElement | null} */
    this.current = null;
    /** @type {import("./picture.js").Region | null} */
    this.loop = null; // in seconds
    this.isWanted = false; // somebody pressed play, and nobody paused since
    this.lastTime = 0;
    this.rate = 1;
    this.isEven = false; // every clip equally loud
    /** @type {number | null} */
    this.loudness = null; // of the current clip in LUFS, null until it is known
    this.failed = false;
    this.tick = this.tick.bind(this);
    this.giveWay = this.giveWay.bind(this);
    document.addEventListener("play", this.giveWay, true);
    document.addEventListener("slicecore:sound", this.giveWay);
  }

  /**
   * Switch to the recording at `url`, from its start; null for silence.
   * @param {string | null} url
   */
  load(url, { play = false } = {}) {
    this.current?.pause();
    this.current = url ? this.elementFor(url) : null;
    this.loop = null;
    this.loudness = null;
    this.isWanted = play; // also of silence: the clip after it goes on
    this.failed = false;
    if (this.current) {
      if (this.current.currentTime > 0) this.current.currentTime = 0;
      this.current.playbackRate = this.rate;
      if (this.current.error) this.recover(this.current);
      else if (play) this.play();
    }
    this.lastTime = 0;
    this.onChange();
  }

  /**
   * Begin to fetch a recording that may come next; of a long one only its head, for a browser has few connections.
   * @param {string} url
   */
  prepare(url, { isLong = false } = {}) {
    this.elementFor(url, isLong ? "metadata" : "auto");
  }

  get time() {
    return this.current?.currentTime ?? 0;
  }

  /** In seconds, NaN until it is known. */
  get duration() {
    const duration = this.current?.duration ?? NaN;
    return Number.isFinite(duration) ? duration : NaN;
  }

  get isPlaying() {
    return Boolean(this.current && !this.failed && !this.current.paused && !this.current.ended);
  }

  play() {
    if (!this.current) return;
    this.isWanted = true;
    this.silenceOthers();
    this.current.play().catch((error) => {
      // "NotAllowedError": the browser wants a click first. "AbortError": the next clip came first.
      if (error.name === "NotAllowedError") this.isWanted = false;
      this.onChange();
    });
  }

  pause() {
    this.isWanted = false;
    this.current?.pause();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** @param {number} seconds */
  seek(seconds) {
    if (!this.current) return;
    const end = Number.isNaN(this.duration) ? seconds : this.duration;
    this.current.currentTime = Math.min(Math.max(0, seconds), end);
    this.lastTime = this.current.currentTime;
    this.onTime();
  }

  /**
   * Go to a place in a recording whose length may not be known yet: `time` in seconds, or `share` where it is shorter.
   * @param {{time: number, share: number}} place
   */
  place({ time, share }) {
    const element = this.current;
    if (!element || !(time > 0)) return;
    const go = () => element === this.current && this.seek(time < this.duration ? time : share * this.duration);
    if (Number.isNaN(this.duration)) element.addEventListener("loadedmetadata", go, { once: true });
    else go();
  }

  get speed() {
    return this.rate;
  }

  set speed(rate) {
    this.rate = rate;
    if (this.current) this.current.playbackRate = rate;
    this.onChange();
  }

  /** Play every clip equally loud, or as it is. */
  set even(isEven) {
    this.isEven = isEven;
    this.applyLoudness();
    this.onChange();
  }

  get even() {
    return this.isEven;
  }

  /**
   * Say how loud the current recording is, in LUFS.
   * @param {number | null} loudness
   */
  measured(loudness) {
    this.loudness = loudness;
    this.applyLoudness();
  }

  applyLoudness() {
    if (this.current) level(this.current, this.isEven ? this.loudness : null);
  }

  destroy() {
    document.removeEventListener("play", this.giveWay, true);
    document.removeEventListener("slicecore:sound", this.giveWay);
    cancelAnimationFrame(this.frame);
    for (const element of this.elements.values()) discard(element);
    this.elements.clear();
    this.current = null;
  }

  /** @param {string} url @param {"auto" | "metadata"} preload */
  elementFor(url, preload = "auto") {
    const element = this.elements.get(url) ?? this.createElement(url, preload);
    this.elements.delete(url);
    this.elements.set(url, element);
    for (const [oldUrl, old] of this.elements) {
      if (this.elements.size <= MOST_ELEMENTS) break;
      if (old === this.current) continue;
      this.elements.delete(oldUrl);
      discard(old);
    }
    return element;
  }

  /** @param {string} url @param {"auto" | "metadata"} preload */
  createElement(url, preload) {
    const element = new Audio();
    /** @param {() => void} action */
    const whenCurrent = (action) => () => element === this.current && action();
    element.preload = preload;
    element.addEventListener("error", whenCurrent(() => this.recover(element)));
    element.addEventListener("ended", whenCurrent(() => this.atEnd()));
    element.addEventListener("timeupdate", whenCurrent(this.tick)); // frames stop while the tab is hidden
    for (const name of ["play", "pause", "durationchange"]) element.addEventListener(name, whenCurrent(() => this.onChange()));
    element.addEventListener("playing", whenCurrent(() => {
      this.onChange();
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(this.tick);
    }));
    element.dataset.url = url;
    element.src = url;
    return element;
  }

  /** @param {HTMLAudioElement} element */
  recover(element) {
    const { url = "" } = element.dataset;
    if (element.getAttribute("src") !== url) {
      this.failed = true;
      this.onFailure();
      return;
    }
    element.src = decodedByServer(url);
    element.playbackRate = this.rate;
    if (this.isWanted) this.play();
  }

  tick() {
    const now = this.time;
    // Only crossing the end of the loop leads back: who seeks past it hears what comes there.
    if (this.loop && this.isPlaying && this.lastTime < this.loop.end && now >= this.loop.end) this.seek(this.loop.start);
    else this.lastTime = now;
    this.onTime();
    cancelAnimationFrame(this.frame);
    if (this.isPlaying) this.frame = requestAnimationFrame(this.tick);
  }

  atEnd() {
    if (this.loop) {
      this.seek(this.loop.start);
      this.play();
    }
    this.onTime();
    this.onChange();
  }

  silenceOthers() {
    for (const other of document.querySelectorAll("audio, video")) /** @type {HTMLMediaElement} */ (other).pause();
    document.dispatchEvent(new CustomEvent("slicecore:sound", { detail: this }));
  }

  /**
   * Something else on the page began to sound.
   * @param {Event} event
   */
  giveWay(event) {
    if (!(event instanceof CustomEvent) || event.detail !== this) this.pause();
  }
}

/** @param {HTMLAudioElement} element */
function discard(element) {
  element.pause();
  element.removeAttribute("src");
  element.load(); // lets go of the network and the decoder
}
