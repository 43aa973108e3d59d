import { assertEquals } from "@std/assert";
import { SeenWatch } from "../../../../client/web/dom/seen_watch.ts";
import { VirtualTimers } from "../../../testing/virtual_timers.ts";

/** Height of the history and of a message, px. */
const [HISTORY_PX, MESSAGE_PX] = [100, 40];

/** Time in view after which a message is seen, ms. */
const SEEN_MS = 500;

/** A window with a history of messages, in virtual time. `using` takes it away. */
class FakeWindow implements Disposable {
  readonly timers = new VirtualTimers();
  readonly unread = new Set<string>();
  readonly told: (readonly string[])[] = [];
  hasFocus = true;
  /** Ids of the messages in the document, and how far it is scrolled, px. */
  ids: readonly string[] = [];
  scrolled = 0;
  readonly watch = new SeenWatch((id) => this.unread.has(id), (ids) => this.told.push(ids));
  readonly #globals = {
    setTimeout: globalThis.setTimeout,
    clearTimeout: globalThis.clearTimeout,
    document: Reflect.get(globalThis, "document"),
  };
  readonly #now = performance.now;

  constructor(...ids: readonly string[]) {
    this.ids = ids;
    for (const id of ids) this.unread.add(id);
    performance.now = () => this.timers.nowMs;
    Object.assign(globalThis, {
      setTimeout: this.timers.set,
      clearTimeout: this.timers.clear,
      document: {
        visibilityState: "visible",
        hasFocus: () => this.hasFocus,
        getElementById: () => this.#history(),
      },
    });
  }

  #history(): object {
    return {
      clientHeight: HISTORY_PX,
      getBoundingClientRect: () => ({ top: 0, bottom: HISTORY_PX, height: HISTORY_PX }),
      querySelectorAll: () => this.ids.map((id, place) => this.#message(id, place)),
    };
  }

  #message(id: string, place: number): object {
    const top = place * MESSAGE_PX - this.scrolled;
    const frame = { top, bottom: top + MESSAGE_PX, height: MESSAGE_PX };
    return { dataset: { id }, getBoundingClientRect: () => frame };
  }

  /** Time passes in steps, after each of which the page is drawn. */
  pass(ms: number, steps = 10): void {
    for (let step = 0; step < steps; step++) {
      this.timers.pass(ms / steps);
      this.watch.look();
    }
  }

  [Symbol.dispose](): void {
    performance.now = this.#now;
    Object.assign(globalThis, this.#globals);
  }
}

Deno.test("SeenWatch tells the messages that were in view for half a second, without anybody drawing", () => {
  using view = new FakeWindow("one", "two", "three");
  view.watch.look();
  view.timers.pass(SEEN_MS - 1);
  assertEquals(view.told, []);
  view.timers.pass(1);
  assertEquals(view.told, [["one", "two", "three"]]);
});

Deno.test("SeenWatch tells a message once, while it stays unread for as long as no node answers", () => {
  using view = new FakeWindow("one");
  view.watch.look();
  view.pass(100 * SEEN_MS, 1_000);
  assertEquals(view.told, [["one"]]);
  assertEquals(view.timers.size, 0, "nothing is waited for");
  console.log(`1 message told in ${view.timers.nowMs / SEEN_MS} times the time that it takes`);
});

Deno.test("SeenWatch tells a message again that was read and is unread once more", () => {
  using view = new FakeWindow("one");
  view.watch.look();
  view.pass(2 * SEEN_MS);
  view.unread.delete("one");
  view.pass(2 * SEEN_MS);
  view.unread.add("one");
  view.pass(2 * SEEN_MS);
  assertEquals(view.told, [["one"], ["one"]]);
});

Deno.test("SeenWatch begins anew with messages that go out of view, and in a window without the focus", () => {
  using view = new FakeWindow("one", "two", "three", "four");
  view.watch.look();
  view.timers.pass(SEEN_MS - 1);
  view.scrolled = 2 * MESSAGE_PX;
  view.watch.look();
  view.timers.pass(1);
  assertEquals(view.told, [["three"]]);
  view.hasFocus = false;
  view.pass(2 * SEEN_MS);
  view.hasFocus = true;
  view.watch.look();
  view.timers.pass(SEEN_MS - 1);
  assertEquals(view.told, [["three"]]);
  view.timers.pass(1);
  assertEquals(view.told, [["three"], ["four"]]);
});
