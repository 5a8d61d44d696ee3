// The texts of the clip in the player: its alignment and how many errors there are of each kind, the mark of its reference and
// the reference as somebody corrects it.

import { el } from "../../web/dom.js";
import { reviewer, wordsOfPageBefore } from "../../web/instance.js";
import { spokenAlignment } from "./alignment.js";
import { createCorrections } from "./corrections.js";
import { createReferences } from "./references.js";
import { drawAlignment, drawErrorCounts, drawSigns, readingDirection } from "./words.js";

/** @type {EventOptions} */
const REFERENCE = { topic: "reference", isWord: true };

/**
 * False of a number per clip, which has neither reference nor prediction.
 * @param {Clip | null} of
 */
const hasTexts = (of) => of !== null && (of.edits.length > 0 || of.compared !== null || Number.isFinite(of.words));

/**
 * @param {object} player
 * @param {Send} player.send
 * @param {HTMLElement} player.root has the class `correcting` while a reference is, and `two-models` while two are compared
 * @param {() => void} player.play
 * @param {() => void} player.redrawn what is said of the clip elsewhere may be another thing
 */
export function createTexts({ send, root, play, redrawn }) {
  /** @type {Clip | null} */
  let clip = null;
  let table = ""; // its name
  const counts = el("div", { class: "counts" });
  const references = createReferences((id, wrong) => send({ kind: "reference", clip: id, wrong, table, ...reviewer.signature() }, REFERENCE));
  const unfollow = reviewer.follow(() => {
    for (const word of wordsOfPageBefore(["reference", "correct"], reviewer.isMine)) send(word, REFERENCE);
  });
  const corrections = createCorrections({
    change: (id, text, seen) => send({ kind: "correct", clip: id, text, seen, table, ...reviewer.signature() }, REFERENCE),
    redraw: () => clip && draw(),
    play,
  });
  const facts = el("div", { class: "facts" }, counts, corrections.button, references.button);
  const words = el("div", { class: "alignment", tabindex: "0", role: "group", "aria-label": "Reference and prediction, word by word" });

  /** The alignment, with the corrected reference where there is one. */
  function draw() {
    const { edits, compared, signs } = (clip && corrections.as(clip)) ?? clip ?? { edits: [], compared: null, signs: [] };
    redrawn();
    facts.hidden = !hasTexts(clip) || corrections.isOpen();
    root.classList.toggle("correcting", corrections.isOpen());
    counts.replaceChildren(...drawErrorCounts(edits, compared), ...drawSigns(signs));
    root.classList.toggle("two-models", Boolean(compared));
    words.classList.toggle("two", Boolean(compared));
    words.dir = readingDirection(edits);
    words.setAttribute("aria-label", hasTexts(clip) ? spokenAlignment(edits, compared) : "Reference and prediction");
    words.replaceChildren(...(hasTexts(clip) ? drawAlignment(edits, compared) : []));
  }

  return {
    elements: [facts, corrections.editor, words],
    /** @param {Clip | null} shown */
    show(shown) {
      clip = shown;
      words.hidden = !clip;
      references.show(clip);
      corrections.show(clip);
      draw();
    },
    fromTheBeginning: () => (words.scrollTop = 0),
    /**
     * A clip with the corrected reference, if it has one.
     * @param {Clip} of
     */
    corrected: (of) => corrections.as(of),
    /** @param {Drawing & import("./references.js").Marked & {table: string, corrections: import("./corrections.js").Corrections}} data */
    update(data) {
      table = data.table;
      references.update(data);
      corrections.update(data);
    },
    mark: () => hasTexts(clip) && references.toggle(),
    correct: () => hasTexts(clip) && corrections.toggle(),
    leave: corrections.leave,
    destroy() {
      corrections.leave();
      unfollow();
    },
  };
}
