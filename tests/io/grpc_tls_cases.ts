/**
 * TLS between nodes over real gRPC; grpc_test.ts runs the tests.
 *
 * @module
 */

import { assertEquals, assertLess, assertMatch, assertStringIncludes } from "@std/assert";
import type { PeerCertificate } from "../../server/grpc/credentials.ts";
import { eventually } from "../testing/eventually.ts";
import { PeerAuthority } from "../testing/peer_certificates.ts";
import { TwoNodes } from "./grpc_harness.ts";

/** Limit for things that happen at once, on a busy machine, ms. */
const AT_ONCE_MS = 10_000;

/** Time that grpc-js may wait before it would connect again, ms: its timer belongs to the test that dialled. */
const BACKOFF_MS = 1_300;

interface Certificates {
  readonly node1: PeerCertificate;
  readonly node2: PeerCertificate;
  readonly node3: PeerCertificate;
  /** Of another authority. */
  readonly stranger: PeerCertificate;
}

const certificates = await makeCertificates();

async function makeCertificates(): Promise<Certificates | undefined> {
  const authority = await PeerAuthority.make();
  const other = await PeerAuthority.make();
  if (authority === undefined || other === undefined) return undefined;
  try {
    return {
      node1: await authority.certificate("node1"),
      node2: await authority.certificate("node2"),
      node3: await authority.certificate("node3"),
      stranger: await other.certificate("node1"),
    };
  } finally {
    await authority.dispose();
    await other.dispose();
  }
}

function tlsTest(name: string, run: (certificates: Certificates) => Promise<void>): void {
  const reason = certificates === undefined ? " (ignored: needs openssl and the permission to run it)" : "";
  Deno.test({
    name: name + reason,
    ignore: certificates === undefined,
    fn: async () => {
      if (certificates !== undefined) await run(certificates);
    },
  });
}

interface Refusal {
  readonly target: PeerCertificate | undefined;
  readonly source: PeerCertificate | undefined;
  /** Reason at the source. */
  readonly reason: RegExp;
  /** Diagnostic of the target, if it can tell. */
  readonly warning?: RegExp;
}

/** Asserts that the source hears of the end at once, and that the target never hears of a stream. */
async function assertRefused({ target, source, reason, warning }: Refusal): Promise<void> {
  await using nodes = await TwoNodes.start(target, source);
  const startMs = performance.now();
  const { link, stream } = nodes.dial();
  link.send({ type: "heartbeat", number: 0, version: [] });
  assertMatch(await stream.end(), reason);
  assertLess(performance.now() - startMs, AT_ONCE_MS);
  if (warning !== undefined) {
    await eventually("the refusal is noted", () => nodes.warnings.length > 0);
    const [{ event, address, reason: noted } = {}] = nodes.warnings;
    assertEquals(event, "peerRefused");
    assertStringIncludes(String(address), "127.0.0.1");
    assertMatch(String(noted), warning);
  }
  await nodes.stopTarget();
  await new Promise((resolve) => setTimeout(resolve, BACKOFF_MS));
  assertEquals([stream.reasons.length, stream.messages.length, nodes.taken.length], [1, 0, 0]);
}

tlsTest("GrpcNetwork.dial() proves the names of both ends, every time", async ({ node1, node2 }) => {
  await using nodes = await TwoNodes.start(node2, node1);
  for (let round = 0; round < 3; round++) {
    const { near, far } = await nodes.connect();
    assertEquals([near.link.provenName, far.link.provenName], ["node2", "node1"]);
    near.link.send({ type: "release", number: round });
    far.link.send({ type: "reserved", number: round, granted: true });
    await eventually("both are there", () => near.stream.messages.length + far.stream.messages.length === 2);
    assertEquals(near.stream.messages, [{ type: "reserved", number: round, granted: true }]);
    assertEquals(far.stream.messages, [{ type: "release", number: round }]);
    near.link.close();
    await far.stream.end();
  }
  assertEquals(nodes.warnings, []);
});

tlsTest(
  "GrpcListener refuses who shows a certificate of another authority",
  async ({ node1, node2, stranger }) => {
    await assertRefused({
      target: node2,
      source: { ...stranger, ca: node1.ca },
      reason: /check that both use TLS with certificates of the same authority/,
      warning: /the TLS handshake failed/,
    });
  },
);

tlsTest("GrpcNetwork.dial() refuses a node whose certificate is of another authority", async (given) => {
  await assertRefused({
    target: given.node2,
    source: { ...given.node1, ca: given.stranger.ca },
    reason: /^the other end has a certificate of another authority/,
    warning: /the TLS handshake failed: the other end has a certificate of another authority/,
  });
});

tlsTest(
  "GrpcNetwork.dial() refuses a node that shows the certificate of another",
  async ({ node1, node3 }) => {
    await assertRefused({
      target: node3,
      source: node1,
      reason: /node2.*other's certificate has its node name/s,
    });
  },
);

tlsTest("GrpcListener refuses who speaks without TLS where it is asked for", async ({ node2 }) => {
  await assertRefused({
    target: node2,
    source: undefined,
    reason: /check that it does not use TLS either/,
    warning: /the TLS handshake failed/,
  });
});

tlsTest("GrpcNetwork.dial() refuses a node that speaks without TLS", async ({ node1 }) => {
  await assertRefused({ target: undefined, source: node1, reason: /check that both use TLS/ });
});

tlsTest("GrpcListener refuses who shows no certificate", async ({ node2 }) => {
  await using nodes = await TwoNodes.start(node2, undefined);
  const connection = await Deno.connectTls({
    hostname: "127.0.0.1",
    port: nodes.port,
    caCerts: [node2.ca],
    unsafelyDisableHostnameVerification: true,
    alpnProtocols: ["h2"],
  });
  let refused = false;
  try {
    await connection.handshake();
    refused = await connection.read(new Uint8Array(1)) === null;
  } catch {
    refused = true;
  }
  connection.close();
  assertEquals(refused, true);
  await eventually("the refusal is noted", () => nodes.warnings.length > 0);
  assertMatch(String(nodes.warnings[0]?.["reason"]), /no certificates/);
  assertEquals(nodes.taken.length, 0);
});
