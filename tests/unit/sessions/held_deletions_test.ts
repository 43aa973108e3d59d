import { assertEquals } from "@std/assert";
import { FollowedNode, uuid } from "../../testing/followed_node.ts";
import type { HarnessClient } from "../../testing/harness_client.ts";

const BUILDING = { problem: "building", retryAfterSeconds: 5 } as const;

/** A node whose first five of six messages have left memory, with ann in the original dialect. */
function withoutArchive(): { readonly followed: FollowedNode; readonly old: HarnessClient } {
  const followed = new FollowedNode();
  followed.talk(1, 6);
  followed.follow();
  assertEquals(followed.resident, [6]);
  const old = followed.harness.login("ann", { dialect: "original" });
  followed.archive.problem = BUILDING;
  return { followed, old };
}

function remove(followed: FollowedNode, client: HarnessClient, ...numbers: readonly number[]): void {
  for (const number of numbers) client.request("deleteMessages", { ids: [uuid(number)] });
  followed.harness.settle();
  assertEquals(client.takeReplies(), [], "the dialect has no reply");
}

function shown({ harness }: FollowedNode, client: HarnessClient, other: string): string {
  client.request("listMessages", { with: other });
  harness.settle();
  return JSON.stringify(client.takeReplies()).match(/text \d/g)?.join() ?? "";
}

Deno.test("HeldDeletions deletes what has left memory once the archive answers, and tells both sides", () => {
  const { followed, old } = withoutArchive();
  const { harness, archive, bob } = followed;
  bob.takePushes();
  remove(followed, old, 2, 3, 6);
  harness.sessions.tick();
  harness.settle();
  assertEquals(bob.takePushes().map(({ name }) => name), ["deleted"], "the one in memory");
  archive.problem = undefined;
  harness.sessions.tick();
  harness.settle();
  assertEquals(bob.takePushes().map(({ name, payload }) => [name, payload]), [
    ["deleted", { by: "ann", ids: [uuid(2), uuid(3)] }],
  ]);
  assertEquals(shown(followed, old, "bob"), "text 1,text 4,text 5");
  const asked = archive.queries.length;
  harness.sessions.tick();
  assertEquals(archive.queries.length, asked, "nothing waits any more");
});

Deno.test("HeldDeletions goes on after the end of the session, and waits while the disk is full", () => {
  const { followed, old } = withoutArchive();
  const { harness, archive, bob } = followed;
  remove(followed, old, 1);
  old.session.disconnected();
  archive.problem = undefined;
  harness.log.readOnly = true;
  harness.sessions.tick();
  harness.settle();
  assertEquals(shown(followed, bob, "ann"), "text 1,text 2,text 3,text 4,text 5,text 6");
  harness.log.readOnly = false;
  harness.sessions.tick();
  harness.settle();
  assertEquals(shown(followed, bob, "ann"), "text 2,text 3,text 4,text 5,text 6");
});

Deno.test("HeldDeletions keeps 1,000 of an account, and deletes nothing of others", () => {
  const { followed, old } = withoutArchive();
  const { harness, archive, ann, bob } = followed;
  harness.state.evicted.lackIds();
  const { heldDeletions } = harness.sessions;
  const cem = harness.state.account(followed.id("bob"));
  heldDeletions.add(cem, [uuid(1), "x".repeat(1_000)]);
  heldDeletions.add(
    harness.state.account(followed.id("ann")),
    Array.from({ length: 2_000 }, (_, i) => `${i}`),
  );
  remove(followed, old, 2);
  archive.queries.length = 0;
  archive.problem = undefined;
  for (let i = 0; i < 4; i++) harness.sessions.tick();
  harness.settle();
  const ids = archive.queries.flatMap((each) => each.type === "ids" ? [each.ids.length] : []);
  assertEquals(ids, [1, 500, 500]);
  assertEquals(shown(followed, ann, "bob"), "text 1,text 2,text 3,text 4,text 5,text 6");
  assertEquals(shown(followed, bob, "ann"), "text 2,text 3,text 4,text 5,text 6", "hidden for bob alone");
});
