import { assertEquals, assertGreaterOrEqual, assertLess, assertMatch, assertRejects } from "@std/assert";
import { CONSOLE_HANDLERS } from "../../client/core/console_inputs.ts";
import type { Failure } from "../../client/core/failures.ts";
import type { Input } from "../../client/core/inputs.ts";
import type { Item } from "../../client/core/items.ts";
import type { TriedPlace } from "../../client/core/node_list.ts";
import type { Notice } from "../../client/core/notices.ts";
import { isSettled } from "../../client/core/update.ts";
import { NodeConnection } from "../../client/link/node_connection.ts";
import { type Face, RunningClient } from "../../client/link/running_client.ts";
import { SocketTransport } from "../../client/net/socket_transport.ts";
import { runLine } from "../../client/terminal/commands/commands.ts";
import { failureText } from "../../client/terminal/words/failures.ts";
import { noticeText } from "../../client/terminal/words/notices.ts";
import { searchText } from "../../client/terminal/words/places.ts";
import { ScriptedServer } from "./client_scripted_server.ts";

const OPTIONS = { script: false, receives: true, creates: false };
const NO_TLS = new SocketTransport({ tls: false, caCerts: [] });

const { state } = Deno.permissions.querySync({ name: "net", host: "127.0.0.1" });

function netTest(name: string, run: () => Promise<void>): void {
  const reason = state === "granted"
    ? ""
    : " (ignored: needs the permission net, which deno task test gives)";
  Deno.test({ name: `${name}${reason}`, ignore: state !== "granted", fn: run });
}

/** A face of the client that remembers everything shown, and waits for things. */
class Witness implements Face {
  readonly items: Item[] = [];
  readonly notices: string[] = [];
  readonly problems: string[] = [];
  #check: () => void = () => {};

  show = (item: Item): void => void this.items.push(item);
  notice = (notice: Notice): void => void this.notices.push(noticeText(notice));
  fail = (failure: Failure): void => void this.notices.push(failureText(failure));
  searching = (tried: readonly TriedPlace[]): void => {
    this.problems.push(searchText(tried));
    this.#check();
  };
  refresh = (): void => {};
  ring = (): void => {};
  leave = (): void => {};
  updated = (): void => this.#check();

  /** Waits until a condition holds, at most a minute. */
  async until(what: string, condition: () => boolean): Promise<void> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const expired = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`waited in vain until ${what}`)), 60_000);
    });
    const held = new Promise<void>((resolve) => {
      this.#check = () => condition() && resolve();
      this.#check();
    });
    try {
      await Promise.race([held, expired]);
    } finally {
      clearTimeout(timer);
    }
  }
}

/** A client of alice in a chat with bob, until `use` is done. */
async function withClient(
  ports: readonly number[],
  use: (client: RunningClient<Input>, witness: Witness) => Promise<void>,
): Promise<void> {
  const client = new RunningClient(
    OPTIONS,
    { places: ports.map((port) => ({ host: "127.0.0.1", port })) },
    NO_TLS,
    CONSOLE_HANDLERS,
  );
  const witness = new Witness();
  const running = client.run(witness);
  try {
    client.dispatch({ kind: "start", user: "alice" });
    await witness.until("a password is asked for", () => client.model.question !== undefined);
    client.dispatch({ kind: "answer", text: "password" });
    await witness.until(
      "alice is logged in",
      () => client.model.loggedIn && client.model.pending.size === 0,
    );
    await use(client, witness);
  } finally {
    client.close();
    await running;
  }
}

function type(client: RunningClient<Input>, text: string): string {
  const id = crypto.randomUUID();
  for (const outcome of runLine(client.model, text, { id, timestamp: 1 })) {
    if (outcome.kind === "input") client.dispatch(outcome.input);
  }
  return id;
}

netTest(
  "RunningClient goes on with another node, and sends what was under way under the same id",
  async () => {
    await using second = new ScriptedServer("second");
    await using first = new ScriptedServer(
      "first",
      ({ name }) => name === "sendMessage" ? "break" : undefined,
    );
    await withClient([first.port, second.port], async (client, witness) => {
      const id = type(client, "/msg bob hello");
      await witness.until("the message is stored", () => client.model.pending.size === 0);
      assertEquals(second.asked("resume"), [{ token: "the token" }]);
      assertEquals(first.asked("sendMessage"), [{ to: "bob", content: "hello", id }]);
      assertEquals(second.asked("sendMessage"), [{ to: "bob", content: "hello", id }]);
      assertEquals(client.model.messages.get(id)?.status, "unread");
      assertEquals(witness.notices.slice(-2), [
        "lost first (the node closed the connection); looking for a node",
        "connected to second",
      ]);
    });
  },
);

netTest(
  "RunningClient sends a message once for each connection, however often the connection breaks",
  async () => {
    let breaks = 4;
    await using server = new ScriptedServer(
      "only",
      ({ name }) => name === "sendMessage" && breaks-- > 0 ? "break" : undefined,
    );
    await withClient([server.port], async (client, witness) => {
      const id = type(client, "/msg bob hello");
      await witness.until("the message is stored", () => client.model.pending.size === 0);
      assertEquals(server.asked("sendMessage").map((each) => each.id), Array(5).fill(id));
      assertEquals(client.model.messages.size, 1);
    });
  },
);

netTest("RunningClient does not wait for a node that accepts and says nothing", async () => {
  await using silent = new ScriptedServer("silent", () => "nothing");
  await using second = new ScriptedServer(
    "second",
    ({ name }) => name === "sendMessage" ? "break" : undefined,
  );
  await using third = new ScriptedServer("third");
  await withClient([second.port, silent.port, third.port], async (client, witness) => {
    const startMs = performance.now();
    type(client, "/msg bob hello");
    await witness.until("the message is stored", () => client.model.pending.size === 0);
    const ms = performance.now() - startMs;
    assertEquals(witness.notices.at(-1), "connected to third");
    assertEquals([silent.asked("hello").length, third.asked("sendMessage").length], [1, 1]);
    // After two seconds of silence, a node is given up.
    assertLess(ms, 1_900);
  });
});

netTest("RunningClient queues while no node is there, and says where it looked", async () => {
  const server = new ScriptedServer("only");
  const { port } = server;
  await withClient([port], async (client, witness) => {
    await server[Symbol.asyncDispose]();
    await witness.until("the connection is gone", () => client.model.node === undefined);
    const id = type(client, "/msg bob hello");
    await witness.until("it looked for a node", () => witness.problems.length > 0);
    assertEquals(witness.problems[0], `no node is reachable: 127.0.0.1:${port} (connection refused)`);
    await using again = new ScriptedServer("only", undefined, port);
    await witness.until("the message is stored", () => client.model.pending.size === 0);
    assertEquals(again.asked("sendMessage").map((each) => each.id), [id]);
    client.close();
  });
});

netTest("RunningClient waits longer and longer for a node that breaks every connection", async () => {
  await using server = new ScriptedServer("only", ({ name }) => name === "startLogin" ? "break" : undefined);
  const client = new RunningClient(
    OPTIONS,
    { places: [{ host: "127.0.0.1", port: server.port }] },
    NO_TLS,
    CONSOLE_HANDLERS,
  );
  const witness = new Witness();
  const startMs = performance.now();
  const running = client.run(witness);
  client.dispatch({ kind: "start", user: "alice" });
  await witness.until("it came for the fourth time", () => server.asked("startLogin").length === 4);
  // Half of 200, 400 and 800 ms: the other half is chance.
  assertGreaterOrEqual(performance.now() - startMs, 690);
  client.close();
  await running;
});

netTest("RunningClient leaves a node that is closing", async () => {
  await using second = new ScriptedServer("second");
  await using first = new ScriptedServer("first");
  await withClient([first.port, second.port], async (client, witness) => {
    await first.push({ name: "closing", payload: { reason: "maintenance", nodes: [] } });
    await witness.until("it is at the other node", () => client.model.node?.name === "second");
    assertEquals(witness.notices.filter((notice) => /closing|lost/.test(notice)), [
      "lost first (maintenance); looking for a node",
    ]);
  });
});

netTest("/node goes on with the node of that name", async () => {
  await using second = new ScriptedServer("second");
  const nodes = (
    name: string,
    ports: readonly number[],
  ): readonly { name: string; host: string; port: number }[] =>
    ports.map((port, i) => ({ name: i === 0 ? name : "second", host: "127.0.0.1", port }));
  await using first: ScriptedServer = new ScriptedServer(
    "first",
    ({ name }) =>
      name !== "hello" ? undefined : {
        name: "welcome",
        payload: {
          version: 2,
          server: "scripted",
          node: "first",
          cluster: "test",
          nodes: nodes("first", [first.port, second.port]),
          limits: new Map(),
        },
      },
  );
  await withClient([first.port], async (client, witness) => {
    type(client, "/node second");
    const there = (): boolean => client.model.node?.name === "second" && client.model.loggedIn;
    await witness.until("it is at the other node", there);
    assertEquals(second.asked("resume").length, 1);
    assertEquals(witness.notices.filter((notice) => notice.startsWith("lost")), [
      "lost first (going on with second); looking for a node",
    ]);
  });
});

netTest("RunningClient shows a push that comes byte by byte, once, and confirms it", async () => {
  await using server = new ScriptedServer("only");
  await withClient([server.port], async (client, witness) => {
    const message = {
      id: crypto.randomUUID(),
      timestamp: 1,
      sender: "bob",
      recipient: "alice",
      content: "hi",
      status: "unread",
    } as const;
    await server.push({ name: "message", payload: message });
    await server.push({ name: "message", payload: message });
    await witness.until("it is confirmed", () => witness.items.length > 0 && isSettled(client.model));
    assertEquals(witness.items.filter((item) => item.kind === "message").length, 1);
    assertEquals(server.asked("confirmDelivery"), [{ ids: [message.id] }]);
    assertEquals(server.asked("readMessages"), []);
  });
});

netTest("NodeConnection.open() says HELLO first, and gives up on who does not understand it", async () => {
  await using server = new ScriptedServer("only", () => ({
    name: "error",
    payload: { code: "version-unknown", message: "version 2 is unknown here" },
  }));
  const place = { host: "127.0.0.1", port: server.port };
  const error = await assertRejects(() => NodeConnection.open(place, NO_TLS, () => {}), Error);
  assertEquals(error.message, "version 2 is unknown here");
  const [hello] = server.asked("hello");
  assertEquals(hello?.version, 2);
  assertMatch(hello?.client ?? "", /^chat-client\/\d+\.\d+\.\d+/);
});
