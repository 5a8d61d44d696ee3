import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { createQueue } from "../../app/slicecore_app/web/queue.js";

/** A server: whether it is there and computes, and the events that each of its parts was sent. */
function setUp() {
  const server = { isConnected: true, isRunning: false, changed: () => {} };
  const connection = {
    isConnected: () => server.isConnected,
    isRunning: () => server.isRunning,
    follow: (listener) => (server.changed = listener),
  };
  const sent = [];
  const part = () => {
    const made = { post: (event) => sent.push(event) };
    return made;
  };
  const queue = createQueue(connection, "tab");
  const connect = (isConnected) => {
    server.isConnected = isConnected;
    server.changed();
  };
  return { server, queue, part, sent, connect, numbers: () => sent.map(({ n }) => n) };
}

/** A clock whose timers may set others: they begin at the end of what Node's own clock is moved by. */
const clock = {
  tick(time) {
    for (let passed = 0; passed < time; passed += 100) mock.timers.tick(100);
  },
};

function withTimers(name, run) {
  test(name, () => {
    mock.timers.enable({ apis: ["setTimeout"] });
    try {
      run(clock);
    } finally {
      mock.timers.reset();
    }
  });
}

withTimers("events go one at a time, each when the one before was taken", () => {
  const { queue, part, numbers } = setUp();
  const list = part();
  for (let i = 0; i < 3; i++) queue.add({ kind: "slice" }, list);
  assert.deepEqual(numbers(), [1]);
  queue.hear(1);
  assert.deepEqual(numbers(), [1, 2]);
  queue.hear(2);
  queue.hear(3);
  assert.deepEqual(numbers(), [1, 2, 3]);
});

withTimers("data from before a key take nothing back, on its topic only", () => {
  const { queue, part } = setUp();
  queue.hear(0);
  assert.equal(queue.isAhead(0), false);
  queue.add({ kind: "slice" }, part(), { topic: "pick" });
  assert.deepEqual([queue.isAhead(0), queue.isAhead(1)], [true, true]);
  assert.deepEqual([queue.isAhead(0, ["pick"]), queue.isAhead(0, ["verdict"]), queue.isAhead(1, ["pick"])], [true, false, false]);
  queue.hear(1); // one part of the page shows it, another one still comes from the run before
  assert.deepEqual([queue.isAhead(0), queue.isAhead(1)], [true, false]);
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  assert.equal(queue.isAhead(1, ["pick"]), false); // the answer to the pick counts while a verdict is on its way
});

withTimers("a pick that a verdict belongs to is not replaced by the next pick", () => {
  const { queue, part, sent } = setUp();
  const options = { topic: "pick", replaces: "pick" };
  queue.add({ kind: "busy" }, part());
  queue.add({ slice: "a" }, part(), options);
  queue.add({ slice: "b" }, part(), options);
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  queue.add({ slice: "c" }, part(), options);
  for (let n = 1; n <= 5; n++) queue.hear(n);
  assert.deepEqual(
    sent.map((event) => event.slice ?? event.kind),
    ["busy", "b", "verdict", "c"],
  );
});

withTimers("an event that is not taken is sent again, but not while the server computes", (timers) => {
  const { queue, part, numbers, server } = setUp();
  const states = [];
  queue.watch(({ isConnected }) => states.push(isConnected));
  queue.add({ kind: "slice" }, part());
  server.isRunning = true; // a run of more than five seconds
  timers.tick(20_000);
  assert.deepEqual(numbers(), [1]);
  assert.ok(states.every(Boolean));
  server.isRunning = false;
  timers.tick(5000);
  assert.deepEqual(numbers(), [1, 1]);
  assert.equal(states.at(-1), false);
  queue.hear(1);
  assert.equal(states.at(-1), true);
});

withTimers("an event whose part has left the page is not sent again", (timers) => {
  const { queue, part, numbers } = setUp();
  const head = part();
  queue.add({ kind: "open" }, head);
  head.post = null;
  timers.tick(60_000);
  assert.deepEqual(numbers(), [1]);
  assert.equal(queue.isAhead(0), false); // it no longer counts
});

withTimers("a verdict waits for its part to come back, and what follows waits behind it", (timers) => {
  const { queue, part, numbers } = setUp();
  const [judging, list] = [part(), part()];
  const { post } = judging;
  queue.add({ kind: "verdict" }, judging, { topic: "verdict" });
  judging.post = null;
  queue.add({ kind: "slice" }, list, { topic: "pick" });
  timers.tick(60_000);
  assert.deepEqual(numbers(), [1]);
  judging.post = post;
  queue.partIsThere();
  queue.hear(1);
  assert.deepEqual(numbers(), [1, 1, 2]);
});

withTimers("after a restart the new server hears of view and pick first, then of what waits, once its page is there", (timers) => {
  const { queue, part, sent, connect, server } = setUp();
  const options = { topic: "pick", replaces: "pick", isReplayed: true };
  const [map, judging] = [part(), part()];
  queue.hear(0, "old");
  queue.standBy({ kind: "view" }, part());
  queue.add({ kind: "lasso" }, map, options);
  queue.hear(1, undefined, undefined, map);
  connect(false);
  queue.add({ kind: "verdict", pick: 1 }, judging, { topic: "verdict" });
  timers.tick(60_000);
  assert.deepEqual(sent.map(({ kind }) => kind), ["lasso"]);
  connect(true);
  server.isRunning = true;
  timers.tick(1000);
  queue.hear(0, "new");
  assert.deepEqual([queue.isAhead(0, ["pick"]), queue.isAhead(1, ["pick"])], [true, false]);
  assert.equal(sent.length, 1);
  server.isRunning = false;
  timers.tick(1000);
  queue.hear(0.5, "new");
  assert.deepEqual(sent.map(({ kind }) => kind), ["lasso", "view"]); // the map still shows another view
  for (const place of [judging, map]) queue.hear(0.5, undefined, undefined, place);
  for (const n of [1, 2]) queue.hear(n);
  assert.deepEqual(sent.map(({ kind, n }) => [kind, n]), [["lasso", 1], ["view", 0.5], ["lasso", 1], ["verdict", 2]]);
});

withTimers("a second restart on the heels of the first begins with the view as well", (timers) => {
  const { queue, part, sent, connect } = setUp();
  const map = part();
  queue.hear(0, "old");
  queue.standBy({ kind: "view" }, part());
  queue.add({ kind: "cluster" }, map, { topic: "pick", isReplayed: true });
  queue.hear(1);
  for (const session of ["new", "newest"]) {
    connect(false);
    connect(true);
    timers.tick(1000);
    queue.hear(0, session);
  }
  queue.hear(0.5, "newest"); // the page of the view is not drawn yet
  assert.equal(sent.filter(({ kind }) => kind === "cluster").length, 1);
  assert.deepEqual([sent.at(-1).kind, sent.at(-1).n], ["view", 0.5]);
  queue.hear(0.5, "newest", undefined, map);
  assert.equal(sent.at(-1).kind, "cluster");
});

withTimers("data of a lost session never count, even where they come once more", (timers) => {
  const { queue, part, connect } = setUp();
  const list = part();
  queue.hear(0, "old", 1);
  queue.add({ kind: "verdict" }, list, { topic: "verdict" });
  queue.hear(1, "old", 1); // only the part of the verdict has drawn it
  connect(false);
  connect(true);
  timers.tick(1000);
  queue.hear(0, "new", 1);
  assert.equal(queue.isAhead(0, ["verdict"], "new"), false);
  queue.hear(0, "old", 1, list); // the list of the old server, drawn before the verdict
  assert.equal(queue.isAhead(0, ["verdict"], "old"), true);
  assert.equal(queue.isAhead(0, ["verdict"], "new"), false);
});

withTimers("the same server after a short interruption is told nothing twice that it has taken", (timers) => {
  const { queue, part, numbers, connect } = setUp();
  queue.hear(0, "only");
  queue.standBy({ kind: "view" }, part());
  queue.add({ kind: "slice" }, part(), { topic: "pick", isReplayed: true });
  queue.hear(1);
  connect(false);
  connect(true);
  queue.hear(1, "only");
  timers.tick(10_000);
  assert.deepEqual(numbers(), [1]);
});

withTimers("after a lost connection the whole page is asked for before an event of a fragment is sent", (timers) => {
  const { queue, part, sent, connect, server } = setUp();
  queue.greetBy(part());
  queue.hear(0, "old", 7);
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" }); // sent, and never taken
  connect(false);
  timers.tick(20_000);
  connect(true);
  queue.hear(0, "old", 7); // drawn once more, as it was
  timers.tick(4000);
  assert.deepEqual(sent.map(({ kind }) => kind), ["verdict", "hello"]);
  timers.tick(5000); // the greeting was lost
  assert.deepEqual(sent.map(({ kind }) => kind), ["verdict", "hello", "hello"]);
  server.isRunning = true;
  queue.hear(0, "new", 1);
  timers.tick(2000);
  assert.equal(sent.length, 3);
  server.isRunning = false;
  timers.tick(1000);
  assert.deepEqual(sent.map(({ kind }) => kind), ["verdict", "hello", "hello", "verdict"]);
});

/** What a queue of a page with a greeting part has sent, after `prepare` has made it wait. */
function greeting() {
  const made = setUp();
  const page = made.part();
  made.queue.greetBy(page);
  made.queue.hear(0, "only", 1, page);
  return { ...made, page, kinds: () => made.sent.map(({ kind }) => kind) };
}

withTimers("a page that never hears of the end of a run asks for the page all the same, each time after a longer wait", (timers) => {
  const { queue, part, kinds, server } = greeting();
  queue.add({ kind: "slice" }, part());
  server.isRunning = true;
  timers.tick(35_000);
  assert.deepEqual(kinds(), ["slice", "hello"]);
  timers.tick(50_000);
  assert.deepEqual(kinds(), ["slice", "hello"]);
  timers.tick(10_000);
  assert.deepEqual(kinds(), ["slice", "hello", "hello"]);
  queue.hear(0, "only", 2);
  timers.tick(35_000);
  assert.deepEqual(kinds(), ["slice", "hello", "hello", "slice"]);
  queue.hear(1, "only", 2);
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" }); // an answer ends the long waits
  timers.tick(35_000);
  assert.deepEqual(kinds().slice(4), ["verdict", "hello"]);
});

withTimers("a page that says a run goes on since before the connection was lost greets the new server all the same", (timers) => {
  const { queue, part, kinds, connect, server } = greeting();
  server.isRunning = true;
  connect(false);
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  connect(true);
  timers.tick(35_000);
  assert.deepEqual(kinds(), ["hello"]);
  queue.hear(0, "new", 1);
  timers.tick(35_000); // and it never hears of the end of that run
  assert.deepEqual(kinds(), ["hello", "verdict"]);
});

withTimers("an event that two sendings did not bring to Python waits for the whole page: the server may lack its fragment", (timers) => {
  const { queue, part, kinds } = greeting();
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  timers.tick(10_000);
  assert.deepEqual(kinds(), ["verdict", "verdict", "hello"]);
  queue.hear(0, "only", 2);
  timers.tick(1000);
  assert.deepEqual(kinds(), ["verdict", "verdict", "hello", "verdict"]);
});

withTimers("an event goes on being sent where no greeting is answered", (timers) => {
  const { queue, part, kinds } = greeting();
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  timers.tick(25_000);
  assert.deepEqual(kinds(), ["verdict", "verdict", "hello", "hello", "hello", "verdict"]);
});

withTimers("the server is greeted until it draws the page, where nothing waits", (timers) => {
  const { kinds, connect } = greeting();
  connect(false);
  connect(true);
  timers.tick(60_000);
  assert.ok(kinds().length > 10);
});

withTimers("the whole page is asked for where the part of the next event was not drawn after the view", (timers) => {
  const { queue, part, kinds, page } = greeting();
  const map = part();
  queue.standBy({ kind: "view" }, part());
  queue.add({ kind: "lasso" }, map, { topic: "pick", isReplayed: true });
  queue.hear(1, "only", 2);
  queue.hear(0, "new", 1);
  queue.hear(0.5, "new", 2, page); // what the map was sent with it has been lost
  assert.deepEqual(kinds(), ["lasso", "view"]);
  timers.tick(5000);
  assert.deepEqual(kinds(), ["lasso", "view", "hello"]);
  queue.hear(0.5, "new", 3, page); // and once more
  timers.tick(15_000);
  assert.deepEqual(kinds(), ["lasso", "view", "hello", "hello"]);
  queue.hear(0.5, "new", 4, map);
  timers.tick(1000);
  assert.deepEqual(kinds(), ["lasso", "view", "hello", "hello", "lasso"]);
});

for (const topic of ["verdict", "view"]) {
  withTimers(`the whole page is asked for, ever more rarely, while the part of a ${topic} is not on it`, (timers) => {
    const { queue, part, kinds } = greeting();
    const away = part();
    const { post } = away;
    away.post = null;
    queue.add({ kind: "late" }, away, { topic });
    for (let drawing = 2; drawing < 40; drawing++) {
      timers.tick(5000);
      queue.hear(0, "only", drawing);
    }
    const greetings = kinds().length;
    assert.ok(greetings >= 4 && greetings <= 8, String(greetings));
    away.post = post;
    queue.partIsThere();
    timers.tick(1000);
    assert.equal(kinds().at(-1), "late");
  });
}

withTimers("a connection that has come back counts where nobody has said so", (timers) => {
  const { queue, part, kinds, server } = greeting();
  server.isConnected = false;
  queue.add({ kind: "verdict" }, part(), { topic: "verdict" });
  timers.tick(20_000);
  server.isConnected = true;
  timers.tick(6000);
  queue.hear(0, "new", 1);
  timers.tick(1000);
  assert.deepEqual(kinds(), ["hello", "verdict"]);
});
