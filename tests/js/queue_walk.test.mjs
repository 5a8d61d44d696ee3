// The queue against a model of the server that loses what is sent, is killed, or leaves the page believing that it runs.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createQueue } from "../../app/slicecore_app/web/queue.js";

const SEEDS = 150;
const STEPS = 120;
const TICK_MS = 100;
const BOUND_MS = 4 * 60_000; // what is on its way arrives in this time, once the server answers

/** Random numbers from 0 to 1 (mulberry32). */
function randomNumbers(seed) {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/**
 * Streamlit as the queue meets it. `database` outlives the server: a verdict is written once per press, with the pick and
 * the view that the session had at that moment.
 */
class World {
  constructor(random) {
    this.random = random;
    this.isBad = false; // messages may be lost, either way
    this.isUp = true;
    this.isConnected = true;
    this.isRunning = false; // as the page says
    this.isStuck = false; // the page never hears of the end of a run
    this.sessions = 0;
    this.jobs = new Set(); // what the server is about to do
    this.changed = () => {};
    this.database = [];
    this.events = [];
    this.busy = [];
    const connection = {
      isConnected: () => this.isConnected,
      isRunning: () => this.isRunning,
      follow: (listener) => (this.changed = listener),
    };
    this.queue = createQueue(connection, "tab");
    this.queue.watch(({ waiting }) => (this.busy = waiting));
    this.parts = Object.fromEntries(["page", "address", "map", "judging"].map((name) => [name, { name, post: null }]));
    this.queue.greetBy(this.parts.page);
    this.begin();
    this.run();
  }

  begin() {
    this.session = { name: `s${++this.sessions}`, heard: 0, seq: 0, picked: 0, hasView: this.sessions === 1, isDrawn: false };
  }

  isLost(share) {
    return this.isBad && this.random() < share;
  }

  later(most, work) {
    const job = setTimeout(() => {
      this.jobs.delete(job);
      work();
    }, this.random() * most);
    this.jobs.add(job);
  }

  stop() {
    for (const job of this.jobs) clearTimeout(job);
    this.jobs.clear();
  }

  /** A part hands an event to Streamlit. */
  post(part, event) {
    if (!this.isUp || !this.isConnected || this.isLost(0.15)) return;
    this.later(400, () => this.take(part, event));
  }

  take(part, event) {
    const { session } = this;
    const isFragment = part.name === "address" || part.name === "judging";
    if (isFragment && !session.isDrawn) return; // a new server knows no fragment
    if (session.isDrawn && event.n > session.heard) {
      session.heard = event.n;
      if (event.kind === "view") session.hasView = true;
      if (event.kind === "pick") session.picked = event.n;
      if (event.kind !== "layout") assert.ok(session.hasView, "nothing is taken before the view");
      const isNew = this.database.every(({ n }) => n !== event.n);
      if (event.kind === "verdict" && isNew) this.database.push({ n: event.n, picked: session.picked });
    }
    if (isFragment && event.kind !== "view") this.draw([part]);
    else this.run();
  }

  /** Draw the whole page; a run that goes on ends here. */
  run() {
    this.stop();
    this.session.seq++;
    this.draw(Object.values(this.parts));
  }

  draw(parts) {
    const { heard, name, seq } = this.session;
    if (!this.isLost(0.05)) this.isRunning = true;
    const [part, ...rest] = parts;
    this.later(1500, () => {
      if (!this.isLost(0.1)) {
        part.post = (event) => this.post(part, event);
        this.queue.partIsThere();
        this.queue.hear(heard, name, seq, part);
      }
      if (rest.length) return this.draw(rest);
      if (parts.length === 1 && part.name === "judging") this.session.isDrawn = true;
      if (!this.isStuck && !this.isLost(0.1)) this.isRunning = false;
    });
  }

  kill() {
    this.stop();
    this.isUp = this.isConnected = false;
    if (!this.isLost(0.1)) this.changed();
  }

  start() {
    this.isUp = this.isConnected = true;
    this.begin();
    if (!this.isLost(0.1)) this.changed();
    if (this.isRunning && !this.isLost(0.3)) this.run(); // Streamlit asks for it by itself
  }

  interrupt() {
    if (this.isUp) this.isConnected = !this.isConnected;
    if (!this.isLost(0.1)) this.changed();
  }
}

/** One step of the reader or of fate; what the reader has done is noted. */
function step(world, reader) {
  const { queue, parts, random } = world;
  const chance = random();
  if (chance < 0.3) reader.pick = queue.add({ kind: "pick" }, parts.map, { topic: "pick", replaces: "pick", isReplayed: true });
  else if (chance < 0.65) reader.verdicts.push({ n: queue.add({ kind: "verdict" }, parts.judging, { topic: "verdict" }), picked: reader.pick });
  else if (chance < 0.7) queue.add({ kind: "layout" }, parts.address, { replaces: "layout", isAside: true });
  else if (chance < 0.78) [parts.address, parts.map, parts.judging][Math.floor(random() * 3)].post = null; // it leaves the page
  else if (chance < 0.84) world.isRunning = true;
  else if (chance < 0.9) world.interrupt();
  else if (world.isUp) world.kill();
  else world.start();
}

function pass(time) {
  for (let passed = 0; passed < time; passed += TICK_MS) mock.timers.tick(TICK_MS);
}

test("whatever is lost on the way, all is delivered once, in order, in its view, in bounded time after the server answers", () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    mock.timers.enable({ apis: ["setTimeout"] });
    const random = randomNumbers(seed);
    const world = new World(random);
    const reader = { pick: 0, verdicts: [] };
    pass(7000);
    world.isBad = true;
    world.queue.standBy({ kind: "view" }, world.parts.address);
    for (let i = 0; i < STEPS; i++) {
      step(world, reader);
      pass(random() ** 4 * 12_000);
    }
    world.isBad = false;
    world.isStuck = seed % 2 === 1;
    if (!world.isUp) world.start();
    else if (!world.isConnected) world.interrupt();
    for (let time = 0; world.busy.length && time < BOUND_MS; time += TICK_MS) pass(TICK_MS);
    const what = `seed ${seed}: ${JSON.stringify(world.queue.describe())}`;
    assert.deepEqual(world.busy, [], what);
    assert.deepEqual(world.database, reader.verdicts, what);
    world.stop();
    mock.timers.reset();
  }
});
