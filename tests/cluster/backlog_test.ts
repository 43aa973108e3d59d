import { assertEquals } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { ClusterProcesses } from "../testing/cluster_processes.ts";
import { concatenated } from "../testing/concatenated.ts";
import { processTest } from "../testing/permissions.ts";

/** Messages sent while the nodes cannot talk: 5 MB. */
const COUNT = 320;
const CONTENT = "x".repeat(16_000);

function idOf(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`;
}

processTest("a reader gets the whole backlog of a peer that was away, 5 MB at once", async () => {
  await using cluster = await ClusterProcesses.start();
  const [one, two] = [cluster.node(1), cluster.node(2)];
  await using ada = await one.login("ada");
  await using bob = await two.login("bob");
  for (const wire of cluster.wiresOf(two)) wire.cut();
  const requests = Array.from({ length: COUNT }, (_, i) => {
    const payload = { to: "bob", content: CONTENT, id: idOf(i) };
    return encodeRequest({ name: "sendMessage", payload }, "confirmed");
  });
  await ada.sendBytes(concatenated(requests));
  for (let i = 0; i < COUNT; i++) assertEquals((await ada.reply()).name, "sent");
  assertEquals(bob.pushes.items, []);
  cluster.heal();
  for (let i = 0; i < COUNT;) {
    const push = await bob.push();
    if (push.name !== "message") continue;
    assertEquals([push.payload.id, push.payload.content.length], [idOf(i++), CONTENT.length]);
  }
  assertEquals((await bob.ask("ping", null)).name, "pong");
});
