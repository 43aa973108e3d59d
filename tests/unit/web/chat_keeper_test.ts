import { assertEquals } from "@std/assert";
import type { Kept } from "../../../client/core/kept.ts";
import { withName } from "../../../client/core/people.ts";
import { newModel } from "../../../client/core/model.ts";
import { ChatKeeper } from "../../../client/web/chat_keeper.ts";
import { uuid } from "../client/fake_client.ts";

/** Time after which a change is kept, ms. */
const KEPT_MS = 1_100;

Deno.test("ChatKeeper.look() keeps nothing once the session has ended", async () => {
  const model = newModel({ script: false, receives: true, creates: false, saves: true });
  const kept: Kept[] = [];
  const keeper = new ChatKeeper(model, (chats) => kept.push(chats));
  model.account = { name: "alice", id: undefined, token: "token", cluster: "home" };
  model.loggedIn = true;
  const chat = withName(model, "bob");
  const told = {
    timestamp: 1,
    sender: "bob",
    recipient: "alice",
    content: "a text",
    status: "unread",
  } as const;
  model.messages.add({ ...told, id: uuid(1), chat, deleted: false, shown: false });
  keeper.look();
  await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
  assertEquals(kept.map(({ chats }) => chats[0]?.messages.map(({ content }) => content)), [["a text"]]);
  model.messages.add({ ...told, id: uuid(2), chat, deleted: false, shown: false });
  keeper.look();
  model.account.token = undefined;
  model.loggedIn = false;
  keeper.look();
  await new Promise((resolve) => setTimeout(resolve, KEPT_MS));
  assertEquals(kept.length, 1);
});
