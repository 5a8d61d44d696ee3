import assert from "node:assert/strict";
import { test } from "node:test";
import { browserMemory } from "../../app/slicecore_app/web/browser_memory.js";

/** A page of a browser that takes cookies, or does not. */
function openPage(cookies, { takes = true } = {}) {
  return {
    get cookie() {
      return [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    },
    set cookie(text) {
      const [name, value] = text.split("; ")[0].split("=");
      if (takes) cookies.set(name, value);
    },
  };
}

function storage() {
  const stored = new Map();
  return { getItem: (key) => stored.get(key) ?? null, setItem: (key, text) => stored.set(key, text) };
}

function refused() {
  throw new Error("refused");
}

test("what is remembered on one port is known on others", () => {
  const cookies = new Map([["theme", "dark"]]);
  const [first, second] = [storage(), storage()];
  const page = openPage(cookies);
  assert.equal(browserMemory(page, () => first).getItem("slicecore reviewer"), null);
  browserMemory(page, () => first).setItem("slicecore reviewer", '{"name":"Zoë; ✓ = 1"}');
  assert.equal(browserMemory(page, () => second).getItem("slicecore reviewer"), '{"name":"Zoë; ✓ = 1"}');
});

test("either of both will do, and without any that is said", () => {
  const own = storage();
  const withoutCookies = openPage(new Map(), { takes: false });
  browserMemory(withoutCookies, () => own).setItem("name", "Anna");
  assert.equal(browserMemory(withoutCookies, () => own).getItem("name"), "Anna");
  const page = openPage(new Map());
  browserMemory(page, refused).setItem("name", "Anna");
  assert.equal(browserMemory(page, refused).getItem("name"), "Anna");
  assert.throws(() => browserMemory(withoutCookies, refused).setItem("name", "Anna"), /refused/);
});
