import assert from "node:assert/strict";
import { mock, test } from "node:test";

globalThis.window = {};
globalThis.document = { querySelector: () => null, documentElement: { toggleAttribute() {} } };
const { liveComponent } = await import("../../app/slicecore_app/web/instance.js");

test("a part counts as drawn by the server while its update still waits for a file", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const sent = [];
  let send = () => {};
  const map = liveComponent((_, sendEvent) => {
    send = sendEvent;
    return { root: { dataset: {} }, update: () => new Promise(() => {}), destroy() {} };
  });
  const parentElement = { isConnected: true };
  const draw = (data) => map({ data, parentElement, setTriggerValue: (_, event) => sent.push(event.kind) });
  draw({ seq: 1, heard: 0, session: "only" });
  await Promise.resolve();
  send({ kind: "lasso" });
  send({ kind: "badge" });
  draw({ seq: 2, heard: 1, session: "only" });
  await new Promise(setImmediate);
  assert.deepEqual(sent, ["lasso", "badge"]);
});
