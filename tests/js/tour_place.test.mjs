import assert from "node:assert/strict";
import { test } from "node:test";
import { place } from "../../app/slicecore_app/review/help/tour_place.js";

const CARD = { width: 320, height: 180 };
const PAGE = { width: 1440, height: 900 };

test("a card stands right of a panel, else left of it, else below", () => {
  assert.deepEqual(place({ left: 16, top: 200, right: 300, bottom: 850 }, CARD, PAGE), { left: 312, top: 200 });
  assert.deepEqual(place({ left: 954, top: 500, right: 1424, bottom: 850 }, CARD, PAGE), { left: 622, top: 500 });
  assert.deepEqual(place({ left: 16, top: 60, right: 1424, bottom: 300 }, CARD, PAGE), { left: 16, top: 312 });
  assert.deepEqual(place({ left: 16, top: 400, right: 1424, bottom: 880 }, CARD, PAGE), { left: 16, top: 208 });
});

test("a card covers neither a panel that leaves room nor the edge of the window", () => {
  for (const left of [0, 300, 700, 1100])
    for (const top of [0, 300, 600])
      for (const [width, height] of [[60, 30], [300, 250], [1400, 200], [1440, 900]]) {
        const panel = { left, top, right: Math.min(left + width, PAGE.width), bottom: Math.min(top + height, PAGE.height) };
        const at = place(panel, CARD, PAGE);
        assert.ok(at.left >= 12 && at.left + CARD.width <= PAGE.width - 12);
        assert.ok(at.top >= 12 && at.top + CARD.height <= PAGE.height - 12);
        const hasRoom = width < 400;
        const isApart = at.left >= panel.right || at.left + CARD.width <= panel.left || at.top >= panel.bottom || at.top + CARD.height <= panel.top;
        if (hasRoom) assert.ok(isApart, JSON.stringify({ panel, at }));
      }
});

test("without a panel a card stands at the foot of the window", () => {
  assert.deepEqual(place(null, CARD, PAGE), { left: 560, top: 708 });
});
