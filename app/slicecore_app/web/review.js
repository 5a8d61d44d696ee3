// The review as the browser shows it, ahead of Python: what is picked, the verdict of each slice, and whether that is saved.
// The components of the page share it, so that a pick or a verdict shows everywhere at once.

/**
 * @typedef {object} Review
 * @property {string[]} slices ids in the order of the list
 * @property {string[]} own ids of those that somebody made
 * @property {Record<string, Card>} cards what the list says of each, by id
 * @property {string | null} slice id of the slice that is picked; null: nothing is, or only Python knows which
 * @property {string | null} cluster key of the picked cluster of the treemap
 * @property {number} pick number of the event that picked it
 * @property {Picked | null} picked the event that picked it here; null where Python did, or nothing is picked
 * @property {{slice: string, title: string, clips: string} | null} framed the slice that Python has framed, with its clips, unless they are many
 * @property {boolean} isKnown whether the browser knows what is picked
 * @property {Record<string, string | null>} verdicts that count, by slice id, of slices that were judged themselves
 * @property {Record<string, Opinion[]>} opinions of all reviewers by slice id, the newest last
 * @property {Record<string, Carried>} carried verdicts of other clips, models or tables, by slice id
 * @property {Record<string, string>} assignees names of those who are to judge a slice, by slice id; "" for nobody
 * @property {string[]} people names of those to whom a slice can be assigned
 * @property {string[]} chosen ids of slices that are chosen together in the list, perhaps some that it does not show; see `chosenOf`
 * @property {Listed} listed the slices that the list shows, by their assignees
 * @property {string | null} only name of the reviewer whose verdicts alone the list shows and the head counts
 * @property {{text: string, problem: string, undoes?: string}} saved `undoes` names the table and model of which `text` says what was done to several slices, with its way back
 */

/**
 * Slices of one reviewer (`name`), of any, of nobody, or all.
 * @typedef {{of: "all" | "me" | "somebody" | "nobody", name: string}} Listed
 */

/**
 * A pick as it is told to a session that knows nothing of it (`review/seen_picks.py`): the event that picked, with the `basis`
 * of the page, the pick `within` which it was, and the `id` of its slice, where that is known.
 * @typedef {PageEvent & {basis?: string[], within?: Picked | null, id?: string}} Picked
 */

const MOST_WITHIN = 5; // picks within picks that are told

/** @type {Set<(review: Review) => void>} */
const listeners = new Set();
/** @type {Review} */
let now = { slices: [], own: [], cards: {}, slice: null, cluster: null, pick: 0, picked: null, framed: null, isKnown: true, verdicts: {}, opinions: {}, carried: {}, assignees: {}, people: [], chosen: [], listed: { of: "all", name: "" }, only: null, saved: { text: "", problem: "" } };

export const review = () => now;

/**
 * Change some of it and tell all who follow.
 * @param {Partial<Review>} part
 */
export function setReview(part) {
  const names = /** @type {(keyof Review)[]} */ (Object.keys(part));
  if (names.every((name) => JSON.stringify(now[name]) === JSON.stringify(part[name]))) return;
  now = { ...now, ...part };
  for (const listener of [...listeners]) listener(now);
}

/**
 * Call `listener` now and at each change; returns the function that stops it.
 * @param {(review: Review) => void} listener
 */
export function followReview(listener) {
  listeners.add(listener);
  listener(now);
  return () => listeners.delete(listener);
}

/**
 * Pick something: it is framed everywhere at once, and the event tells Python. `target` is `{slice}` or `{cluster}` where the
 * browser knows it, `{}` for what only Python can say (a lasso, a list of clips), null for taking a pick away. `picked` is what
 * another session is told of it, where that is not the event.
 * @param {{slice?: string | null, cluster?: string | null} | null} target
 * @param {PageEvent} event
 * @param {Send} send
 * @param {Picked} [picked]
 */
export function pick(target, event, send, picked = event) {
  const { slice = null, cluster = null } = target ?? {};
  const number = send({ ...event, picks: true }, { topic: "pick", replaces: "pick", isReplayed: true });
  setReview({ slice, cluster, pick: number, picked: target && picked, isKnown: slice !== null || target === null, chosen: [] });
}

/**
 * The pick, as a session is told of it that does not know its number; null for none.
 * @param {Pick<Review, "slice" | "isKnown" | "picked" | "framed">} review
 * @returns {Picked | null}
 */
export function toldOf({ slice, isKnown, picked, framed }) {
  if (!isKnown || slice === null) return isKnown ? null : picked;
  if (framed?.slice === slice && framed.clips) return { kind: "slice", ...framed };
  return picked ? { ...picked, id: slice } : { kind: "slice", slice };
}

/**
 * The pick within which another one is made, told likewise; none where there are too many of them, one in another.
 * @param {Pick<Review, "slice" | "isKnown" | "picked" | "framed">} review
 */
export function within(review) {
  const told = toldOf(review);
  let depth = 0;
  for (let each = told; each; each = each.within ?? null) depth++;
  return depth > MOST_WITHIN ? { kind: "lost" } : told;
}

/**
 * What is carried over to a slice that was not judged itself; null for nothing.
 * @param {Pick<Review, "verdicts" | "carried">} review
 * @param {string | null} slice
 */
export const carriedTo = ({ verdicts, carried }, slice) => (slice !== null && !verdicts[slice] && carried[slice]) || null;

/**
 * The verdict of a slice in list and progress: the one that counts, or that of the reviewer whose verdicts alone are shown.
 * @param {Pick<Review, "verdicts" | "opinions" | "only">} review
 * @param {string} slice
 */
export const verdictOf = (review, slice) => (review.only === null ? review.verdicts[slice] : opinionOf(review, slice, review.only)?.verdict) || "";

/**
 * Whether a slice counts as reviewed: it was judged itself, or a verdict that is carried over holds for it.
 * @param {Pick<Review, "verdicts" | "opinions" | "only" | "carried">} review
 * @param {string} slice
 */
export function isReviewed(review, slice) {
  const carried = carriedTo(review, slice);
  const isOfThem = review.only === null || carried?.reviewer === review.only;
  return Boolean(verdictOf(review, slice) || (carried?.holds && carried.verdict && isOfThem));
}

/**
 * Whether the list shows a slice, by whoever is to judge it.
 * @param {Pick<Review, "assignees" | "listed">} review
 * @param {string} slice
 */
export function isListed({ assignees, listed }, slice) {
  const to = assignees[slice] ?? "";
  if (listed.of === "me") return to !== "" && to === listed.name;
  return listed.of === "all" || (listed.of === "nobody") === (to === "");
}

/**
 * The slices that are chosen together and that the list shows.
 * @param {Pick<Review, "chosen" | "slices" | "own" | "assignees" | "listed">} review
 */
export function chosenOf(review) {
  if (!review.chosen.length) return [];
  const there = new Set([...review.slices, ...review.own]);
  return review.chosen.filter((id) => there.has(id) && isListed(review, id));
}

/**
 * Name of whoever is to judge all of some slices, "" for nobody; null where they are several people's.
 * @param {Pick<Review, "assignees">} review
 * @param {string[]} slices
 */
export function assigneeOf({ assignees }, slices) {
  const names = new Set(slices.map((id) => assignees[id] ?? ""));
  return names.size > 1 ? null : ([...names][0] ?? "");
}

/**
 * The next slice of the list to review after the picked one, from the top again at the end; null if there is none.
 * @param {Pick<Review, "slices" | "slice" | "verdicts" | "opinions" | "only" | "carried" | "assignees" | "listed">} review
 */
export function nextUnreviewed(review) {
  const { slices, slice } = review;
  const at = slice === null ? 0 : slices.indexOf(slice) + 1;
  return [...slices.slice(at), ...slices.slice(0, at)].find((id) => isListed(review, id) && !isReviewed(review, id)) ?? null;
}

/**
 * What a reviewer has said of a slice; undefined for nothing.
 * @param {Pick<Review, "opinions">} review
 * @param {string | null} slice
 * @param {string} reviewer
 */
export const opinionOf = ({ opinions }, slice, reviewer) => opinions[slice ?? ""]?.find((each) => each.reviewer === reviewer);

/**
 * Verdicts and opinions when a reviewer has given a verdict, or taken it back: the newest that there is counts.
 * @param {Pick<Review, "verdicts" | "opinions">} review
 * @param {string} slice
 * @param {string} reviewer
 * @param {string | null} verdict
 */
export const judged = (review, slice, reviewer, verdict) => amended(review, slice, reviewer, () => ({ verdict }));

/**
 * The same of several slices; taken back it is from those that have one of the reviewer's.
 * @param {Pick<Review, "verdicts" | "opinions">} review
 * @param {string[]} slices
 * @param {string} reviewer
 * @param {string | null} verdict
 */
export function judgedTogether(review, slices, reviewer, verdict) {
  const changed = slices.filter((slice) => verdict || opinionOf(review, slice, reviewer)?.verdict);
  return changed.reduce((before, slice) => judged(before, slice, reviewer, verdict), review);
}

/**
 * Tags that are added to slices and taken off, and a text for the note of each; `shortens` are the slices for which it was
 * refused before.
 * @typedef {{added: string[], removed: string[], line: string, shortens?: string[]}} Noted
 */

/**
 * Verdicts and opinions when a reviewer has changed the tags of slices and added to their notes.
 * @param {Pick<Review, "verdicts" | "opinions">} review
 * @param {string[]} slices
 * @param {string} reviewer
 * @param {Noted} change
 */
export function notedTogether(review, slices, reviewer, { added, removed, line }) {
  /** @param {Opinion} before */
  const change = ({ tags, note }) => ({ tags: [...new Set([...tags.filter((tag) => !removed.includes(tag)), ...added])], note: withLine(note, line) });
  return slices.reduce((before, slice) => amended(before, slice, reviewer, change), review);
}

/**
 * A note with a text below it, as `with_line` in Python writes it.
 * @param {string} note
 * @param {string} text
 */
export function withLine(note, text) {
  if (!text || `\n${note}\n`.includes(`\n${text}\n`)) return note;
  return note.trim() ? `${note}${note.endsWith("\n") ? "" : "\n"}${text}` : text;
}

/**
 * Tags that a reviewer has given slices, with the number of those that have them.
 * @param {Pick<Review, "opinions">} review
 * @param {string[]} slices
 * @param {string} reviewer
 */
export function tagsOf(review, slices, reviewer) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const slice of slices) for (const tag of opinionOf(review, slice, reviewer)?.tags ?? []) counts[tag] = (counts[tag] ?? 0) + 1;
  return Object.entries(counts);
}

/**
 * @param {Pick<Review, "verdicts" | "opinions">} review
 * @param {string} slice
 * @param {string} reviewer
 * @param {(before: Opinion) => Partial<Opinion>} change
 * @returns {Pick<Review, "verdicts" | "opinions">}
 */
function amended({ verdicts, opinions }, slice, reviewer, change) {
  const before = opinions[slice] ?? [];
  const mine = before.find((each) => each.reviewer === reviewer) ?? { reviewer, verdict: null, tags: [], note: "", when: "" };
  const now = { ...mine, ...change(mine), when: "" };
  const isEmpty = !now.verdict && !now.tags.length && !now.note;
  const all = [...before.filter((each) => each.reviewer !== reviewer), ...(isEmpty ? [] : [now])];
  return { verdicts: { ...verdicts, [slice]: all.at(-1)?.verdict ?? null }, opinions: { ...opinions, [slice]: all } };
}

/**
 * Whether reviewers have given a slice different verdicts.
 * @param {Pick<Review, "opinions">} review
 * @param {string} slice
 */
export const isDisputed = ({ opinions }, slice) => new Set(opinions[slice]?.map(({ verdict }) => verdict).filter(Boolean)).size > 1;
