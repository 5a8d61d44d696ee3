// What takes the browser long waits for its turn while the page comes up.

const PATIENCE = 1200; // ms, where there is no table

/** When the table of clips is drawn: nothing can be used while a drawing library or WebGL keeps the browser busy. */
export function afterClips() {
  if (window.slicecoreClips) return Promise.resolve();
  return new Promise((resolve) => {
    window.addEventListener("slicecoreclips", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
}
