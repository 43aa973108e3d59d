import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { decideSend } from "../../../server/core/messages/send.ts";
import { versionWith } from "../../../server/core/version.ts";
import { FoldedState } from "../../testing/folded_state.ts";
import { standInFingerprinter } from "../../testing/stand_in_fingerprinter.ts";

const ID = "3f0b9d1c-2a4e-4c6f-8d7b-1e2f3a4b5c6d";

Deno.test("decideSend() answers a message that comes again after its deletion, and before itself, from elsewhere", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  const bob = folded.register("bob");
  const key = "0f".repeat(32);
  const fingerprints = [standInFingerprinter(key)(`${ID}\nhi`)];
  folded.apply({ type: "fingerprintKeyMade", account: ann.id, key });
  folded.apply({ type: "messagesDeleted", sender: ann.id, recipient: bob.id, ids: [ID], fingerprints });
  const command = {
    sender: ann,
    to: "bob",
    content: "hi",
    id: ID,
    fingerprinter: standInFingerprinter,
    wallMs: 1,
  };
  const decision = decideSend(folded.state, command, DEFAULT_LIMITS, 3);
  assert(!isRefusal(decision));
  const changes = decision.events.flatMap((event) => folded.apply(event));
  assertEquals(changes, []);
  const reply = decision.reply(changes);
  assertEquals(reply.name, "sent");
  const again = decideSend(folded.state, command, DEFAULT_LIMITS, 3);
  assert(!isRefusal(again));
  assertEquals(again.events, []);
  assertEquals(again.reply([]), reply);
  assertEquals(folded.state.messages.find(ann, bob, ID)?.deleted, true);
});

Deno.test("decideSend() says that a message rests on the accounts of both", () => {
  const folded = new FoldedState();
  const ann = folded.register("ann");
  folded.apply({ type: "accountCreated", account: "bob.1", name: "bob", hash: "" }, { origin: "node2#b" });
  const decision = decideSend(
    folded.state,
    { sender: ann, to: "bob", content: "hi", id: ID, wallMs: 1 },
    DEFAULT_LIMITS,
    3,
  );
  assert(!isRefusal(decision));
  const rests = versionWith(decision.restsOn ?? [], "node1#other");
  assertEquals([...rests].map(([origin, { seq }]) => [origin, seq]), [[ann.created?.origin, 1], [
    "node2#b",
    1,
  ]]);
  assertEquals(versionWith(decision.restsOn ?? [], "node2#b").has("node2#b"), false);
});
