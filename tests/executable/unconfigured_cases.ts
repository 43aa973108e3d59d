/**
 * Tests of the executables without arguments and without a configuration; executables_test.ts runs them.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { type Size, Tmux } from "../terminal/tmux.ts";
import { DEFAULT_PORT, DEFAULT_WEB_PORT, OwnNetwork } from "../testing/own_network.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { whyNoTerminal } from "../testing/terminal_window.ts";
import { namesIn, TemporaryFolder } from "./temporary_folder.ts";
import { executableTest } from "./tested_executables.ts";

const SIZE: Size = { columns: 70, rows: 14 };

executableTest(
  "chat-server in an empty folder is a node that chat-client in another one finds",
  async ({ server, client }) => {
    await using network = await OwnNetwork.open();
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
    await using running = ServerProcess.spawnIn(folder, `${folder}/data/node1`, [...network.entry, server]);
    await running.waitFor(() => running.stdout.endsWith("/\n"));
    assertEquals(
      running.stdout,
      "there is no cluster_config.json here, so this is node1 on its own\n" +
        `node1 listens on 127.0.0.1:${DEFAULT_PORT}\nits data is in data/node1 (0 accounts, 0 messages)\n` +
        `its page is at http://127.0.0.1:${DEFAULT_WEB_PORT}/\n`,
    );

    await using elsewhere = await TemporaryFolder.make();
    await using tmux = new Tmux([...network.entry, client]);
    const alice = await tmux.client("alice", SIZE, `cd '${elsewhere.path}' &&`);
    await alice.sees("name:");
    await alice.enter("alice");
    await alice.sees("new account alice: choose a password:");
    await alice.enter(PASSWORD);
    await alice.sees("the same password again:");
    await alice.enter(PASSWORD);
    await alice.seesRow(/^-- you are alice on node1; /);
    await alice.enter("/chat alice");
    await alice.seesRow(/no messages yet$/);
    await alice.enter("a note to myself");
    await alice.sees(
      "-- you are alice on node1; /help lists the commands",
      "-- chat with alice: no messages yet",
      "-- DATE",
      "HH:MM #a1 =  alice> a note to myself",
      "alice>",
    );
    await alice.enter("/quit");
    await alice.seesRow(/^ended with 0$/);

    assertEquals((await running.stop()).code, 0, running.stderr);
    assertEquals(await namesIn(folder), ["data"]);
    assertEquals(await namesIn(`${folder}/data`), ["node1"]);
    assertEquals(await namesIn(elsewhere.path), []);
  },
  await whyNoTerminal() ?? await OwnNetwork.whyNot(),
);
