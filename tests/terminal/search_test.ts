import { assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { foundMessage, searchingServer } from "../io/client_scripted_search.ts";
import { terminalTest, Tmux } from "./tmux.ts";

terminalTest("a person searches, sees older results, and opens one of them in its place", async () => {
  const found = [
    ...Array.from({ length: 20 }, (_, i) => foundMessage(100_025 - i)),
    foundMessage(3, { sender: "alice", recipient: "carol", content: "crème brûlée" }),
    foundMessage(2, { sender: "carol", content: "la crème" }),
  ];
  const before = foundMessage(1, { sender: "carol", content: "what was before" });
  await using server = searchingServer(found, (request) => {
    if (request.name !== "listMessages" || !("before" in request.payload)) return undefined;
    return { name: "messages", payload: { messages: [before], more: false } };
  });
  await using tmux = new Tmux();
  const size = { columns: 60, rows: 30 };
  const flags = ["--server", `127.0.0.1:${server.port}`, "--user", "alice"];
  const alice = await tmux.client("alice", size, "", ...flags);
  await alice.sees("password for alice:");
  await alice.enter(PASSWORD);
  await alice.seesRow(/^\(no chat\)>$/);
  await alice.enter("/sea creme");
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- found for creme: 20 messages",
    "-- DATE",
    ...Array.from({ length: 20 }, (_, i) => {
      const id = i < 9 ? `a${i + 1}` : i < 18 ? `b${i - 8}` : `c${i - 17}`;
      return `HH:MM #${id} bob> text ${100_006 + i}`;
    }),
    "-- there are older ones: /more",
    "(no chat)>",
  );
  await alice.press("C-u");
  await alice.type("a draft");
  await alice.press("C-u");
  await alice.enter("/more");
  await alice.seesRow(/^-- found for creme: 2 older messages$/);
  await alice.seesRow(/^HH:MM #c3 carol> la crème$/);
  await alice.seesRow(/^HH:MM #c4 = {2}alice to carol> crème brûlée$/);
  await alice.enter("/history 5 before #c4");
  await alice.seesRow(/^HH:MM #c5 carol> what was before$/);
  const { with: name, before: id } = server.asked("listMessages").at(-1) ?? {};
  assertEquals([name, id], ["carol", foundMessage(3).id]);
  await alice.enter("/search * from bob");
  await alice.seesRow(/^-- found for \* with bob: 20 messages$/);
  assertEquals(server.asked("search").at(-1), { words: "*", with: "bob", limit: 20 });
});
