import { assertEquals, assertMatch, assertStringIncludes } from "@std/assert";
import { forkWayOut } from "../../../server/core/fork_way_out.ts";
import { durationText, startingReport, statusReport } from "../../../server/commands/status_report.ts";
import { NODE_STATUS, STARTING_STATUS } from "../../testing/node_statuses.ts";

Deno.test("statusReport() is a table for people", () => {
  assertEquals(statusReport(NODE_STATUS).split("\n"), [
    "node      node1 of the cluster test, version 1.0.0",
    "running   for 3 d 4 h, as process 4711",
    "sessions  3",
    "accounts  12",
    "messages  1,204",
    "entries   123,456",
    "memory    81 MiB",
    "copies    a message that is stored now is on 2 of 3 disks: any one node may be lost",
    "peers     node2     in sync",
    "          archive1  unreachable, behind by 7 entries: connection refused",
  ]);
});

Deno.test("statusReport() shows the address of the page, if there is one", () => {
  const report = statusReport({ ...NODE_STATUS, page: "https://chat.example.org/" });
  assertStringIncludes(report, "\npage      https://chat.example.org/\nsessions  3\n");
});

Deno.test("statusReport() shows the address of the metrics, and a level of diagnostics that passes", () => {
  const logLevel = { level: "debug", leftMs: 545_000 } as const;
  const report = statusReport({ ...NODE_STATUS, metrics: "http://127.0.0.1:9464/metrics", logLevel });
  assertStringIncludes(report, "\nmetrics    http://127.0.0.1:9464/metrics\nsessions   3\n");
  assertStringIncludes(report, "\nlog level  debug for another 9 min 5 s\n");
  const starting = startingReport({ ...STARTING_STATUS, logLevel });
  assertStringIncludes(starting, "\nlog level  debug for another 9 min 5 s\n");
});

Deno.test("statusReport() names the largest inbox and the largest sender", () => {
  const reportOf = (messages: number, bytes: number): string =>
    statusReport({
      ...NODE_STATUS,
      largestInbox: { name: "bob", messages, bytes },
      largestSender: { name: "ann\x1b[2J", bytes: 2 * bytes },
    });
  assertStringIncludes(
    reportOf(99_000, 50_000_000),
    "\ninbox     largest: bob, unread: 99,000, of 48 MiB\nstored    most today: ann\\u{1b}[2J, 95 MiB\n",
  );
  assertMatch(reportOf(1, 900), /of 900 B\nstored .* 2 KiB\n/);
});

Deno.test("startingReport() says how far the start is", () => {
  const clients = "clients  not served: the node is starting; it has read";
  assertEquals(startingReport(STARTING_STATUS).split("\n"), [
    "node     node1 of the cluster test, version 1.0.0",
    "running  for 5 s, as process 4711",
    `${clients} 25 % of its log (300 of 1,200 MiB, 1,234,567 entries), and about 17 s are left`,
    "memory   81 MiB",
  ]);
  const log = { step: "log", ofBytes: 0, bytes: 0, entries: 0, leftMs: null } as const;
  const first = startingReport({ ...STARTING_STATUS, starting: log });
  assertStringIncludes(first, `${clients} 100 % of its log (0 of 0 MiB, 0 entries)\n`);
  const archive = startingReport({ ...STARTING_STATUS, starting: { ...log, step: "archive" } });
  const building = "clients  not served: the node is starting; it brings its archive up first, and has read";
  assertStringIncludes(archive, `${building} 100 % of its log (0 of 0 MiB, 0 entries)\n`);
  const peers = startingReport({ ...STARTING_STATUS, starting: { step: "peers" } });
  assertStringIncludes(peers, `${clients} its log and asks the other nodes first\n`);
});

Deno.test("statusReport() says why nothing can be done, and nothing of peers where there are none", () => {
  const alone = {
    ...NODE_STATUS,
    readOnly: true,
    filling: "node2, 3 of 9 entries",
    copies: 1,
    nodes: 1,
    peers: [],
  };
  const report = statusReport(alone);
  assertStringIncludes(report, "\nclients   not served: node2, 3 of 9 entries\n");
  assertStringIncludes(report, "\ndisk      full: nothing can be changed until there is room\n");
  assertEquals(report.includes("peers"), false);
});

Deno.test("statusReport() says that memory is full, and not the disk", () => {
  const report = statusReport({ ...NODE_STATUS, readOnly: true, full: "memory" });
  assertMatch(report, /\nmemory +\S+ MiB, full: nothing new is taken until .*--max-old-space-size/);
  assertEquals(/^disk /m.test(report), false);
});

Deno.test("statusReport() says how far the archive is behind the log, and why it is not searched in", () => {
  const follows = { position: 123_456, lag: 0, isBuilding: false, problem: undefined };
  const cases = [
    [follows, "follows the log"],
    [{ ...follows, lag: 1 }, "follows the log, 1 entry behind"],
    [{ ...follows, lag: 1_204 }, "follows the log, 1,204 entries behind"],
    [{ ...follows, position: 43, lag: 57, isBuilding: true }, "is being built: 43 %; no search until then"],
    [{ ...follows, isBuilding: true, problem: "the disk\nis full" }, "no search now: the disk\\u{a}is full"],
  ] as const;
  for (const [archive, text] of cases) {
    assertStringIncludes(
      statusReport({ ...NODE_STATUS, archive }),
      `\nentries   123,456\narchive   ${text}\nmemory `,
    );
  }
});

Deno.test("statusReport() says that memory may lack something, and what to do", () => {
  const archive = { position: 9, lag: 0, isBuilding: false, problem: undefined };
  const report = statusReport({ ...NODE_STATUS, archive: { ...archive, memoryMayLack: true } });
  assertMatch(
    report,
    /\nmemory +81 MiB\n +may lack unread messages .* Restart the node once the archive follows/,
  );
  assertEquals(statusReport({ ...NODE_STATUS, archive }).includes("may lack"), false);
});

Deno.test("statusReport() says that the entries of a peer wait, once that has lasted", () => {
  const peers = (heldMs: number): string =>
    statusReport({ ...NODE_STATUS, peers: [{ name: "node2", state: "in sync", entriesBehind: 0, heldMs }] });
  assertMatch(
    peers(72_000),
    /\npeers +node2 {2}in sync; its entries have waited 1 min 12 s: .* the line `archive`$/,
  );
  assertMatch(peers(999), /\npeers +node2 {2}in sync$/);
});

Deno.test("statusReport() says how many messages are in memory, and how full the heap is", () => {
  const heap = { usedBytes: 61 * 1_048_576, limitBytes: 4_096 * 1_048_576 };
  const report = statusReport({ ...NODE_STATUS, messages: 31_204, residentMessages: 101, heap });
  assertStringIncludes(report, "\nmessages  31,204; in memory: 101\n");
  assertStringIncludes(report, "\nmemory    81 MiB; heap: 61 of 4,096 MiB\n");
  const full = statusReport({ ...NODE_STATUS, heap, readOnly: true, full: "memory" });
  assertMatch(full, /\nmemory +81 MiB; heap: 61 of 4,096 MiB, full: nothing new is taken/);
});

Deno.test("statusReport() says how much of the log is verified", () => {
  const verification = { isDone: false, bytes: 41, ofBytes: 100 };
  assertStringIncludes(
    statusReport({ ...NODE_STATUS, verification }),
    "\nentries   123,456\nlog       being verified from its beginning on: 41 %\nmemory ",
  );
  assertStringIncludes(
    statusReport({ ...NODE_STATUS, verification: { ...verification, isDone: true } }),
    "\nlog       verified\n",
  );
});

Deno.test("statusReport() says why the clock should be looked at", () => {
  const clock = { jumpedMs: -3_600_000, jumpedAgoMs: 125_000, stampsAheadMs: 3_590_000 };
  assertStringIncludes(
    statusReport({ ...NODE_STATUS, clock }),
    "\nclock     went 1 h 0 min back 2 min 5 s ago: compare it with the other nodes\n" +
      "          the latest stamp in the log is 59 min 50 s ahead of it: a clock was wrong once, or this one is now\n",
  );
  assertStringIncludes(statusReport({ ...NODE_STATUS, clock: { jumpedMs: 61_000 } }), "went 1 min 1 s ahead");
  assertEquals(statusReport({ ...NODE_STATUS, clock: {} }), statusReport(NODE_STATUS));
});

Deno.test("statusReport() says that a node is alone, but not twice, and that a peer is slow", () => {
  const slow = { name: "node2", state: "slow", entriesBehind: 9, reason: "after 312 ms" } as const;
  const alone = { ...NODE_STATUS, alone: "nobody is there", peers: [slow] };
  const report = statusReport(alone);
  assertStringIncludes(report, "\nalone     nobody is there\n");
  assertStringIncludes(report, "\npeers     node2  slow: after 312 ms");
  const removed = statusReport({ ...alone, filling: "nobody is there" });
  assertStringIncludes(removed, "\nclients   not served: nobody is there\n");
  assertEquals(removed.includes("alone"), false);
});

Deno.test("statusReport() shows names and reasons harmlessly, each on its own line", () => {
  const peers = [{
    name: "a\x1b[2J",
    state: "refused",
    entriesBehind: 0,
    reason: "x\nnode  y\u202e",
  }] as const;
  const report = statusReport({ ...NODE_STATUS, cluster: "\x07", peers });
  assertEquals(report.split("\n").length, 9);
  assertStringIncludes(report, "a\\u{1b}[2J  refused: x\\u{a}node  y\\u{202e}");
  assertStringIncludes(report, "the cluster \\u{7}, version");
});

Deno.test("durationText() has the two largest units", () => {
  const cases = [
    [0, "0 s"],
    [999, "0 s"],
    [5_000, "5 s"],
    [60_000, "1 min 0 s"],
    [3_599_999, "59 min 59 s"],
    [3_600_000, "1 h 0 min"],
    [86_399_000, "23 h 59 min"],
    [86_400_000, "1 d 0 h"],
    [400 * 86_400_000 + 3_600_000, "400 d 1 h"],
  ] as const;
  for (const [ms, text] of cases) assertEquals(durationText(ms), text);
});

Deno.test("statusReport() says of a fork who holds which branch, and the way out", () => {
  const forks = [
    { origin: "node3#a", after: 7, same: ["node2"], other: ["node3", "node4"], unseen: [] },
    { origin: "node4#b", after: null, same: [], other: ["node3"], unseen: ["node2"] },
    { origin: "node5#c", after: 2, same: [], other: [], unseen: ["node2", "node5"] },
  ];
  const lines = statusReport({ ...NODE_STATUS, forks }).split("\n");
  assertEquals(lines.slice(-3), [
    `forks     node3#a has two branches after entry 7: node1 and node2 hold one, node3 and node4 the other. Nodes take no more of it. ${
      forkWayOut("node3#a")
    }`,
    `          node4#b has two branches: node1 holds one, node3 the other. Nodes take no more of it. ${
      forkWayOut("node4#b")
    }`,
    `          node5#c had two branches after entry 2: node1 holds one; the other may be at node2 and node5, not seen since. ${
      forkWayOut("node5#c")
    }`,
  ]);
});
