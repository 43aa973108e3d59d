import { assertEquals } from "@std/assert";
import { KeyCache } from "../../../common/wire/key_cache.ts";

/** The keys of the dictionaries of the client protocol. */
const KEYS =
  "id timestamp sender recipient content status to with ids count more messages users chats name token " +
  "unread last online copies nodes code message retryAfter version server node cluster limits host port client " +
  "before after limit match undelivered old new password change by reason peers state behind " +
  "account senderAccount recipientAccount use features alone";

Deno.test("KeyCache remembers all keys of the protocol at the same time", () => {
  const cache = new KeyCache();
  const keys = KEYS.split(" ").map((text) => ({ text, bytes: new TextEncoder().encode(text) }));
  for (const { text, bytes } of keys) cache.remember(bytes, 0, bytes.length, text);
  assertEquals(keys.filter(({ text, bytes }) => cache.find(bytes, 0, bytes.length) !== text), []);
  console.log(`${keys.length} keys remembered`);
});

Deno.test("KeyCache.find() takes no key for another that leads to the same place", () => {
  const cache = new KeyCache();
  const bytes = new TextEncoder().encode("axbxc");
  cache.remember(bytes, 0, bytes.length, "axbxc");
  const other = new TextEncoder().encode("aybyc");
  assertEquals(cache.find(other, 0, other.length), undefined);
});
