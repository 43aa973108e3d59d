import { assertEquals } from "@std/assert";
import { findMessage, shortId, shortIds } from "../../../client/terminal/words/short_ids.ts";
import { FakeClient, told, uuid } from "./fake_client.ts";

Deno.test("shortId() is short, and never the same twice", () => {
  const count = 20_000;
  const ids = Array.from({ length: count }, (_, index) => shortId(index));
  assertEquals(new Set(ids).size, count);
  assertEquals([ids[0], ids[8], ids[9], ids[206], ids[207]], ["a1", "a9", "b1", "z9", "aa1"]);
  assertEquals(ids.at(-1)?.length, 4);
  console.log(`checked ${count} short ids`);
});

Deno.test("findMessage() finds a message with or without #, in either case, and never gives its id again", () => {
  const client = new FakeClient();
  client.login();
  client.push(told(1, "bob", "alice"));
  client.push(told(2, "bob", "alice"));
  const found = (typed: string): string | undefined => findMessage(client.model, typed)?.id;
  assertEquals([found("#A2"), found("a1"), found("a3")], [uuid(2), uuid(1), undefined]);
  assertEquals(shortIds(client.model), ["a2", "a1"]);
  client.model.messages.delete(uuid(2));
  client.push(told(3, "bob", "alice"));
  assertEquals([found("#a2"), found("a3"), shortIds(client.model)], [undefined, uuid(3), ["a3", "a1"]]);
});
