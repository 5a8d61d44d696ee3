// Types that the parts of the page share: records from Python that more than one of them reads, and the messages by which
// they speak to each other: through the window and through attributes and events of the page.

/** A word of an alignment: [kind, word of the reference, word of the prediction]. */
type Edit = [kind: "equal" | "substitute" | "delete" | "insert", reference: string, prediction: string];

/** Another model on the same clip: both names, both values, and the alignment of the second one. */
interface Compared {
  models: string[];
  values: string[];
  edits: Edit[];
}

/** A clip as the player takes it; the server describes it in `review/player/component.py`. */
interface Clip {
  row: number;
  id: string;
  name: string;
  path: string;
  metric: string;
  value: string;
  words: number | null;
  duration: number | null;
  edits: Edit[];
  compared: Compared | null;
  signs: [label: string, text: string][];
  position: string | undefined;
  audio: string;
  picture: string;
  sound: string;
  reason: string;
  /** As it is written; missing in clips of the table. */
  reference?: string;
  step?: number;
}

/** A slice as the list shows it; see `review/problems/component.py`. */
interface Card {
  slice: string;
  number: number;
  title: string;
  drop: string;
  facts: string;
  points: number | null;
  share: number;
  share_text: string;
  tier: string;
  clusters: string;
  verdict: string;
  reason: string;
  name_hint: string;
  tier_hint: string;
}

/** A verdict of other clips, another model or another table on a slice; see `review/verdict/component.py`. */
interface Carried {
  verdict: string;
  holds: boolean;
  text: string;
  hint: string;
  short: string;
  reviewer: string;
}

/** The judgement of one reviewer on a slice; see `review/verdict/component.py`. */
interface Opinion {
  reviewer: string;
  verdict: string | null;
  tags: string[];
  note: string;
  when: string;
}

/** A number with its label; see `review/head/component.py`. */
interface Figure {
  label: string;
  value: string;
  note: string;
  hint: string;
  counts_reviewed: boolean;
  opens: string;
  short: string;
}

type Point = [x: number, y: number];

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

interface Size {
  width: number;
  height: number;
}

// --- events and drawings, see `queue.js` and `instance.js` ---

/** An event for Python; `kind` says what has happened, and each kind has fields of its own. */
interface PageEvent {
  kind: string;
  [field: string]: unknown;
}

/** The same with its number and the page load that counts. */
type NumberedEvent = PageEvent & { n: number; tab?: string; press?: string };

interface EventOptions {
  /** The thing that the event changes; an event with a topic is never given up. */
  topic?: string;
  /** A word: of neighbours in the queue with the same one only the newest is sent. */
  replaces?: string;
  /** No part of the page looks otherwise for it. */
  isAside?: boolean;
  /** A new server has to be told of the newest such event before all others. */
  isReplayed?: boolean;
  /** A word of the reviewer, which outlives the page until Python has it; see `unsent.js`. */
  isWord?: boolean;
}

/** Hands an event to Python and returns its number. */
type Send = (event: PageEvent, options?: EventOptions) => number;

/** Data from Python for every component: number of the drawing, number of the newest event that it had taken. */
interface Drawing {
  seq: number;
  heard?: number;
  session?: string;
}

/** Ground that a component draws into. */
type Host = HTMLElement | ShadowRoot;

/** A component in a place on the page. */
interface View<Data extends Drawing> {
  root: HTMLElement;
  update(data: Data): number | Promise<number>;
  destroy(): void;
}

// --- elements, see `dom.js` ---

type Handlers = { [Name in keyof HTMLElementEventMap as `on${Name}`]?: (event: HTMLElementEventMap[Name]) => void };

interface Attributes extends Handlers {
  [name: string]: string | number | boolean | null | undefined | ((event: never) => void);
}

// --- the page ---

/** The bridge to the clips table, which lives in a frame of its own; see `review/clips/bridge.js`. */
interface ClipsTable {
  beside(row: number, by: number): Clip | null | undefined;
  position(row: number): string | undefined;
  sort(column: string, descending: boolean): boolean;
  play(row: number): boolean;
  columns(): { name: string; label: string; isShown: boolean }[];
}

interface Window {
  slicecoreClips?: ClipsTable;
  slicecoreWrongReferences?: Set<string>;
  slicecoreCorrected?: Set<string>;
  slicecoreQueue?: () => object;
  clipsGrid?: object;
}

interface DocumentEventMap {
  "slicecore:pick": CustomEvent<Clip>;
  "slicecore:sorted": CustomEvent<string>;
  "slicecore:sound": CustomEvent<object>;
}
