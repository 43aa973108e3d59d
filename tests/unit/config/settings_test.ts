import { assert, assertEquals } from "@std/assert";
import { DEFAULT_LIMITS } from "../../../common/limits.ts";
import { clusterValue, configurationOf, nodeValue, problemsOf } from "./cluster.ts";

Deno.test("registration is open unless the cluster or the node says otherwise", () => {
  const nodes = [nodeValue(1), nodeValue(2, { registration: "closed" })];
  const registrations = configurationOf(clusterValue(nodes, { registration: "invite" })).nodes
    .map(({ registration }) => registration);
  assertEquals(registrations, ["invite", "closed"]);
  assertEquals(configurationOf(clusterValue([nodeValue(1)])).nodes[0]?.registration, "open");
  assertEquals(problemsOf(clusterValue([nodeValue(1)], { registration: "none" })), [
    'registration is "none" and must be one of "open", "invite", "closed"',
  ]);
});

Deno.test("readSettings() lets a node override the cluster, and the cluster the defaults", () => {
  const { nodes } = configurationOf(clusterValue(
    [
      nodeValue(1),
      nodeValue(2, { limits: { messagesPage: 20, loopbackExempt: false }, hashCost: 12, reserveBytes: 0 }),
    ],
    { limits: { messagesPage: 10, messagesPerSecond: 0 }, hashCost: 11, reserveBytes: 1_024 },
  ));
  const [first, second] = nodes;
  assertEquals(first?.limits, { ...DEFAULT_LIMITS, messagesPage: 10, messagesPerSecond: 0 });
  assertEquals([first?.hashCost, first?.reserveBytes], [11, 1_024]);
  assertEquals(second?.limits, {
    ...DEFAULT_LIMITS,
    messagesPage: 20,
    messagesPerSecond: 0,
    loopbackExempt: false,
  });
  assertEquals([second?.hashCost, second?.reserveBytes], [12, 0]);
});

Deno.test("readSettings() takes every limit at its default", () => {
  assertEquals(problemsOf(clusterValue([nodeValue(1)], { limits: DEFAULT_LIMITS })), []);
  console.log(`${Object.keys(DEFAULT_LIMITS).length} limits`);
});

Deno.test("readSettings() refuses a wrong type of every limit", () => {
  for (const [name, value] of Object.entries(DEFAULT_LIMITS)) {
    const wrong = typeof value === "boolean" ? 1 : "1";
    const problems = problemsOf(clusterValue([nodeValue(1)], { limits: { [name]: wrong } }));
    assertEquals(problems.length, 1, name);
    assert(problems[0]?.startsWith(`limits.${name} is ${JSON.stringify(wrong)} and must be `), problems[0]);
  }
});

Deno.test("readSettings() lets 0 turn rates and bounds on what is kept off, and nothing else", () => {
  const zero = Object.keys(DEFAULT_LIMITS).filter((name) =>
    problemsOf(clusterValue([nodeValue(1)], { limits: { [name]: 0 } })).length === 0
  );
  assertEquals(zero, [
    "loginFailuresPerMinute",
    "strangerFailuresPerHour",
    "loginFailuresPerAddress",
    "registrationsPerHour",
    "registrationsPerTenMinutes",
    "newConnectionsPerMinute",
    "workPerSecond",
    "messagesPerSecond",
    "bytesPerSecond",
    "badFramesPerMinute",
    "inboxMessages",
    "inboxBytes",
    "storedBytes",
  ]);
});

Deno.test("readSettings() refuses unknown and unreachable limits, of the cluster and of a node", () => {
  const limits = {
    messagePage: 5,
    passwordBytesMax: 73,
    idleMs: 2 ** 31,
    contentBytes: 1.5,
    searchPageMax: 101,
  };
  const expected = [
    'limits.messagePage is not known; did you mean "messagesPage"?',
    "limits.contentBytes is 1.5 and must be a whole number from 1 to 131072",
    "limits.passwordBytesMax is 73 and must be a whole number from 1 to 72",
    "limits.searchPageMax is 101 and must be a whole number from 1 to 100",
    "limits.idleMs is 2147483648 and must be a whole number from 1 to 2147483647",
  ];
  assertEquals(problemsOf(clusterValue([nodeValue(1)], { limits })), expected);
  assertEquals(
    problemsOf(clusterValue([nodeValue(1, { limits })])),
    expected.map((text) => `nodes[0].${text}`),
  );
});

Deno.test("readSettings() refuses limits that contradict each other", () => {
  const lower = "lower the one or raise the other";
  assertEquals(
    problemsOf(clusterValue([nodeValue(1)], { limits: { messagesPage: 600, messagesPageMax: 500 } })),
    [
      `limits.messagesPage is 600 and must not be over messagesPageMax, which is 500; ${lower}`,
    ],
  );
  assertEquals(problemsOf(clusterValue([nodeValue(1)], { limits: { usersPageMax: 40 } })), [
    `limits.usersPage is 100 unless set here and must not be over usersPageMax, which is 40; ${lower}`,
  ]);
});

Deno.test("readSettings() blames the node for a contradiction only where it made one", () => {
  const lower = "lower the one or raise the other";
  const cluster = { limits: { messagesPageMax: 100 } };
  assertEquals(
    problemsOf(clusterValue([nodeValue(1, { limits: { messagesPage: 200 } }), nodeValue(2)], cluster)),
    [
      "nodes[0].limits.messagesPage is 200 and must not be over messagesPageMax, which is 100 unless set here; " +
      lower,
    ],
  );
  const contradicting = { limits: { messagesPageMax: 10 } };
  assertEquals(problemsOf(clusterValue([nodeValue(1, { limits: { idleMs: 1 } })], contradicting)).length, 1);
  const unreadable = { limits: { messagesPageMax: "many" } };
  assertEquals(
    problemsOf(clusterValue([nodeValue(1, { limits: { messagesPage: 60 } })], unreadable)).length,
    1,
  );
});

Deno.test("readSettings() takes a hash cost from 4 to 14", () => {
  const good = [3, 4, 14, 15].filter((hashCost) =>
    problemsOf(clusterValue([nodeValue(1, { hashCost })])).length === 0
  );
  assertEquals(good, [4, 14]);
});
