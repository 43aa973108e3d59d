import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import { freePort } from "../testing/free_port.ts";
import { RawClient } from "../testing/raw_client.ts";
import { QUICK, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate } from "./net_harness.ts";

const HANDSHAKE_MS = 3_000;
/** Clients without TLS on the TLS port. */
const STRANGERS = 20;

const certificate = await makeCertificate();
const noted = certificate === undefined ? " (ignored: needs openssl and the permission to run it)" : "";

/** A folder with the certificate, and a node that uses it. */
async function tlsNode(folder: string): Promise<Record<string, unknown>> {
  const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
  await Deno.writeTextFile(files.cert, certificate?.cert ?? "");
  await Deno.writeTextFile(files.key, certificate?.key ?? "");
  return { tls: { port: freePort(), ...files } };
}

function tlsTest(name: string, fn: (folder: string) => Promise<void>): void {
  Deno.test({
    name: name + noted,
    ignore: certificate === undefined,
    fn: async () => {
      const folder = await Deno.makeTempDir({ prefix: "chat-server-test-tls-" });
      try {
        await fn(folder);
      } finally {
        await Deno.remove(folder, { recursive: true });
      }
    },
  });
}

async function connectTls(server: ServerProcess): Promise<Deno.Conn> {
  const caCerts = [certificate?.cert ?? ""];
  return await Deno.connectTls({ hostname: "127.0.0.1", port: tlsPort(server), caCerts });
}

function tlsPort(server: ServerProcess): number {
  return Number(/with TLS on \S+:(\d+)/.exec(server.stdout)?.[1]);
}

tlsTest("ServerProcess serves the same protocol with TLS and beside it", async (folder) => {
  await using server = await ServerProcess.start({ node: await tlsNode(folder) });
  await using alice = await TestClient.connect(0, await connectTls(server));
  await alice.expect("startLogin", { name: "alice" }, "userNotExisting");
  const { token } = await alice.expect("finishLogin", { password: "password of alice" }, "loginSuccess");
  await using bob = await TestClient.login(server.port, "bob");
  for (let round = 1; round <= 20; round++) {
    const content = `round ${round} ${"ä".repeat(4_000)}`;
    await alice.expect("sendMessage", { to: "bob", content }, "sent");
    const heard = await bob.push();
    assert(heard.name === "message" || heard.name === "user");
    if (heard.name === "message") assertEquals(heard.payload.content, content);
    await bob.expect("sendMessage", { to: "alice", content }, "sent");
  }
  await using again = await TestClient.connect(server.port);
  await again.expect("resume", { token }, "loginSuccess");
  assertEquals((await server.stop()).code, 0);
  await alice.closed;
  assert(alice.pushes.items.some(({ name }) => name === "closing"));
});

tlsTest(
  "ServerProcess is not harmed by who speaks plainly, or not at all, on its TLS port",
  async (folder) => {
    const limits = { ...QUICK.limits, tlsHandshakeMs: HANDSHAKE_MS };
    const node = await tlsNode(folder);
    const flags = ["--log-level=debug"];
    await using server = await ServerProcess.start({ node, configuration: { limits }, flags });
    await using alice = await TestClient.connect(0, await connectTls(server));
    await using _silent = await RawClient.connect(tlsPort(server));
    for (let count = 0; count < STRANGERS; count++) {
      await using plain = await RawClient.connect(tlsPort(server));
      await plain.sendBytes(encodeRequest({ name: "startLogin", payload: { name: "alice" } }, "original"));
      // An alert of TLS, which is no frame, may come first.
      for (let chunk = await plain.read(); chunk !== undefined; chunk = await plain.read());
    }
    // The silent client is the one more.
    await server.waitFor(() => server.stderr.split("tlsHandshakeFailed").length > STRANGERS + 1);
    assertEquals((await alice.ask("ping", null)).name, "pong");
    await using bob = await TestClient.connect(0, await connectTls(server));
    assertEquals((await bob.ask("ping", null)).name, "pong");
    await using carol = await TestClient.login(server.port, "carol");
    assertEquals((await carol.ask("ping", null)).name, "pong");
  },
);

tlsTest("ServerProcess names a certificate that it cannot use", async (folder) => {
  const node = await tlsNode(folder);
  await Deno.writeTextFile(`${folder}/cert.pem`, "no certificate");
  await using bad = await ServerProcess.spawn({ node });
  assertEquals(await bad.ended(), 1);
  assertStringIncludes(bad.stderr, 'check the files that "tls" names');
  await Deno.remove(`${folder}/cert.pem`);
  await using missing = await ServerProcess.spawn({ node });
  assertEquals(await missing.ended(), 1);
  assertStringIncludes(missing.stderr, `${folder}/cert.pem`);
});
