import { assert, assertEquals, assertLess, assertMatch } from "@std/assert";
import { STREAMS_PER_PEER_MAX } from "../../server/grpc/incoming_connections.ts";
import { HELLO_MS } from "../../server/replication/replication_limits.ts";
import { CertifiedCluster, refusal } from "../testing/certified_cluster.ts";
import { eventually } from "../testing/eventually.ts";
import { grown, type Held, HeldMemory, inspectedServerCommand, shown } from "../testing/held_memory.ts";
import { processTest } from "../testing/permissions.ts";
import { RoguePeer, type RogueScript, type RogueStream } from "../testing/rogue_peer.ts";
import { SteadySends } from "../testing/steady_sends.ts";

const MIB = 1_048_576;
/** Growth in the second round, after collection, beyond the other node's: the first round fills caches. */
const PROGRAM_GROWTH_BYTES_MAX = 4 * MIB;
/** The same for the whole process, whose allocator keeps freed pages for a while. */
const PROCESS_GROWTH_BYTES_MAX = 16 * MIB;
/** Of the messages of bystanders: a second, and as much again twice for a busy machine. */
const LATENCY_MS_MAX = 3_000;
/** Most attempts to see them undisturbed: one may meet a busy machine. */
const ATTEMPTS = 5;
const RESERVATIONS = 10_000;
const STREAMS = 40;

/** An offence of a peer that has proved its name, and the node's reaction. */
interface Misdeed {
  readonly script: RogueScript;
  /** Diagnostic of the node, if there is one. */
  readonly logged?: RegExp;
  /** Checks the peer's side. */
  check(streams: readonly RogueStream[]): void;
}

/** A refusal ended the stream. */
function isRefused(reason: RegExp): Misdeed["check"] {
  return ([stream]) => {
    assertEquals(stream?.heard.at(-1), "refusal");
    assertMatch(stream?.refusal ?? "", reason);
    assertEquals(stream?.end?.code, 0);
  };
}

/** A status of gRPC ended the stream. */
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
      assertLess(stream?.lastedMs ?? Infinity, 3 * HELLO_MS);
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
    await using cluster = await CertifiedCluster.make(inspectedServerCommand());
    await cluster.start("node1", "node2");
    const { server, grpcPort } = cluster.node("node1");
    const { caFile: ca, ...certificate } = cluster.filesOf("node3");
    await using ada = await cluster.node("node1").login("ada");
    await using bob = await cluster.node("node2").login("bob");
    await using sends = new SteadySends(ada, "bob");
    await using rogue = new RoguePeer();
    using memory = await HeldMemory.open(server);
    using control = await HeldMemory.open(cluster.node("node2").server);
    const measure = (): Promise<readonly [Held, Held]> => Promise.all([memory.measure(), control.measure()]);
    // A reason is logged a few times within ten seconds, then left out: the second round may lack it.
    const round = async (isLogged: boolean): Promise<void> => {
      for (const { script, check, logged } of MISDEEDS) {
        const from = server.stderr.length;
        const [before] = await measure();
        const act = { script, port: grpcPort, target: "node1", node: "node3", files: { ca, certificate } };
        let attempt = 0;
        do {
          // The collection of the measurement is no part of the misdeed.
          await sends.settled();
          sends.reset();
          check(await rogue.act(act));
          await sends.settled();
        } while (++attempt < ATTEMPTS && (sends.slowestMs >= LATENCY_MS_MAX || sends.copiesMin < 2));
        const { slowestMs, copiesMin } = sends;
        if (logged && isLogged) await refusal(server, logged, from);
        console.log(`${script}: ${shown(grown(before, (await measure())[0]))} more; ${sends.summary()}`);
        assert(!server.isOver, server.stderr);
        assertLess(slowestMs, LATENCY_MS_MAX, script);
        assertEquals(copiesMin, 2, script);
        assertMatch(await cluster.sees("node1", "node2", /./), /^in sync/);
      }
    };
    await round(true);
    const [first, firstControl] = await measure();
    await round(false);
    const [second, secondControl] = await measure();
    await sends.stop();
    await eventually("every message was pushed", () => bob.pushes.items.length >= sends.total);
    const ofNode = grown(first, second);
    const ofControl = grown(firstControl, secondControl);
    console.log(`${MISDEEDS.length} misdeeds twice, the second time ${shown(ofNode)} more`);
    console.log(`the other node, beside it: ${shown(ofControl)} more`);
    assertLess(ofNode.program - ofControl.program, PROGRAM_GROWTH_BYTES_MAX);
    assertLess(ofNode.process - ofControl.process, PROCESS_GROWTH_BYTES_MAX);
    await cluster.node("node3").start();
    await cluster.sees("node3", "node1", /^in sync/);
  },
);
