import assert from "node:assert/strict";
import { test } from "node:test";
import { alignmentColumns, errorCounts, lineNames, spokenAlignment } from "../../app/slicecore_app/review/player/alignment.js";

const THE = ["equal", "the", "the"];
const CAT = ["equal", "cat", "cat"];

/** Cells as "kind:text", a string per column. */
const written = (columns) => columns.map((cells) => cells.map(({ kind, text }) => `${kind}:${text}`).join(" | "));

const compared = (edits) => ({ models: ["large", "small"], values: ["12 %", "50 %"], edits });

test("a column per word, the reference above the prediction", () => {
  const edits = [THE, ["substitute", "cat", "cap"], ["delete", "sat", ""], ["insert", "", "down"]];
  assert.deepEqual(written(alignmentColumns(edits, null)), [
    "equal:the | equal:the",
    "substitute:cat | substitute:cap",
    "delete:sat | gap:",
    "gap: | insert:+down",
  ]);
});

test("two models stand at the same word of the reference, and what one adds in a column of its own", () => {
  const first = [THE, ["insert", "", "big"], CAT];
  const second = [THE, CAT];
  assert.deepEqual(written(alignmentColumns(first, compared(second))), [
    "equal:the | equal:the | equal:the",
    "gap: | insert:+big | blank:",
    "equal:cat | equal:cat | equal:cat",
  ]);
});

test("an alignment is read out as reference, prediction and errors, of every model", () => {
  const edits = [THE, ["substitute", "cat", "cap"], ["delete", "sat", ""], ["insert", "", "down"]];
  const one = "Prediction: the cap down. Substituted: cat → cap. Deleted: sat. Inserted: down.";
  assert.equal(spokenAlignment(edits, null), `Reference: the cat sat. ${one}`);
  const other = [THE, CAT, ["equal", "sat", "sat"]];
  assert.equal(
    spokenAlignment(edits, compared(other)),
    `Reference: the cat sat. ${one.replace("Prediction", "large")} small: the cat sat.`,
  );
  assert.equal(spokenAlignment([["delete", "the", ""]], null), "Reference: the. Prediction: (empty). Deleted: the.");
});

test("pieces of equal characters are cut where the other model has an error", () => {
  const first = [["equal", "我们去", "我们去"], ["substitute", "公", "工"], ["equal", "园", "园"]];
  const second = [["equal", "我", "我"], ["delete", "们", ""], ["insert", "", "门"], ["equal", "去公园", "去公园"]];
  assert.deepEqual(written(alignmentColumns(first, compared(second))), [
    "equal:我 | equal:我 | equal:我",
    "equal:们 | equal:们 | gap:",
    "gap: | blank: | insert:+门",
    "equal:去 | equal:去 | equal:去",
    "equal:公 | substitute:工 | equal:公",
    "equal:园 | equal:园 | equal:园",
  ]);
});

test("words that both models add at the same place share columns", () => {
  const first = [["insert", "", "a"], THE];
  const second = [["insert", "", "a"], ["insert", "", "b"], THE];
  assert.deepEqual(written(alignmentColumns(first, compared(second))), [
    "gap: | insert:+a | insert:+a",
    "gap: | blank: | insert:+b",
    "equal:the | equal:the | equal:the",
  ]);
});

test("a word of the reference is marked only where both models get it wrong in one way", () => {
  const of = (first, second) => written(alignmentColumns([first, THE], compared([second, THE])))[0];
  const [substituted, deleted] = [["substitute", "cat", "cap"], ["delete", "cat", ""]];
  assert.equal(of(substituted, ["substitute", "cat", "mat"]), "substitute:cat | substitute:cap | substitute:mat");
  assert.equal(of(deleted, deleted), "delete:cat | gap: | gap:");
  assert.equal(of(deleted, substituted), "equal:cat | gap: | substitute:cap");
  assert.equal(of(CAT, deleted), "equal:cat | equal:cat | gap:");
});

test("the first column says which of the texts are empty", () => {
  const deleted = [["delete", "the", ""]];
  assert.deepEqual(written(alignmentColumns(deleted, null)), ["blank: | empty:(empty)", "delete:the | gap:"]);
  assert.deepEqual(written(alignmentColumns([["insert", "", "the"]], null)), ["empty:(empty) | blank:", "gap: | insert:+the"]);
  assert.deepEqual(written(alignmentColumns([], null)), ["empty:(empty) | empty:(empty)"]);
  assert.deepEqual(written(alignmentColumns([THE], compared(deleted))), [
    "blank: | blank: | empty:(empty)",
    "equal:the | equal:the | gap:",
  ]);
});

test("lines are named after the models where there are two", () => {
  assert.deepEqual(lineNames(null), ["ref", "pred"]);
  assert.deepEqual(lineNames(compared([])), ["ref", "large", "small"]);
});

test("errors are counted by kind, in one order, without kinds that don't occur", () => {
  const edits = [["insert", "", "a"], THE, ["substitute", "cat", "cap"], ["insert", "", "b"]];
  assert.deepEqual(errorCounts(edits), [
    { kind: "substitute", short: "→ 1", hint: "1 substituted", long: "→ 1 substituted" },
    { kind: "insert", short: "+ 2", hint: "2 inserted", long: "+ 2 inserted" },
  ]);
  assert.deepEqual(errorCounts([["delete", "cat", ""]]).map(({ long }) => long), ["− 1 deleted"]);
  assert.deepEqual(errorCounts([THE, CAT]), []);
});

test("a wrong space can be seen, and is read out", () => {
  const edits = [["delete", " ", ""], ["insert", "", " "], ["substitute", "a", " "], ["equal", " ", " "]];
  assert.deepEqual(written(alignmentColumns(edits, null)), ["delete:␣ | gap:", "gap: | insert:+␣", "substitute:a | substitute:␣", "equal:  | equal: "]);
  assert.match(spokenAlignment(edits, null), /Substituted: a → space. Deleted: space. Inserted: space./);
});
