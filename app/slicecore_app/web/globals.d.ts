// What the parts of the page share through the window and through attributes and events of the page, for the type checker.

/** A word of an alignment: [kind, word of the reference, word of the prediction]. */
type Edit = [kind: "equal" | "substitute" | "delete" | "insert", reference: string, prediction: string];

/** A clip as the player takes it; the server describes it in `review/player/component.py`. */
interface Clip {
  row: number;
  id: string;
  metric: string;
  value: string;
  words: number | null;
  duration: number | null;
  edits: Edit[];
  compared: { models: string[]; values: string[]; edits: Edit[] } | null;
  position: string | undefined;
  audio: string;
  picture: string;
  sound: string;
  reason: string;
  step?: number;
}

/** The bridge to the clips table, which lives in a frame of its own; see `review/clips/bridge.js`. */
interface ClipsTable {
  beside(row: number, by: number): Clip | null | undefined;
  position(row: number): string | undefined;
  sort(column: string, descending: boolean): boolean;
  play(row: number): boolean;
}

interface Window {
  slicecoreClips?: ClipsTable;
  slicecoreWrongReferences?: Set<string>;
  clipsGrid?: object;
}

interface Document {
  addEventListener(type: "slicecore:pick", listener: (event: CustomEvent<Clip>) => void, options?: boolean): void;
  addEventListener(type: "slicecore:sorted", listener: (event: CustomEvent<string>) => void, options?: boolean): void;
}
