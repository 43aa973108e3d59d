import { assertEquals, assertRejects } from "@std/assert";
import { LeanConnection } from "../../../bench/lean_connection.ts";
import { CONTENT, Pair } from "../../../bench/pair.ts";
import { Round } from "../../../bench/round.ts";
import { appendPush, decodeRequest, encodeReply } from "../../../common/protocol/codec.ts";
import { NO_FEATURES } from "../../../common/protocol/features.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { FrameReader } from "../../../common/wire/frame.ts";
import { FakeSocket, settled } from "./fake_socket.ts";

const BOUNDS = { depth: 16, items: 64, keys: 64, tagMax: 7 };

function encoded(push: Push): Uint8Array {
  const writer = new ByteWriter();
  appendPush(writer, push, NO_FEATURES);
  return writer.copy();
}

function message(id: string, content = CONTENT): Uint8Array {
  const fields = { timestamp: 1.5, sender: "alice", recipient: "bob", content, status: "unread" as const };
  return encoded({ name: "message", payload: { id, ...fields } });
}

function sent(id: string): Uint8Array {
  return encodeReply({ name: "sent", payload: { id, timestamp: 1.5, copies: 1, nodes: 1 } });
}

function status(id: string): Uint8Array {
  return encoded({ name: "status", payload: { ids: [id], status: "delivered", by: "bob" } });
}

const OK = encodeReply({ name: "ok", payload: { count: 1 } });

/** Message ids in the requests that a person has sent. */
function idsOf(socket: FakeSocket, name: "sendMessage" | "confirmDelivery"): string[] {
  const reader = new FrameReader(1_000_000);
  reader.push(socket.written);
  const ids: string[] = [];
  for (let frame = reader.next(); frame !== undefined; frame = reader.next()) {
    const request = decodeRequest(name, frame.payload, "confirmed", BOUNDS);
    if (request.name === "sendMessage") ids.push(request.payload.id ?? "");
    if (request.name === "confirmDelivery") ids.push(...request.payload.ids);
  }
  return ids;
}

/** A pair with the test as its server. */
function play(): { readonly alice: FakeSocket; readonly bob: FakeSocket; readonly pair: Pair } {
  const [alice, bob] = [new FakeSocket(), new FakeSocket()];
  const [sender, recipient] = [new LeanConnection(alice), new LeanConnection(bob)];
  for (const connection of [sender, recipient]) void connection.read();
  return { alice, bob, pair: new Pair({ connection: sender }, { connection: recipient }, "bob") };
}

async function prepared(): Promise<ReturnType<typeof play>> {
  const { alice, bob, pair } = play();
  const ready = pair.prepare();
  await settled();
  const [id = ""] = idsOf(alice, "sendMessage");
  alice.feed(sent(id));
  bob.feed(message(id));
  await settled();
  bob.feed(OK);
  alice.feed(status(id));
  await ready;
  return { alice, bob, pair };
}

Deno.test("Pair confirms each message with a DELIVERED of its own, in the order of the messages", async () => {
  const { alice, bob, pair } = await prepared();
  const round = new Round(1, 0, 3);
  pair.begin(round, 3);
  await settled();
  const ids = idsOf(alice, "sendMessage");
  assertEquals(new Set(ids).size, 4);
  bob.feed(...ids.slice(1).map((id) => message(id)));
  await settled();
  assertEquals(idsOf(bob, "confirmDelivery"), ids);
});

Deno.test("Round drains once every message is answered, confirmed and reported", async () => {
  const { alice, bob, pair } = await prepared();
  const round = new Round(1, 0, 2);
  let drained = false;
  void round.drained.then(() => drained = true);
  pair.begin(round, 2);
  await settled();
  const ids = idsOf(alice, "sendMessage").slice(1);
  const [first = "", second = ""] = ids;
  alice.feed(sent(first), sent(second), status(first));
  bob.feed(message(first), message(second), OK, OK);
  await settled();
  assertEquals([round.answered.count, round.delivered.count, drained], [2, 2, false]);
  alice.feed(status(second));
  await settled();
  assertEquals(drained, true);
});

Deno.test("prepare() learns the lengths of all frames and the count of copies", async () => {
  const { pair } = await prepared();
  const id = crypto.randomUUID();
  const [sentBytes, statusBytes] = [sent(id).length, status(id).length];
  assertEquals(pair.lengths, {
    sent: sentBytes,
    message: message(id).length,
    ok: OK.length,
    status: statusBytes,
  });
  assertEquals(pair.copies, 1);
});

Deno.test("prepare() rejects a MESSAGE with another content", async () => {
  const { alice, bob, pair } = play();
  const ready = pair.prepare();
  await settled();
  const [id = ""] = idsOf(alice, "sendMessage");
  alice.feed(sent(id));
  bob.feed(message(id, "another"));
  await assertRejects(() => ready, Error, "the content of a MESSAGE");
});
