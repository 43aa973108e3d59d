import { assertEquals } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { browserTest } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Complaint about a connection that the policy of the page does not allow. */
const FORBIDDEN = /violates the following Content Security Policy directive: "connect-src /;

browserTest("a page that is older than a node says that it has to be loaded again", async (stage) => {
  await using nodes = await PageCluster.make(2);
  const { cluster } = nodes;
  cluster.configured = ["node1"];
  await cluster.node(1).start();
  const alice = await Person.register(stage, "alice", nodes.address(1));
  await alice.chatWith("alice");
  cluster.configured = ["node1", "node2"];
  await cluster.node(2).start();
  await cluster.node(1).reload();
  await cluster.settled();
  await alice.say("a note");
  await alice.sees("a note", "read");
  await cluster.node(1).kill();
  await alice.page.getByText(EN.banner.added(["node2"])).waitFor();
  await new Promise((resolve) => setTimeout(resolve, 3_000));
  const forbidden = stage.complaints.filter((each) => FORBIDDEN.test(each));
  assertEquals(forbidden.length, 1, "it is tried once");
  stage.complaints.splice(0, Infinity, ...stage.complaints.filter((each) => !FORBIDDEN.test(each)));
  await cluster.node(1).start();
  await alice.page.getByText(EN.banner.added(["node2"])).waitFor();
  await alice.page.reload();
  await alice.sees("a note", "read");
  // What the browser has kept is shown without a node, too.
  await alice.page.locator(".standing").filter({ hasNotText: EN.lists.offline }).waitFor();
  await cluster.node(1).kill();
  await alice.say("at the other node");
  await alice.sees("at the other node", "read");
});
