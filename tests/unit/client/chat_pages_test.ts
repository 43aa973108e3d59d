import { assertEquals } from "@std/assert";
import { FakeClient, told } from "./fake_client.ts";

interface Row {
  readonly with: string;
  readonly unread: number;
  readonly last: ReturnType<typeof told>;
}

function row(name: string, number: number, unread = 0): Row {
  return { with: name, unread, last: told(number, name, "alice") };
}

function loggedIn(script: boolean): FakeClient {
  const client = new FakeClient(script ? { script, receives: false } : {});
  client.login();
  client.give({ kind: "listChats", unreadOnly: false });
  return client;
}

function shown(client: FakeClient): string[] {
  return client.effects.flatMap((effect) =>
    effect.kind === "show" && effect.item.kind === "chat" ? [effect.item.with] : []
  );
}

function notices(client: FakeClient): unknown[] {
  return client.effects.flatMap((effect) => effect.kind === "notice" ? [effect.notice] : []);
}

Deno.test("a script lists all pages of the chats, and a later page changes nothing of the chats before", () => {
  const client = loggedIn(true);
  client.reply("listChats", "chats", { chats: [row("bob", 3, 2), row("carol", 2)], more: true });
  assertEquals(client.asked[0]?.payload as unknown, { limit: 500, before: "carol" });
  client.reply("listChats", "chats", { chats: [row("dave", 1)], more: false });
  assertEquals(client.asked, []);
  assertEquals(shown(client), ["bob", "carol", "dave"]);
  assertEquals(client.model.chats.named("bob")?.unread, 2);
  assertEquals(client.model.messages.size, 3);
  assertEquals(notices(client).some((notice) => JSON.stringify(notice).includes("Chats")), false);
});

Deno.test("an empty page after others ends the list of chats", () => {
  const client = loggedIn(true);
  client.reply("listChats", "chats", { chats: [row("bob", 1)], more: true });
  client.reply("listChats", "chats", { chats: [], more: false });
  assertEquals([client.asked.length, shown(client)], [0, ["bob"]]);
  assertEquals(notices(client).some((notice) => JSON.stringify(notice).includes("noChats")), false);
});

Deno.test("a person sees one page of the chats, and hears that there are more", () => {
  const client = loggedIn(false);
  client.reply("listChats", "chats", { chats: [row("bob", 1)], more: true });
  assertEquals(client.asked, []);
  assertEquals(notices(client).at(-1) as unknown, { kind: "moreChats", listed: 1 });
});
