import { assertEquals } from "@std/assert";
import type { Kept } from "../../../client/core/kept.ts";
import { withName } from "../../../client/core/people.ts";
import { newModel } from "../../../client/core/model.ts";
import { ChatKeeper } from "../../../client/web/chat_keeper.ts";

Deno.test("ChatKeeper.look() keeps nothing once the session has ended", async () => {
  const model = newModel({ script: false, receives: true, creates: false, saves: true });
  const kept: Kept[] = [];
  const keeper = new ChatKeeper(model, (chats) => kept.push(chats));
  model.account = { name: "alice", id: undefined, token: "token", cluster: "home" };
  model.loggedIn = true;
  model.chats.change(withName(model, "bob"), { unread: 1 });
  keeper.look();
  model.account.token = undefined;
  model.loggedIn = false;
  keeper.look();
  await new Promise((resolve) => setTimeout(resolve, 1_100));
  assertEquals(kept, []);
});
