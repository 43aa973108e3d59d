import { assertEquals, assertStringIncludes } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { fromHex } from "../../testing/hexadecimal.ts";
import { inShort } from "../../testing/harness_client.ts";
import { NodeHarness } from "../../testing/node_harness.ts";

const LOOPBACK = "127.0.0.1";

Deno.test("sessionsPerAccount: ten sessions of an account, the next is refused, another login is not one more", () => {
  const harness = new NodeHarness({ connectionsPerAddress: 0 });
  const sessions = Array.from({ length: 10 }, () => harness.login("ann"));
  const [first] = sessions;
  if (first === undefined) return;
  const client = harness.connect();
  assertEquals(client.tell("resume", { token: first.token }), "too-many-sessions");
  client.tell("startLogin", { name: "ann" });
  assertEquals(client.tell("finishLogin", { password: "password of ann" }), "too-many-sessions");
  assertEquals(client.session.loggedIn, false);
  assertEquals(first.tell("resume", { token: first.token }), "loginSuccess");
  sessions[1]?.session.disconnected();
  assertEquals(client.tell("resume", { token: first.token }), "loginSuccess");
});

Deno.test("connectionsPerAddress: so many logged in from one address, loopback exempt unless it says otherwise", () => {
  for (
    const [address, loopbackExempt, expected] of [
      ["192.0.2.7", true, "too-many-sessions"],
      [LOOPBACK, true, "loginSuccess"],
      [LOOPBACK, false, "too-many-sessions"],
    ] as const
  ) {
    const harness = new NodeHarness({ connectionsPerAddress: 2, loopbackExempt });
    const [one] = [harness.login("ann", { address }), harness.login("bob", { address })];
    const client = harness.connect({ address });
    assertEquals(client.tell("resume", { token: one.token }), expected, `${address} ${loopbackExempt}`);
    assertEquals(
      harness.connect({ address: "192.0.2.8" }).tell("resume", { token: one.token }),
      "loginSuccess",
    );
    one.session.disconnected();
    if (expected !== "loginSuccess") {
      assertEquals(client.tell("resume", { token: one.token }), "loginSuccess");
    }
  }
});

Deno.test("messagesPerSecond: a burst of 100 at once, then 50 a second", () => {
  const harness = new NodeHarness({ bytesPerSecond: 0 });
  const ann = harness.login("ann");
  const send = (): number => {
    assertEquals(ann.tell("sendMessage", { to: "ann", content: "x" }), "sent");
    return ann.pauseMs;
  };
  for (let i = 0; i < 100; i++) assertEquals(send(), 0, String(i));
  assertEquals(send(), 20);
  assertEquals(send(), 40, "nothing is dropped, the wait grows");
  assertEquals([ann.tell("ping", null), ann.pauseMs], ["pong", 0], "other requests do not count");
  harness.pass(40);
  assertEquals(send(), 20);
  harness.pass(60_000);
  for (let i = 0; i < 100; i++) assertEquals(send(), 0);
  assertEquals(send(), 20);
});

Deno.test("originalMessagesBurst: 2,000 of an account at once over all its sessions, then 50 a second", () => {
  const harness = new NodeHarness({ bytesPerSecond: 0 });
  const [one, two] = [
    harness.login("ann", { dialect: "original" }),
    harness.login("ann", { dialect: "original" }),
  ];
  const confirmed = harness.login("ann");
  const bob = harness.login("bob", { dialect: "original" });
  const send = (client = one): number => {
    client.request("sendMessage", { to: "ann", content: "x" });
    harness.settle();
    return client.pauseMs;
  };
  for (let i = 0; i < 2_000; i++) assertEquals(send(i % 3 === 0 ? two : one), 0, String(i));
  assertEquals([send(one), send(two)], [20, 40], "one bucket");
  assertEquals([one.tell("listUsers", {}), one.pauseMs], ["users", 0], "other requests do not count");
  assertEquals([send(confirmed), send(bob)], [0, 0], "other rates");
  harness.pass(40_040);
  harness.sessions.tick();
  for (let i = 0; i < 2_000; i++) assertEquals(send(), 0, String(i));
  assertEquals(send(), 20);
  assertEquals(harness.state.messages.size, 4_005);
});

Deno.test("bytesPerSecond: a burst of 1 MiB at once, then 256 KiB a second; nothing before login", () => {
  const harness = new NodeHarness({ messagesPerSecond: 0 });
  const stranger = harness.connect();
  const text = Uint8Array.from([0x02, 0, 0, 0x0f, 0xf0, ...new Uint8Array(0xff0)]);
  for (let i = 0; i < 300; i++) {
    stranger.frame(9, text);
    assertEquals([inShort(stranger.takeReply()), stranger.pauseMs], ["bad-request", 0]);
  }
  const ann = harness.login("ann");
  ann.ask("ping", null);
  const before = ann.pauseMs;
  let bytes = 0;
  while (ann.pauseMs === 0 && bytes < 2 << 20) {
    ann.request("sendMessage", { to: "ann", content: "x".repeat(16_384) });
    harness.settle();
    bytes += 16_450;
  }
  assertEquals([before, bytes > 1 << 20, bytes < (1 << 20) + 35_000], [0, true, true]);
  harness.pass(ann.pauseMs);
  ann.request("ping", null);
  assertEquals(Math.round(ann.pauseMs * 262.144), 12, "12 bytes over");
});

Deno.test("requestsInFlight: no frame after 128 replies that have not left, until they have", () => {
  const harness = new NodeHarness();
  const ann = harness.login("ann");
  for (let i = 1; i <= 128; i++) {
    ann.request("ping", null);
    assertEquals(ann.pauseMs, i < 128 ? 0 : Infinity, String(i));
  }
  assertEquals(ann.replies.length, 0);
  const resumes = ann.resumes;
  assertEquals(ann.takeReplies().length, 128);
  assertEquals(ann.resumes, resumes + 1);
  ann.request("ping", null);
  assertEquals(ann.pauseMs, 0);
});

Deno.test("badFramesPerMinute: the twentieth undecodable or unknown frame closes, after an ERROR that says why", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  for (let i = 0; i < 19; i++) {
    client.frame(i % 2 === 0 ? 3 : 99, fromHex("08"));
    assertEquals(inShort(client.takeReply()), i % 2 === 0 ? "bad-request" : "unknown-request");
  }
  for (let i = 0; i < 5; i++) assertEquals(client.tell("listUsers", {}), "not-logged-in");
  client.frame(3, fromHex("00"));
  const last = client.takeReply();
  assertStringIncludes(
    last.name === "error" && typeof last.payload === "object" ? last.payload.message : "",
    "last of 20",
  );
  assertEquals([client.closed, client.pauseMs], [true, Infinity]);
  client.frame(9);
  assertEquals(client.takeReplies(), [], "nothing is said after the end");
});

Deno.test("badFramesPerMinute: what is older than a minute does not count, and 0 turns it off", () => {
  const harness = new NodeHarness();
  const client = harness.connect();
  for (let i = 0; i < 60; i++) {
    client.frame(99);
    harness.pass(3_200);
  }
  assertEquals([client.takeReplies().length, client.closed], [60, false]);
  const free = new NodeHarness({ badFramesPerMinute: 0 }).connect();
  for (let i = 0; i < 60; i++) free.frame(99);
  assertEquals([free.takeReplies().length, free.closed], [60, false]);
});

Deno.test("a misshapen request does not count as a bad frame", () => {
  const client = new NodeHarness().connect();
  for (let i = 0; i < 30; i++) {
    client.frame(3, fromHex("04 00000000"));
    assertEquals(inShort(client.takeReply()), "bad-request");
  }
  assertEquals(client.closed, false);
});

Deno.test("frameBytesBeforeLogin and frameBytes: past the edge is an ERROR and the end", () => {
  const edges = [["before", DEFAULT_LIMITS.frameBytesBeforeLogin], [
    "after",
    DEFAULT_LIMITS.frameBytes,
  ]] as const;
  for (const [when, bytes] of edges) {
    const harness = new NodeHarness();
    const client = when === "before" ? harness.connect() : harness.login("ann");
    assertEquals(client.session.payloadBytesMax, bytes);
    client.frame(99, new Uint8Array(bytes));
    assertEquals([inShort(client.takeReply()), client.closed], ["unknown-request", false], when);
    client.frame(99, new Uint8Array(bytes + 1));
    const reply = client.takeReply();
    assertStringIncludes(JSON.stringify(reply.payload), `${bytes + 1} bytes and the limit is ${bytes}`);
    assertEquals([inShort(reply), client.closed], ["bad-request", true], when);
  }
});

Deno.test("a frame that is too long is answered with a string in the original dialect", () => {
  const client = new NodeHarness().connect({ dialect: "original" });
  client.frame(1, new Uint8Array(4_097));
  assertStringIncludes(inShort(client.takeReply()), "the limit is 4096");
  assertEquals(client.closed, true);
});

Deno.test("idleMs: a confirmed session has its deadline moved by every frame", () => {
  const harness = new NodeHarness();
  const { limits } = harness.node.settings;
  const client = harness.connect();
  assertEquals(client.session.deadlineMs, 1_000 + limits.loginMs);
  harness.pass(60_000);
  client.ask("ping", null);
  assertEquals(client.session.deadlineMs, 1_000 + limits.loginMs, "a ping is no login");
  client.login("ann", "password of ann");
  assertEquals(client.session.deadlineMs, 61_000 + limits.idleMs);
  harness.pass(60_000);
  client.ask("ping", null);
  assertEquals(client.session.deadlineMs, 121_000 + limits.idleMs);
  client.ask("logout", null);
  assertEquals(client.session.deadlineMs, 121_000 + limits.loginMs);
});

Deno.test("the limits that WELCOME names can be relied on", () => {
  const harness = new NodeHarness({ contentBytes: 10, messagesPage: 2, messagesPageMax: 3 });
  const ann = harness.login("ann");
  assertEquals(ann.tell("sendMessage", { to: "ann", content: "x".repeat(11) }), "content-too-long");
  for (let i = 0; i < 4; i++) {
    assertEquals(ann.tell("sendMessage", { to: "ann", content: "x".repeat(10) }), "sent");
  }
  assertEquals(ann.tell("listMessages", { with: "ann", limit: 4 }), "bad-request");
  const page = ann.ask("listMessages", { with: "ann" });
  assertEquals(
    page.name === "messages" && "more" in page.payload && [page.payload.messages.length, page.payload.more],
    [2, true],
  );
});
