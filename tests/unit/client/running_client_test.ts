import { assertEquals } from "@std/assert";
import { type KeptLogin, RunningClient } from "../../../client/link/running_client.ts";
import type { Transport } from "../../../client/link/transport.ts";
import type { Welcome } from "../../../client/core/model.ts";
import { HANDLERS } from "../../../client/core/update.ts";

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
  const enter = (name: string, token: string | undefined): void => {
    model.account = { name, id: undefined, token, cluster: "home" };
    model.loggedIn = token !== undefined;
    for (let i = 0; i < 3; i++) client.dispatch({ kind: "closeChat" });
  };
  enter("alice", "one");
  enter("alice", "two");
  enter("alice~node2", "two");
  enter("alice~node2", undefined);
  enter("alice~node2", "two");
  const told = kept.map(({ user, token }) => `${user} ${token}`);
  assertEquals(told, ["alice one", "alice two", "alice~node2 two", "alice~node2 two"]);
  console.log(`${told.length} of 15 inputs kept a login`);
});
