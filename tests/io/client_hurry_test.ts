import { assertEquals, assertGreaterOrEqual, assertLess } from "@std/assert";
import { SocketTransport } from "../../client/net/socket_transport.ts";
import { HANDLERS } from "../../client/core/update.ts";
import { type Face, RunningClient } from "../../client/link/running_client.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { processTest } from "../testing/permissions.ts";
import { ScriptedServer } from "./client_scripted_server.ts";

/** A face that shows nothing, and keeps the outbox when it is told to. */
class SlowFace implements Face {
  readonly client: RunningClient;
  /** Number of attempts in vain. */
  tries = 0;
  /** Resolves when the outbox is kept; undefined if it is at once. */
  saving: Promise<void> | undefined;

  constructor(ports: readonly number[]) {
    this.client = new RunningClient(
      { script: false, receives: true, creates: false, saves: true },
      { places: ports.map((port) => ({ host: "127.0.0.1", port })) },
      new SocketTransport({ tls: false, caCerts: [] }),
      HANDLERS,
    );
  }

  show = (): void => {};
  refresh = (): void => {};
  notice = (): void => {};
  fail = (): void => {};
  ring = (): void => {};
  leave = (): void => {};
  updated = (): void => {};
  searching = (): void => void this.tries++;
  save = (): void | Promise<void> => this.saving;

  /** Sends a text to bob. */
  send(text: string): void {
    const id = crypto.randomUUID();
    this.client.dispatch({ kind: "send", to: "bob", text, id, timestamp: 1 });
  }
}

/** Runs a client of alice until `use` is done. */
async function withFace(ports: readonly number[], use: (face: SlowFace) => Promise<void>): Promise<void> {
  const face = new SlowFace(ports);
  const running = face.client.run(face);
  face.client.dispatch({ kind: "login", name: "alice", password: "password" });
  try {
    await use(face);
  } finally {
    face.client.close();
    await running;
  }
}

/** The same for a client that is logged in. */
async function withConnected(server: ScriptedServer, use: (face: SlowFace) => Promise<void>): Promise<void> {
  await withFace([server.port], async (face) => {
    const { model } = face.client;
    await eventually("it is connected", () => model.loggedIn && model.pending.size === 0);
    await use(face);
  });
}

processTest("RunningClient.hurry() ends the wait for the next try", async () => {
  const port = freePort();
  await withFace([port], async (face) => {
    await eventually("the waits are long", () => face.tries >= 6);
    await using server = new ScriptedServer("only", undefined, port);
    const sinceMs = performance.now();
    face.client.hurry();
    await eventually("it is connected", () => face.client.model.loggedIn);
    const tookMs = performance.now() - sinceMs;
    // The wait after the sixth try is 2,500 ms at least.
    assertLess(tookMs, 2_400);
    assertEquals(server.asked("hello").length, 1);
    console.log(`connected ${tookMs.toFixed(0)} ms after hurry(), and ${face.tries} tries`);
    face.client.close();
  });
});

processTest("RunningClient.hurry() leaves a node that does not answer any more", async () => {
  await using second = new ScriptedServer("second");
  await using first = new ScriptedServer("first", ({ name }) => name === "ping" ? "nothing" : undefined);
  await withFace([first.port, second.port], async (face) => {
    const { model } = face.client;
    await eventually("it is connected", () => model.loggedIn && model.pending.size === 0);
    const sinceMs = performance.now();
    face.client.hurry();
    await eventually("it is at the other node", () => model.node?.name === "second");
    const tookMs = performance.now() - sinceMs;
    assertGreaterOrEqual(tookMs, 2_900);
    // Without the question, 20 s of silence end a connection.
    assertLess(tookMs, 15_000);
    assertEquals([first.asked("ping").length, second.asked("resume").length], [1, 1]);
  });
});

processTest("RunningClient.hurry() stays with a node that answers", async () => {
  await using server = new ScriptedServer("only");
  await withConnected(server, async (face) => {
    const { model } = face.client;
    face.client.hurry();
    await eventually("the node was asked", () => server.asked("ping").length === 1);
    await new Promise((resolve) => setTimeout(resolve, 3_200));
    assertEquals([model.connection, server.asked("hello").length], [1, 1]);
  });
});

processTest("RunningClient asks nothing of a node before the outbox is kept", async () => {
  await using server = new ScriptedServer("only");
  await withConnected(server, async (face) => {
    const { model } = face.client;
    const { promise, resolve } = Promise.withResolvers<void>();
    face.saving = promise;
    face.send("one");
    face.send("two");
    await new Promise((next) => setTimeout(next, 100));
    assertEquals(server.asked("sendMessage"), []);
    face.saving = undefined;
    resolve();
    await eventually("both are stored", () => model.pending.size === 0);
    assertEquals(server.asked("sendMessage").map(({ content }) => content), ["one", "two"]);
  });
});

processTest("RunningClient sends once what waited for the outbox while the connection broke", async () => {
  await using server = new ScriptedServer("only");
  await withConnected(server, async (face) => {
    const { model } = face.client;
    const { promise, resolve } = Promise.withResolvers<void>();
    face.saving = promise;
    face.send("one");
    server.breakAll();
    await eventually("it is connected again", () => model.connection === 2);
    face.saving = undefined;
    resolve();
    await eventually("it is stored", () => model.pending.size === 0);
    assertEquals(server.asked("sendMessage").map(({ content }) => content), ["one"]);
  });
});
