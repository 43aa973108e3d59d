import { assertEquals } from "@std/assert";
import { decodeFromServer } from "../../../common/protocol/client_codec.ts";
import { appendPush, encodeReply, encodeRequest } from "../../../common/protocol/codec.ts";
import { NO_FEATURES } from "../../../common/protocol/features.ts";
import type { Push } from "../../../common/protocol/pushes.ts";
import { ByteWriter } from "../../../common/wire/bytes.ts";
import { HEADER_BYTES } from "../../../common/wire/frame.ts";
import type { ChatMessage } from "../../../common/protocol/shapes.ts";
import {
  ID_FIELD_BYTES,
  IDS_AT,
  messageHead,
  OK_FRAME,
  RECIPIENT_AT,
  SENT_HEAD,
  statusHead,
} from "../../../bench/relay_frames.ts";
import { concatenated } from "../../testing/concatenated.ts";

const ID = "01234567-89ab-4cde-8f01-23456789abcd";
const SEND_MSG = encodeRequest(
  { name: "sendMessage", payload: { to: "bob", content: "Hello.", id: ID } },
  "confirmed",
);
const DELIVERED = encodeRequest({ name: "confirmDelivery", payload: { ids: [ID] } }, "confirmed");

function decoded(frame: Uint8Array): ReturnType<typeof decodeFromServer> {
  return decodeFromServer({ type: frame[7] ?? 0, payload: frame.subarray(HEADER_BYTES) });
}

function pushBytes(push: Push): number {
  const writer = new ByteWriter();
  appendPush(writer, push, NO_FEATURES);
  return writer.length;
}

Deno.test("SENT_HEAD and the id of a SEND_MSG are the server's SENT, field by field and in length", () => {
  const frame = concatenated([SENT_HEAD, SEND_MSG.subarray(-ID_FIELD_BYTES)]);
  const answer = decoded(frame);
  if (!("reply" in answer) || answer.reply.name !== "sent") throw new Error(JSON.stringify(answer));
  const { timestamp, ...rest } = answer.reply.payload;
  assertEquals(rest, { id: ID, copies: 1, nodes: 1 });
  assertEquals(
    frame.length,
    encodeReply({ name: "sent", payload: { timestamp: timestamp + 0.5, ...rest } }).length,
  );
});

Deno.test("messageHead() and the rest of a SEND_MSG are the server's MESSAGE, field by field and in length", () => {
  const rest = SEND_MSG.subarray(RECIPIENT_AT + 4 + "bob".length);
  const frame = concatenated([messageHead("alice", "bob", rest.length), rest]);
  const answer = decoded(frame);
  if (!("push" in answer) || answer.push.name !== "message") throw new Error(JSON.stringify(answer));
  const { timestamp, ...fields } = answer.push.payload;
  const expected: Omit<ChatMessage, "timestamp"> = {
    id: ID,
    sender: "alice",
    recipient: "bob",
    content: "Hello.",
    status: "unread",
  };
  assertEquals(fields, expected);
  assertEquals(
    frame.length,
    pushBytes({ name: "message", payload: { timestamp: timestamp + 0.5, ...expected } }),
  );
});

Deno.test("statusHead() and the ids of a DELIVERED are the server's STATUS, field by field and in length", () => {
  const rest = DELIVERED.subarray(IDS_AT);
  const frame = concatenated([statusHead("bob", rest.length), rest]);
  const push = { name: "status" as const, payload: { ids: [ID], status: "delivered" as const, by: "bob" } };
  assertEquals(decoded(frame), { push });
  assertEquals(frame.length, pushBytes(push));
});

Deno.test("OK_FRAME says that one message changed", () => {
  assertEquals(decoded(OK_FRAME), { reply: { name: "ok", payload: { count: 1 } } });
});
