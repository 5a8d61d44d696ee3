"use strict";
// Without this script the file reads and plays as well: it adds the switch between light and dark, and one button a clip.

const root = document.documentElement;
const darkScreen = matchMedia("(prefers-color-scheme: dark)");
const themeButton = document.getElementById("theme");
themeButton.hidden = false;
themeButton.addEventListener("click", () => {
  const dark = root.dataset.theme ? root.dataset.theme === "dark" : darkScreen.matches;
  root.dataset.theme = dark ? "light" : "dark";
});
const printButton = document.getElementById("print");
printButton.hidden = false;
printButton.addEventListener("click", () => print());

let playing = null;
for (const player of document.querySelectorAll(".player")) {
  const audio = player.querySelector("audio");
  const stage = player.querySelector(".stage");
  const head = player.querySelector(".head");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "play";
  const label = (text, sign) => {
    button.textContent = sign;
    button.setAttribute("aria-label", text);
  };
  label("Play", "▶");
  player.prepend(button);
  player.classList.add("scripted");
  audio.controls = false;

  const show = () => {
    head.style.left = audio.duration > 0 ? `${(100 * audio.currentTime) / audio.duration}%` : "0";
    if (!audio.paused) requestAnimationFrame(show);
  };
  const play = () => {
    if (playing && playing !== audio) playing.pause();
    playing = audio;
    audio.play().catch(() => label("This browser can't play it", "✕"));
  };
  audio.addEventListener("play", () => {
    player.classList.add("playing");
    label("Pause", "❚❚");
    show();
  });
  for (const end of ["pause", "ended"]) {
    audio.addEventListener(end, () => {
      label("Play", "▶");
      player.classList.toggle("playing", !audio.ended);
    });
  }
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
