import { assertEquals } from "@std/assert";
import { browserTest, OTHER_HOST } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

browserTest("without a secure context, people talk, and the page goes on at another node", async (stage) => {
  await using nodes = await PageCluster.start(2, { host: OTHER_HOST });
  const alice = await Person.register(stage, "alice", nodes.address(1));
  assertEquals(await alice.page.evaluate("[isSecureContext, typeof crypto.randomUUID]"), [
    false,
    "undefined",
  ]);
  const bob = await Person.register(stage, "bob", nodes.address(2));
  await alice.chatWith("bob");
  await bob.chatWith("alice");
  await alice.say("hello");
  await bob.sees("hello");
  await nodes.cluster.node(1).kill();
  await alice.say("on another node");
  await bob.sees("on another node");
  await alice.sees("on another node", "read");
  await bob.page.reload();
  await bob.sees("on another node");
  await bob.hasTexts(["hello", "on another node"]);
});
