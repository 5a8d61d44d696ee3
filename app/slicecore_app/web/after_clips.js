// A promise for work that takes the browser long: it waits for the table of clips while the page comes up.

const PATIENCE = 1200; // ms, where there is no table

/** Resolves when the table of clips is drawn: nothing can be used while a drawing library or WebGL keeps the browser busy. */
export function afterClips() {
  if (window.slicecoreClips) return Promise.resolve();
  return new Promise((resolve) => {
    window.addEventListener("slicecoreclips", resolve, { once: true });
    setTimeout(resolve, PATIENCE);
  });
}
