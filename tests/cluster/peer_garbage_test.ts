import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { STREAMS_PER_PEER_MAX } from "../../server/grpc/incoming_connections.ts";
import { HELLO_MS } from "../../server/replication/replication_limits.ts";
import { CertifiedCluster, refusal } from "../testing/certified_cluster.ts";
import { eventually } from "../testing/eventually.ts";
import { processTest } from "../testing/permissions.ts";
import { RoguePeer, type RogueScript, type RogueStream } from "../testing/rogue_peer.ts";
import { SteadySends } from "../testing/steady_sends.ts";

const MIB = 1_048_576;
/** By everything once more: the first time, the runtime fills its caches, and keeps for a while what it needs no more. */
const GROWTH_BYTES_MAX = 32 * MIB;
const LATENCY_MS_MAX = 1_500;
const RESERVATIONS = 10_000;
const STREAMS = 40;

/** What a peer that has proved its name must not do, and what comes of it. */
interface Misdeed {
  readonly script: RogueScript;
  /** What the node says of it, if it is told. */
  readonly logged?: RegExp;
  /** Looks at what the peer got. */
  check(streams: readonly RogueStream[]): void;
}

/** The stream was ended, by a refusal. */
function isRefused(reason: RegExp): Misdeed["check"] {
  return ([stream]) => {
    assertEquals(stream?.heard.at(-1), "refusal");
    assertMatch(stream?.refusal ?? "", reason);
    assertEquals(stream?.end?.code, 0);
  };
}

/** The stream was ended, with a status of gRPC. */
function isEnded(code: number): Misdeed["check"] {
  return ([stream]) => assertEquals(stream?.end?.code, code);
}

const MISDEEDS: readonly Misdeed[] = [
  {
    script: "another major version",
    check: isRefused(/speaks version 2\.0 .* start both nodes with releases of one major version/),
    logged: /"peer":"node3","code":"version"/,
  },
  {
    script: "another cluster",
    check: isRefused(/node3 is of the cluster another and node1 of test/),
    logged: /"peer":"node3","code":"cluster"/,
  },
  {
    script: "entries before hello",
    check: isEnded(0),
    logged: /"peer":"node3","reason":"it began with entries in place of hello"/,
  },
  {
    script: "lines that are no JSON",
    check: isRefused(/a line is no entry/),
    logged: /"peer":"node3","code":"order"/,
  },
  { script: "bytes that are no message", check: isEnded(13), logged: /Error deserializing request/ },
  { script: "1.5 MiB", check: isEnded(8), logged: /Received message larger than max \(1572\d+ vs 1048576\)/ },
  {
    script: "10,000 reservations",
    check: ([stream]) => {
      assertEquals(stream?.heard.filter((type) => type === "reserved").length, RESERVATIONS);
    },
  },
  {
    script: "100,000 accounts in one message",
    check: isEnded(8),
    logged: /Received message larger than max/,
  },
  {
    script: "100,000 accounts in four messages",
    check: isEnded(0),
    logged: /"peer":"node3","reason":"it says that more than 50000 accounts are online/,
  },
  { script: "hello twice", check: isEnded(0), logged: /"peer":"node3","reason":"it said hello twice"/ },
  {
    script: "entries without fields",
    check: isRefused(/a line is no entry/),
    logged: /"peer":"node3","code":"order"/,
  },
  {
    script: "fields of other types",
    check: isRefused(/a line is no entry/),
    logged: /"peer":"node3","code":"order"/,
  },
  {
    script: "silence",
    check: ([stream]) => {
      assertEquals(stream?.end?.code, 0);
      assertLess(stream?.lastedMs ?? Infinity, HELLO_MS + 1_000);
    },
    logged: /"peer":"node3","reason":"it said nothing within 2000 ms"/,
  },
  {
    script: "40 streams",
    check: (streams) => {
      assertEquals(streams.length, STREAMS);
      const refused = streams.filter(({ end }) => end?.code === 8);
      assertEquals(refused.length, STREAMS - STREAMS_PER_PEER_MAX);
      for (const { end } of streams) assert(end !== undefined, "a stream stayed open that said nothing");
    },
    logged: /node3 has 4 streams already, which is the limit/,
  },
];

processTest(
  "ClusterMember bounds and ends what a peer with a good certificate must not do, and nobody suffers",
  async () => {
    await using cluster = await CertifiedCluster.make();
    await cluster.start("node1", "node2");
    const { server, grpcPort } = cluster.node("node1");
    const { caFile: ca, ...certificate } = cluster.filesOf("node3");
    await using ada = await cluster.node("node1").login("ada");
    await using bob = await cluster.node("node2").login("bob");
    await using sends = new SteadySends(ada, "bob");
    await using rogue = new RoguePeer();
    // The same reason is said so many times within ten seconds and no more: of the second round it may be missing.
    const round = async (isSaid: boolean): Promise<void> => {
      for (const { script, check, logged } of MISDEEDS) {
        const from = server.stderr.length;
        const before = await server.residentBytes();
        const act = { script, port: grpcPort, target: "node1", node: "node3", files: { ca, certificate } };
        check(await rogue.act(act));
        if (logged && isSaid) await refusal(server, logged, from);
        const grown = await server.residentBytes() - before;
        console.log(`${script}: ${(grown / MIB).toFixed(1)} MiB more`);
        assert(!server.isOver, server.stderr);
        assertMatch(await cluster.sees("node1", "node2", /./), /^in sync/);
      }
    };
    await round(true);
    const afterFirst = await server.residentBytes();
    await round(false);
    await sends.stop();
    await eventually("every message was pushed", () => bob.pushes.items.length >= sends.count);
    const grown = await server.residentBytes() - afterFirst;
    console.log(
      `${MISDEEDS.length} misdeeds twice, ${
        (grown / MIB).toFixed(1)
      } MiB more by the second time; ${sends.summary()}`,
    );
    assertLess(grown, GROWTH_BYTES_MAX);
    assertLess(sends.slowestMs, LATENCY_MS_MAX);
    assertEquals(sends.copiesMin, 2);
    await cluster.node("node3").start();
    await cluster.sees("node3", "node1", /^in sync/);
  },
);
