import assert from "node:assert/strict";
import { test } from "node:test";

import { tagsIn } from "../../app/slicecore_app/review/verdict/tags.js";

test("tags are separated by commas or semicolons", () => {
  assert.deepEqual(tagsIn(" lang, priority;far field ,"), ["lang", "priority", "far field"]);
  assert.deepEqual(tagsIn(" "), []);
});
