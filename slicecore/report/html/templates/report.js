// Without this script the file reads and plays as well: it adds the switch between light and dark, and one button a clip.

const root = document.documentElement;

/**
 * Show a button that needs this script.
 * @param {string} id
 * @param {() => void} action
 */
function button(id, action) {
  const element = document.getElementById(id);
  if (!element) return;
  element.hidden = false;
  element.addEventListener("click", action);
}

button("print", () => print());
button("theme", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  root.dataset.theme = dark ? "light" : "dark";
});

/** @type {HTMLAudioElement | null} */
let playing = null;

/**
 * Put one button and a playhead in the place of the browser's own player.
 * @param {Element} player
 * @param {HTMLAudioElement} audio
 * @param {HTMLElement} stage the spectrogram
 * @param {HTMLElement} head the playhead in it
 */
function script(player, audio, stage, head) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "play";
  /** @param {string} text @param {string} sign */
  const label = (text, sign) => {
    button.textContent = sign;
    button.setAttribute("aria-label", text);
  };
  const show = () => {
    head.style.left = audio.duration > 0 ? `${(100 * audio.currentTime) / audio.duration}%` : "0";
    if (!audio.paused) requestAnimationFrame(show);
  };
  const play = () => {
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    audio.play().catch(() => label("This browser can't play it", "✕"));
  };
  const stop = () => {
    label("Play", "▶");
    player.classList.toggle("playing", !audio.ended);
  };
  label("Play", "▶");
  player.prepend(button);
  player.classList.add("scripted");
  audio.controls = false;
  audio.addEventListener("play", () => {
    player.classList.add("playing");
    label("Pause", "❚❚");
    show();
  });
  audio.addEventListener("pause", stop);
  audio.addEventListener("ended", stop);
  button.addEventListener("click", () => (audio.paused ? play() : audio.pause()));
  stage.addEventListener("click", (event) => {
    const box = stage.getBoundingClientRect();
    const share = (event.clientX - box.left) / box.width;
    const seek = () => {
      audio.currentTime = share * audio.duration;
      play();
    };
    if (audio.readyState > 0) return seek();
    audio.addEventListener("loadedmetadata", seek, { once: true });
    audio.preload = "auto";
    audio.load();
  });
}

for (const player of document.querySelectorAll(".player")) {
  const audio = player.querySelector("audio");
  /** @type {HTMLElement | null} */
  const stage = player.querySelector(".stage");
  /** @type {HTMLElement | null} */
  const head = player.querySelector(".head");
  if (audio && stage && head) script(player, audio, stage, head);
}

export {};
