import { assert } from "@std/assert";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Types of the replies to RESUME, LIST_CHATS and LIST_MESSAGES (client protocol). */
const ANSWERS = { loginSuccess: 103, chats: 112, messages: 105 };

/** Notes in which order a document opens its WebSocket, sends and gets frames, draws, and registers its worker. */
const WATCH = `{
  const events = globalThis.events = [];
  const typeOf = (bytes) => new DataView(bytes.buffer, bytes.byteOffset).getUint32(4);
  globalThis.WebSocket = class extends WebSocket {
    constructor(...args) {
      super(...args);
      events.push(["open"]);
      this.addEventListener("message", ({ data }) => events.push(["get", typeOf(new Uint8Array(data))]));
    }
    send(bytes) {
      events.push(["send", typeOf(bytes)]);
      super.send(bytes);
    }
  };
  const { register } = ServiceWorkerContainer.prototype;
  ServiceWorkerContainer.prototype.register = function (...args) {
    events.push(["register"]);
    return register.apply(this, args);
  };
  new MutationObserver((_, observer) => {
    if (document.querySelector(".app") === null) return;
    events.push(["draw"]);
    observer.disconnect();
  }).observe(document, { subtree: true, childList: true });
}`;

type Event = readonly [what: "open" | "send" | "get" | "draw" | "register", type?: number];

browserTest(
  "a page that begins asks its node first, then draws, and leaves the service worker until it is answered",
  async (stage) => {
    await using nodes = await PageCluster.start(1);
    const alice = await Person.register(stage, "alice", nodes.address(1));
    const bob = await Person.register(stage, "bob", nodes.address(1));
    await bob.chatWith("alice");
    for (const text of ["one", "two"]) await bob.say(text);
    await alice.chatWith("bob");
    await alice.sees("two");
    await alice.page.addInitScript(WATCH);
    await alice.page.reload();
    await alice.sees("two");
    await alice.page.waitForFunction(`events.some(([what]) => what === "register")`);
    const events = await alice.page.evaluate("events") as readonly Event[];
    const [open, draw, register] = ["open", "draw", "register"].map((wanted) =>
      events.findIndex(([what]) => what === wanted)
    ) as [number, number, number];
    assert(open < draw && draw < register, events.join("; "));
    for (const [name, wanted] of Object.entries(ANSWERS)) {
      const answered = events.findIndex(([what, type]) => what === "get" && type === wanted);
      assert(answered > draw && answered < register, `${name}: ${events.join("; ")}`);
    }
    console.log(`${register} events before the worker is registered`);
  },
);
