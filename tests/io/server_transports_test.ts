/**
 * The confirmed dialect over TCP, TLS, WebSocket and WebSocket with TLS: the same requests get the same replies.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { encodeRequest } from "../../common/protocol/codec.ts";
import type { Request, RequestName } from "../../common/protocol/requests.ts";
import { freePort } from "../testing/free_port.ts";
import { REQUEST_SAMPLES } from "../testing/protocol_samples.ts";
import { RawClient } from "../testing/raw_client.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { makeCertificate, NETWORK, rawFrame } from "./net_harness.ts";
import { type WebConnection, webConnection } from "./web_connection.ts";

const TRANSPORTS = ["TCP", "TLS", "WS", "WSS"] as const;
type Transport = typeof TRANSPORTS[number];

const certificate = NETWORK ? await makeCertificate() : undefined;

/** Requests that end the session or the account: each has a connection of its own. */
const ENDING: readonly RequestName[] = [
  "logout",
  "deleteAccount",
  "hello",
  "resume",
  "startLogin",
  "finishLogin",
];

/** Frames that nobody should send, as hexadecimal digits behind the head: type, payload. */
const HOSTILE: readonly (readonly [number, string])[] = [
  [77, ""],
  [3, ""],
  [3, "00"],
  [3, "ff"],
  [3, "0500000001"],
  [3, "05ffffffff"],
  [3, "04".repeat(200)],
  [18, "0300000004deadbeef"],
  [19, "0500000000"],
];

/** Opens a connection over a transport. */
type Connect = () => Promise<Deno.Conn>;

/** A server with a port of this transport, and the way to it. `await using` ends it. */
class Stage implements AsyncDisposable {
  private constructor(readonly server: ServerProcess, readonly connect: Connect, readonly folder: string) {}

  static async open(transport: Transport): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "chat-transports-" });
    const files = { cert: `${folder}/cert.pem`, key: `${folder}/key.pem` };
    await Deno.writeTextFile(files.cert, certificate?.cert ?? "");
    await Deno.writeTextFile(files.key, certificate?.key ?? "");
    const port = freePort();
    const node = {
      TCP: {},
      TLS: { tls: { port, ...files } },
      WS: { web: { port } },
      WSS: { web: { port, ...files } },
    }[transport];
    const server = await ServerProcess.start({ node });
    const address = { hostname: "127.0.0.1", port: transport === "TCP" ? server.port : port };
    const caCerts = [certificate?.cert ?? ""];
    const isSecure = transport === "TLS" || transport === "WSS";
    const connect = async (): Promise<Deno.Conn> => {
      const below = isSecure ? await Deno.connectTls({ ...address, caCerts }) : await Deno.connect(address);
      return address.port === port && transport.startsWith("WS")
        ? (await webConnection(below, `127.0.0.1:${port}`)).asConnection
        : below;
    };
    return new Stage(server, connect, folder);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** What the server answers to everything, in words that are the same in every run. */
async function conversation({ connect }: Stage): Promise<string[]> {
  const said: string[] = [];
  await using bob = await TestClient.login(0, "bob", undefined, await connect());
  await using alice = await TestClient.login(0, "alice", undefined, await connect());
  for (const [name, payloads] of Object.entries(REQUEST_SAMPLES)) {
    if (ENDING.includes(name as RequestName)) continue;
    for (const payload of payloads) {
      said.push(`${name}: ${shown(await alice.ask(name as RequestName, payload as never))}`);
    }
  }
  const { id } = await alice.expect("sendMessage", { to: "bob", content: "é".repeat(8_000) }, "sent");
  for (let push = await bob.push();; push = await bob.push()) {
    said.push(`bob gets ${push.name}`);
    if (push.name === "message" && push.payload.id === id) break;
  }
  said.push(`bob reads: ${shown(await bob.ask("readMessages", { with: "alice" }))}`);
  for (let push = await alice.push(); push.name !== "status"; push = await alice.push()) {
    said.push(`alice gets ${push.name}`);
  }
  const page = await bob.expect("listMessages", { with: "alice", limit: 1 }, "messages");
  said.push(`bob lists ${page.messages.map(({ content, status }) => `${content.length} ${status}`)}`);
  for (const name of ENDING) {
    for (const payload of REQUEST_SAMPLES[name]) {
      await using other = await TestClient.login(0, "carol", undefined, await connect());
      said.push(`${name}: ${shown(await other.ask(name, payload as never))}`);
    }
  }
  return said;
}

/** The name of a reply, and the code of an error. */
function shown(reply: Awaited<ReturnType<TestClient["ask"]>>): string {
  return reply.name === "error" ? `error ${reply.payload.code}` : reply.name;
}

/** What the server answers to frames that nobody should send. */
async function hostilities({ connect }: Stage): Promise<string[]> {
  const said: string[] = [];
  for (const [type, payload] of HOSTILE) {
    await using client = await TestClient.login(0, "mallory", undefined, await connect());
    await client.sendBytes(rawFrame(type, Uint8Array.fromHex(payload)));
    const answers = [shown(await client.reply())];
    answers.push(await client.ask("ping", null).then(shown, () => "closed"));
    said.push(`${type} ${payload.slice(0, 12)}: ${answers.join(", ")}`);
  }
  await using client = await TestClient.login(0, "mallory", undefined, await connect());
  await client.sendBytes(new Uint8Array(64).fill(255));
  said.push(
    `garbage: ${shown(await client.reply())}, ${await client.ask("ping", null).then(shown, () => "closed")}`,
  );
  return said;
}

Deno.test({
  name: "ServerProcess speaks the same confirmed dialect over TCP, TLS, WS and WSS",
  ignore: certificate === undefined,
  fn: async () => {
    const all: string[][] = [];
    for (const transport of TRANSPORTS) {
      await using stage = await Stage.open(transport);
      all.push([...await conversation(stage), ...await hostilities(stage)]);
      assertEquals(stage.server.isOver, false, stage.server.stderr);
    }
    const [first = [], ...others] = all;
    for (const [i, said] of others.entries()) assertEquals(said, first, `${TRANSPORTS[i + 1]} beside TCP`);
    assertGreater(first.length, 40);
    console.log(`${first.length} answers over each of ${TRANSPORTS.join(", ")}`);
  },
});

Deno.test({
  name: "ServerProcess takes the original dialect over TCP, and ends a WebSocket that begins with it",
  ignore: !NETWORK,
  fn: async () => {
    await using stage = await Stage.open("WS");
    await using tcp = await RawClient.connect(stage.server.port);
    const request: Request = { name: "startLogin", payload: { name: "bob" } };
    await tcp.sendBytes(encodeRequest(request, "original"));
    assertEquals(Number((await tcp.receive())?.type), 102);
    const web = await stage.connect() as unknown as WebConnection;
    await using raw = new RawClient(web.asConnection);
    await raw.sendBytes(encodeRequest(request, "original"));
    assertEquals(Number((await raw.receive())?.type), 100);
    assertEquals([await raw.receive(), web.closeCode], [undefined, 1_008]);
  },
});
