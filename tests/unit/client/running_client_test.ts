import { assertEquals } from "@std/assert";
import { type KeptLogin, RunningClient } from "../../../client/link/running_client.ts";
import type { Transport } from "../../../client/link/transport.ts";
import type { Welcome } from "../../../client/core/model.ts";
import { HANDLERS } from "../../../client/core/update.ts";
import { VirtualTimers } from "../../testing/virtual_timers.ts";

Deno.test("RunningClient.dispatch() keeps a login when it has changed", () => {
  const kept: KeptLogin[] = [];
  const client = new RunningClient(
    { script: false, receives: true, creates: false, saves: true },
    { places: [], keep: (login) => kept.push(login) },
    {} as Transport,
    HANDLERS,
  );
  const { model } = client;
  model.node = { name: "node1", welcome: { cluster: "home" } as Welcome };
  const enter = (name: string, token: string | undefined, id?: string): void => {
    model.account = { name, id, token, cluster: "home" };
    model.loggedIn = token !== undefined;
    for (let i = 0; i < 3; i++) client.dispatch({ kind: "closeChat" });
  };
  enter("alice", "one");
  enter("alice", "two");
  enter("alice~node2", "two");
  enter("alice~node2", undefined);
  enter("alice~node2", "two");
  enter("alice~node2", "two", "a11ce");
  const told = kept.map(({ user, token, account = "" }) => `${user} ${token} ${account}`.trim());
  assertEquals(told, [
    "alice one",
    "alice two",
    "alice~node2 two",
    "alice~node2 two",
    "alice~node2 two a11ce",
  ]);
  console.log(`${told.length} of 18 inputs kept a login`);
});

Deno.test("RunningClient has one timer for a refused login, however often the person presses", () => {
  const timers = new VirtualTimers();
  const { setTimeout: set, clearTimeout: clear } = globalThis;
  Object.assign(globalThis, { setTimeout: timers.set, clearTimeout: timers.clear });
  try {
    const client = new RunningClient(
      { script: false, receives: true, creates: false },
      { places: [] },
      {} as Transport,
      HANDLERS,
    );
    const nodes: Welcome["nodes"] = [];
    const welcome = { version: 2, node: "node1", cluster: "home", nodes } as unknown as Welcome;
    client.dispatch({ kind: "start", user: "alice", token: "t" });
    client.dispatch({ kind: "connected", welcome });
    const payload = { code: "too-many-sessions", message: "10 sessions are open" } as const;
    for (let presses = 0; presses < 10; presses++) {
      client.dispatch({ kind: "reply", serial: 1, reply: { name: "error", payload } });
      assertEquals([client.model.pending.isUnderWay("resume"), timers.size], [false, 1]);
      client.dispatch({ kind: "wakeUp" });
      assertEquals(client.model.pending.isUnderWay("resume"), true);
    }
    client.close();
    assertEquals(timers.size, 0);
  } finally {
    Object.assign(globalThis, { setTimeout: set, clearTimeout: clear });
  }
});

Deno.test("RunningClient.dispatch() forgets a kept login when its account is left, or is about to be", () => {
  const told: string[] = [];
  const client = new RunningClient(
    { script: true, receives: true, creates: false },
    { places: [], keep: ({ token }) => told.push(token), forget: () => told.push("forgotten") },
    {} as Transport,
    HANDLERS,
  );
  const { model } = client;
  const next = (): string[] => {
    client.dispatch({ kind: "closeChat" });
    return told.splice(0);
  };
  client.dispatch({ kind: "start", user: "alice", token: "one" });
  assertEquals(next(), [], "the account of a kept login is not left at the start");
  model.node = { name: "node1", welcome: { cluster: "home" } as Welcome };
  model.account = { name: "alice", id: undefined, token: "one", cluster: "home" };
  model.loggedIn = true;
  assertEquals(next(), ["one"]);
  client.dispatch({ kind: "disconnected", reason: "connection reset" });
  assertEquals(next(), []);
  client.dispatch({ kind: "logout" });
  assertEquals(told.splice(0), ["forgotten"], "although a program waits for the answer");
  model.pending.drop("logout");
  model.node = { name: "node1", welcome: { cluster: "home" } as Welcome };
  model.loggedIn = true;
  assertEquals(next(), ["one"], "a log out that was refused");
  model.forgotten++;
  model.account = undefined;
  model.loggedIn = false;
  assertEquals(next(), ["forgotten"]);
  assertEquals(next(), []);
});
