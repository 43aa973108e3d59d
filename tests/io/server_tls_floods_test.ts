import { assert, assertEquals, assertGreater, assertLess, assertStringIncludes } from "@std/assert";
import { connect, type Socket } from "node:net";
import { OTHER_ADDRESSES } from "../testing/local_address.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";

const certificate = await makeCertificate();

/** Half-open handshakes, and the addresses that they come from. */
const STRANGERS = 5_000;
const ADDRESSES = 300;

/** Time after which they are gone, ms: ten seconds for a handshake, two for the rest, and much for a busy machine. */
const GONE_MS = 36_000;

/** Open files of a server that is to run out of them. */
const OPEN_FILES = 150;

function tlsTest(name: string, run: (folder: string) => Promise<void>): void {
  const possible = certificate !== undefined && Deno.build.os === "linux";
  const reason = possible ? "" : " (ignored: needs Linux and openssl)";
  processTest(
    name + reason,
    async () => {
      if (!possible) return;
      const folder = await Deno.makeTempDir({ prefix: "chat-server-test-tls-" });
      try {
        await run(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
    OTHER_ADDRESSES,
  );
}

/** Writes a certificate into the folder; the node's settings for it. */
async function tlsSettings(folder: string, made = certificate): Promise<{ tls: object; port: number }> {
  const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
  await Deno.writeTextFile(files.cert, made?.cert ?? "");
  await Deno.writeTextFile(files.key, made?.key ?? "");
  const port = freePort();
  return { tls: { host: "0.0.0.0", port, ...files }, port };
}

async function connectTls(port: number, cert = certificate?.cert ?? ""): Promise<TestClient> {
  const connection = await Deno.connectTls({ hostname: "127.0.0.1", port, caCerts: [cert] });
  return await TestClient.connect(0, connection);
}

/** Number of sockets that a process has open. Its archive opens files when it likes. */
function socketsOf(pid: number): number {
  return [...Deno.readDirSync(`/proc/${pid}/fd`)].filter(({ name }) => {
    try {
      return Deno.readLinkSync(`/proc/${pid}/fd/${name}`).startsWith("socket:");
    } catch {
      // Closed since the folder was read, as the folder itself.
      return false;
    }
  }).length;
}

/** Opens a connection from an address of this machine and sends the beginning of a record, or nothing. */
function halfOpen(port: number, address: string, bytes: Uint8Array): Promise<Socket> {
  const socket = connect({ host: "127.0.0.1", port, localAddress: address });
  return new Promise((resolve) => {
    socket.on("error", () => resolve(socket));
    socket.once("connect", () => {
      if (bytes.length > 0) socket.write(bytes);
      resolve(socket);
    });
  });
}

async function halfOpenMany(port: number, count: number, addresses: number): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let begun = 0; begun < count; begun += 250) {
    const some = Array.from({ length: Math.min(250, count - begun) }, (_, i) => {
      const address = (begun + i) % addresses;
      const beginning = [22, 3, 1, 2, 0].slice(0, (begun + i) % 6);
      return halfOpen(port, `127.1.${address >> 8}.${(address & 255) || 254}`, Uint8Array.from(beginning));
    });
    sockets.push(...await Promise.all(some));
  }
  return sockets;
}

async function destroy(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(sockets.map((socket) =>
    new Promise((resolve) => {
      if (socket.closed) return resolve(undefined);
      socket.once("close", resolve);
      socket.destroy();
    })
  ));
}

tlsTest("ServerProcess forgets 5,000 half-open handshakes from 300 addresses", async (folder) => {
  const { tls, port } = await tlsSettings(folder);
  const limits = { ...QUICK.limits, loopbackExempt: false };
  await using server = await ServerProcess.start({ node: { tls }, configuration: { limits } });
  const { pid } = server.child;
  // The first client makes the process open what it keeps.
  await (await connectTls(port))[Symbol.asyncDispose]();
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const before = socketsOf(pid);
  const sockets = await halfOpenMany(port, STRANGERS, ADDRESSES);
  const sinceMs = performance.now();
  const most = socketsOf(pid) - before;
  assertGreater(most, 500);
  {
    await using alice = await connectTls(port);
    assertEquals((await alice.ask("ping", null)).name, "pong");
  }
  let left = socketsOf(pid) - before;
  for (; left > 0; left = socketsOf(pid) - before) {
    assertLess(performance.now() - sinceMs, GONE_MS, `${left} sockets are left`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const goneMs = performance.now() - sinceMs;
  await using bob = await connectTls(port);
  assertEquals((await bob.ask("ping", null)).name, "pong");
  console.log(`${most} of ${STRANGERS} were held at most; all gone after ${(goneMs / 1_000).toFixed(1)} s`);
  await destroy(sockets);
});

tlsTest("ServerProcess survives its limit of open files in handshakes, and serves again", async (folder) => {
  const { tls, port } = await tlsSettings(folder);
  const limits = { ...QUICK.limits, tlsHandshakeMs: 2_000 };
  const wrapper = ["sh", "-c", `ulimit -n ${OPEN_FILES}; exec "$@"`, "sh"];
  await using server = await ServerProcess.start({ node: { tls }, configuration: { limits }, wrapper });
  const sockets = await halfOpenMany(port, 3 * OPEN_FILES, 1);
  await server.waitFor(() => server.stderr.includes("outOfDescriptors"));
  // Those behind the limit are accepted as the others are given up: three lots of them.
  await using alice = await connectTls(port);
  assertEquals((await alice.ask("ping", null)).name, "pong");
  await using bob = await TestClient.login(server.port, "bob");
  assertEquals((await bob.ask("ping", null)).name, "pong");
  await destroy(sockets);
  assertEquals((await server.stop()).code, 0);
});

tlsTest(
  "SIGHUP brings the new certificate to new connections, and a bad one changes nothing",
  async (folder) => {
    const { tls, port } = await tlsSettings(folder);
    const flags = ["--log-level=info"];
    await using server = await ServerProcess.start({ node: { tls }, flags });
    await using alice = await connectTls(port);
    const other = await makeCertificate();
    assert(other !== undefined);
    await tlsSettings(folder, other);
    server.child.kill("SIGHUP");
    await server.waitFor(() => server.stderr.includes("certificateRenewed"));
    await using bob = await connectTls(port, other.cert);
    assertEquals((await bob.ask("ping", null)).name, "pong");
    assertEquals((await alice.ask("ping", null)).name, "pong");
    await Deno.writeTextFile(`${folder}/cert.pem`, "no certificate");
    server.child.kill("SIGHUP");
    await server.waitFor(() => server.stderr.includes("certificateNotRenewed"));
    assertStringIncludes(server.stderr, "send SIGHUP again");
    await using carol = await connectTls(port, other.cert);
    assertEquals((await carol.ask("ping", null)).name, "pong");
  },
);
