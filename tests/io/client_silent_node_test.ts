import { assertEquals, assertStringIncludes } from "@std/assert";
import { processTest } from "../testing/permissions.ts";
import { TcpProxy } from "../testing/tcp_proxy.ts";
import { clientCommand, ClientProcess } from "./client_process.ts";
import { Stage } from "./client_stage.ts";

/** Most connections that fill the queue of a listener. */
const QUEUE_MAX = 8_192;

/** Silence after which the queue counts as full, ms. */
const FULL_MS = 300;

/** A listener that accepts nobody. `await using` ends it. */
class DeafListener implements AsyncDisposable {
  readonly #listener = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  readonly #connections: Deno.Conn[] = [];
  /** The connection that finds the queue full. */
  #late: Promise<void> | undefined;

  /** Address of the listener. */
  get place(): string {
    return `127.0.0.1:${this.#listener.addr.port}`;
  }

  /** Fills the queue of the system, so that connections are not even begun; returns their number. */
  async fill(): Promise<number> {
    for (let i = 0; i < QUEUE_MAX; i++) {
      const connecting = Deno.connect({ hostname: "127.0.0.1", port: this.#listener.addr.port });
      this.#late = connecting.then((connection) => void this.#connections.push(connection), () => {});
      let timer: ReturnType<typeof setTimeout> | undefined;
      const full = new Promise<boolean>((resolve) => timer = setTimeout(resolve, FULL_MS, true));
      const isFull = await Promise.race([full, this.#late.then(() => false)]);
      clearTimeout(timer);
      if (isFull) return i;
    }
    throw new Error(`a listener took ${QUEUE_MAX} connections`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#listener.close();
    await this.#late;
    for (const connection of this.#connections) connection.close();
  }
}

/** A client that knows these places: alice sends, and bob gets what nobody else takes. */
function client(stage: Stage, places: string, ...words: readonly string[]): ClientProcess {
  const user = words[0] === "send" ? "alice" : "bob";
  const flags = ["--user", user, "--password-file", stage.passwordFile, "--server", places];
  return new ClientProcess(clientCommand(...words, ...flags));
}

processTest("the client goes on with another node where one says nothing", async () => {
  await using stage = await Stage.set("alice", "bob");
  const node = `127.0.0.1:${stage.server.port}`;
  await using silent = new DeafListener();
  await using full = new DeafListener();
  const queued = await full.fill();
  let served = 0;
  for (const places of [`${silent.place},${node}`, `${full.place},${silent.place},${node}`]) {
    await using send = client(stage, places, "send", "bob", `over ${places}`);
    const sent = await send.end();
    assertEquals([sent.code, sent.stderr], [0, ""]);
    await using tail = client(stage, places, "tail", "--count", "1");
    const got = await tail.end();
    assertEquals(got.code, 0, got.stderr);
    assertStringIncludes(got.stdout, `over ${places}`);
    served += 2;
  }
  console.log(
    `${served} clients served beside silent listeners, one with ${queued} connections in its queue`,
  );
});

processTest("the client says that its only node does not answer, and goes on when it does", async () => {
  await using stage = await Stage.set("alice", "bob");
  await using wire = new TcpProxy(stage.server.port);
  const place = `127.0.0.1:${wire.port}`;
  for (const words of [["send", "bob", "late"], ["tail", "--count", "1"]]) {
    wire.blackhole();
    await using waiting = client(stage, place, ...words, "--timeout", "60s");
    await waiting.until(/still trying\n/, "stderr");
    assertEquals(waiting.stderr, `-- no node is reachable: ${place} (no answer for 2 s); still trying\n`);
    wire.pass();
    const { code, stderr } = await waiting.end();
    // Said once, however long it takes.
    assertEquals([code, stderr.split("still trying").length], [0, 2], stderr);
  }
});
