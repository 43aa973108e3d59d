import { assertEquals } from "@std/assert";
import { parseAdminAddress } from "../../../server/admin/admin_file.ts";
import { parseNodeStatus } from "../../../server/admin/node_status.ts";
import { NODE_STATUS } from "../../testing/node_statuses.ts";

const ARCHIVE = { position: 7, lag: 0, isBuilding: false };

Deno.test("parseNodeStatus() reads what a node says", () => {
  assertEquals(parseNodeStatus(JSON.stringify(NODE_STATUS)), NODE_STATUS);
  const later = {
    ...NODE_STATUS,
    readOnly: true,
    page: "http://127.0.0.1/",
    filling: "node2: 3 of 9 entries",
    alone: "x",
    more: 1,
  };
  assertEquals(parseNodeStatus(JSON.stringify(later)) as unknown, later);
  const largest = {
    largestInbox: { name: "bob", messages: 3, bytes: 9 },
    largestSender: { name: "ann", bytes: 5_000 },
  };
  assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, ...largest })), {
    ...NODE_STATUS,
    ...largest,
  });
  for (const clock of [{}, { jumpedMs: -3_600_000, jumpedAgoMs: 0 }, { stampsAheadMs: 61_000 }]) {
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, clock })), { ...NODE_STATUS, clock });
  }
  const memory = { heap: { usedBytes: 5, limitBytes: 9 }, residentMessages: 7 };
  assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, ...memory })), { ...NODE_STATUS, ...memory });
  const held = { ...NODE_STATUS, peers: [{ ...NODE_STATUS.peers[0], heldMs: 1_500 }] };
  const parsedHeld: unknown = parseNodeStatus(JSON.stringify(held));
  assertEquals(parsedHeld, held);
  for (const archive of [ARCHIVE, { ...ARCHIVE, problem: "x" }, { ...ARCHIVE, memoryMayLack: true }]) {
    const parsed: unknown = parseNodeStatus(JSON.stringify({ ...NODE_STATUS, archive }));
    assertEquals(parsed, { ...NODE_STATUS, archive });
  }
});

Deno.test("parseNodeStatus() takes nothing else for it", () => {
  for (const text of ["", "null", "[]", "1", "{}", "<html>"]) {
    assertEquals(parseNodeStatus(text), undefined, text);
  }
  assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, page: 1 })), undefined);
  let count = 0;
  for (const name of Object.keys(NODE_STATUS)) {
    for (const wrong of [undefined, {}, -1]) {
      assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, [name]: wrong })), undefined, name);
      count++;
    }
  }
  const resident = JSON.stringify({ ...NODE_STATUS, residentMessages: -1 });
  assertEquals(parseNodeStatus(resident), undefined);
  const peer = NODE_STATUS.peers[1];
  for (const wrong of [{ name: 1 }, { state: "constructor" }, { heldMs: -1 }, { reason: 1 }]) {
    const peers = [{ ...peer, ...wrong }];
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, peers })), undefined);
    count++;
  }
  for (const clock of [null, 1, { jumpedMs: "1" }, { jumpedAgoMs: -1 }, { stampsAheadMs: 0.5 }]) {
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, clock })), undefined);
    count++;
  }
  for (const heap of [null, { usedBytes: 5 }, { usedBytes: "5", limitBytes: 9 }]) {
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, heap })), undefined);
    count++;
  }
  const inbox = { name: "bob", messages: 3, bytes: 9 };
  for (const wrong of [1, { ...inbox, name: 1 }, { ...inbox, messages: -1 }, { ...inbox, bytes: 0.5 }]) {
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, largestInbox: wrong })), undefined);
    count++;
  }
  for (const wrong of [null, { name: "ann" }, { name: "ann", bytes: "9" }]) {
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, largestSender: wrong })), undefined);
    count++;
  }
  for (const wrong of [null, { position: -1 }, { lag: "1" }, { isBuilding: 0 }, { memoryMayLack: 1 }]) {
    const archive = wrong && { ...ARCHIVE, ...wrong };
    assertEquals(parseNodeStatus(JSON.stringify({ ...NODE_STATUS, archive })), undefined);
    count++;
  }
  console.log(`${count} wrong fields refused`);
});

const ADDRESS = { port: 40_000, secret: "0123456789abcdef".repeat(4), pid: 4_711, node: "node1" };

Deno.test("parseAdminAddress() reads what a node writes, and nothing else", () => {
  assertEquals(parseAdminAddress(`${JSON.stringify(ADDRESS)}\n`), ADDRESS);
  const wrong: readonly unknown[] = [
    null,
    [],
    {},
    { ...ADDRESS, port: 0 },
    { ...ADDRESS, port: 65_536 },
    { ...ADDRESS, port: "40000" },
    { ...ADDRESS, secret: ADDRESS.secret.slice(1) },
    { ...ADDRESS, secret: `${ADDRESS.secret.slice(1)}\n` },
    { ...ADDRESS, pid: undefined },
    { ...ADDRESS, node: 1 },
  ];
  for (const each of wrong) assertEquals(parseAdminAddress(JSON.stringify(each)), undefined);
  assertEquals(parseAdminAddress('{"port":4'), undefined);
});
