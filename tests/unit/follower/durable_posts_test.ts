import { assertEquals } from "@std/assert";
import { DurablePosts, LOOK_MS } from "../../../server/follower/durable_posts.ts";
import { ManualTimers } from "../log/log_harness.ts";

/** A log that becomes longer, and the posts of its end. */
class PostsHarness {
  readonly timers = new ManualTimers();
  position = 0;
  /** Positions, with the pace, and `awaited` if they are. */
  readonly posted: string[] = [];
  readonly posts = new DurablePosts({
    timers: this.timers,
    durable: () => ({ segment: 1, bytes: this.position * 100, position: this.position }),
    post: ({ durable, pace, isAwaited }) => {
      this.posted.push(`${durable.position} ${pace}${isAwaited ? " awaited" : ""}`);
    },
  });

  /** Adds entries evenly over some looks, each of which has a batch every 10 ms. */
  write(entriesPerLook: number, looks = 1): void {
    for (let batch = 0; batch < looks * LOOK_MS / 10; batch++) {
      this.position += entriesPerLook * 10 / LOOK_MS;
      this.posts.advanced();
      this.timers.advance(10);
    }
  }

  /** Lets looks pass without an entry. */
  rest(looks: number): void {
    for (let look = 0; look < looks; look++) this.timers.advance(LOOK_MS);
  }
}

/** A harness with a writer. */
function begun(): PostsHarness {
  const harness = new PostsHarness();
  harness.posts.begin(0);
  return harness;
}

Deno.test("DurablePosts tells of a few entries once in 250 ms, and of calm after five seconds", () => {
  const harness = begun();
  harness.write(100, 3);
  harness.rest(19);
  assertEquals(harness.posted, ["100 part", "200 part", "300 part"]);
  harness.rest(10);
  assertEquals(harness.posted, ["100 part", "200 part", "300 part", "300 all"]);
});

Deno.test("DurablePosts tells of a burst as soon as it begins, and of its end after five seconds of calm", () => {
  const harness = begun();
  harness.write(10_000, 2);
  assertEquals(harness.posted, ["1200 none", "10000 none", "20000 none"]);
  harness.write(100, 19);
  assertEquals(harness.posted.at(-1), "21900 none");
  harness.rest(1);
  assertEquals(harness.posted.at(-1), "21900 part");
  harness.rest(19);
  assertEquals(harness.posted.at(-1), "21900 all");
  const count = harness.posted.length;
  harness.rest(10);
  assertEquals(harness.posted.length, count);
});

Deno.test("DurablePosts takes a burst with pauses for one", () => {
  const harness = begun();
  for (let part = 0; part < 5; part++) {
    harness.write(10_000);
    harness.rest(19);
  }
  assertEquals(harness.posted.filter((post) => !post.endsWith("none")), []);
});

Deno.test("DurablePosts.await() tells at once, in a burst too", () => {
  const harness = begun();
  harness.position = 7;
  harness.posts.await();
  harness.write(10_000);
  harness.posts.await();
  assertEquals([harness.posted[0], harness.posted.at(-1)], ["7 all awaited", "10007 none awaited"]);
});

Deno.test("DurablePosts tells nothing without a writer, and begins with what a new one has heard", () => {
  const harness = new PostsHarness();
  harness.write(100, 4);
  harness.posts.await();
  harness.posts.begin(harness.position);
  harness.rest(2);
  assertEquals(harness.posted, []);
  harness.write(100);
  assertEquals(harness.posted, ["500 part"]);
  harness.position++;
  harness.posts.advanced();
  harness.posts.end();
  harness.write(100, 4);
  assertEquals(harness.posted, ["500 part"]);
});
