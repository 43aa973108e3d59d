import { assert, assertEquals, assertLessOrEqual } from "@std/assert";
import type { MethodDefinition, ServiceDefinition } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import { Buffer } from "node:buffer";
import { ENTRY_BYTES_MAX } from "../../server/core/encoded_entry.ts";
import { ORIGIN_LENGTH_MAX } from "../../server/core/entry.ts";
import { decodeMessage, encodeMessage, type WireMessage } from "../../server/grpc/message_codec.ts";
import { MESSAGE_BYTES_MAX, ReplicationService } from "../../server/grpc/replication_service.ts";
import { processTest } from "../testing/permissions.ts";

/** Entries as they were declared while their lines were a string. */
const STRING_LINES = `
syntax = "proto3";
package old;
service Replication {
  rpc Replicate(stream PeerMessage) returns (stream PeerMessage);
}
message PeerMessage {
  oneof message {
    Entries entries = 3;
  }
}
message OriginReached {
  string origin = 1;
  uint64 seq = 2;
  uint64 stamp = 3;
}
message Entries {
  uint64 number = 1;
  string lines = 2;
  uint32 count = 3;
  repeated OriginReached previous = 4;
}
`;

const TEXTS = [
  '{"origin":"a#1","seq":1,"stamp":2,"type":"later"}\n{"origin":"a#1","seq":2,"stamp":3,"type":"later"}',
  '{"żółw":"🐢","€":"\u0000\u2028"}',
  "",
  "x".repeat(600_000),
];

type Method = MethodDefinition<WireMessage, WireMessage>;

async function oldMethod(): Promise<Method> {
  const file = await Deno.makeTempFile({ prefix: "chat-old-", suffix: ".proto" });
  try {
    await Deno.writeTextFile(file, STRING_LINES);
    const definition = loadSync(file, { longs: Number, enums: String, defaults: true, oneofs: true });
    return (definition["old.Replication"] as unknown as ServiceDefinition)["Replicate"] as Method;
  } finally {
    await Deno.remove(file);
  }
}

processTest("Entries are the same on the wire as while their lines were declared a string", async () => {
  const old = await oldMethod();
  const now = (ReplicationService.service as ServiceDefinition)["Replicate"] as Method;
  const previous = [{ origin: "a#1", seq: 1, stamp: 2 }];
  for (const text of TEXTS) {
    const lines = new TextEncoder().encode(text);
    const unchained = previous.map((place) => ({ ...place, chain: undefined }));
    const message = {
      type: "entries",
      number: 1 as number,
      lines,
      count: 1 as number,
      previous: unchained,
    } as const;
    const sent = now.requestSerialize(encodeMessage(message));
    const sentByOld = old.requestSerialize({ entries: { number: 1, lines: text, count: 1, previous } });
    assertEquals(sent.equals(sentByOld), true);
    const { entries } = old.requestDeserialize(sent) as { readonly entries: WireMessage };
    assertEquals({ ...entries, lines: entries["lines"] === text }, {
      number: 1,
      lines: true,
      count: 1,
      previous,
    });
    const received = decodeMessage(now.requestDeserialize(sentByOld));
    assert(received?.type === "entries");
    assertEquals(Buffer.from(received.lines).toString(), text);
    assertEquals({ ...received, lines }, message);
    // The library gives a view, which would keep everything around it alive.
    assertEquals(received.lines.buffer.byteLength, received.lines.length);
  }
  console.log(`${TEXTS.length} messages each way`);
});

processTest("The longest entry fits into a message, whatever its origin is called", () => {
  const now = (ReplicationService.service as ServiceDefinition)["Replicate"] as Method;
  const { MAX_SAFE_INTEGER: most } = Number;
  const previous = [{ origin: "€".repeat(ORIGIN_LENGTH_MAX), seq: most, stamp: most }];
  const lines = new Uint8Array(ENTRY_BYTES_MAX);
  const message = { type: "entries", number: most, lines, count: 1, previous } as const;
  assertLessOrEqual(now.requestSerialize(encodeMessage(message)).length, MESSAGE_BYTES_MAX);
  return Promise.resolve();
});
