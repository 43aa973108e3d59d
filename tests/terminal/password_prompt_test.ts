import { assert } from "@std/assert";
import { serverCommand, ServerProcess } from "../testing/server_process.ts";
import { TestClient } from "../testing/test_client.ts";
import { type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 120, rows: 24 };
const PASSWORD = "a wide secret";

terminalTest("users add takes a password that nobody sees, and leaves the terminal as it was", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux(serverCommand());
  const operator = await tmux.client("operator", SIZE, "", "users", "add", "ann", "--data", server.data);
  await operator.seesRow(/^New password of ann:$/);
  await operator.type(`${PASSWORD}x`);
  await operator.enter("\x7f");
  await operator.seesRow(/^The same again:$/);
  await operator.enter(PASSWORD);
  await operator.seesRow(/^ann was made; on the disks of 1 of 1 node$/);
  await operator.seesRow(/^ended with 0$/);
  const screen = (await operator.screen()).join("\n");
  assert(!screen.includes("secret"), screen);
  // The setting of the terminal, without a hyphen before it: letters are echoed again.
  assert(!screen.includes("-echo") && !screen.includes("-icanon"), screen);
  await using _ann = await TestClient.login(server.port, "ann", PASSWORD);
});

terminalTest("users add changes nothing if the passwords differ, or the person gives up", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux(serverCommand());
  const add = ["users", "add", "ann", "--data", server.data];
  const hasty = await tmux.client("hasty", SIZE, "", ...add);
  await hasty.seesRow(/^New password of ann:$/);
  await hasty.enter(PASSWORD);
  await hasty.seesRow(/^The same again:$/);
  await hasty.enter(`${PASSWORD}!`);
  await hasty.seesRow(/^chat-server: the two passwords differ; nothing was changed$/);
  const timid = await tmux.client("timid", SIZE, "", ...add);
  await timid.seesRow(/^New password of ann:$/);
  await timid.press("C-c");
  await timid.seesRow(/^chat-server: no password was given; nothing was changed$/);
  await timid.seesRow(/^ended with 1$/);
});

terminalTest("users delete asks for the name again", async () => {
  await using server = await ServerProcess.start();
  await using _ann = await TestClient.login(server.port, "ann");
  await using tmux = new Tmux(serverCommand());
  const remove = ["users", "delete", "ann", "--data", server.data];
  const unsure = await tmux.client("unsure", SIZE, "", ...remove);
  await unsure.seesRow(
    /^Deletes ann with every message from and to them, for good\. The name again, to go on:/,
  );
  await unsure.enter("no");
  await unsure.seesRow(/^chat-server: ann was not deleted$/);
  const sure = await tmux.client("sure", SIZE, "", ...remove);
  await sure.seesRow(/^Deletes ann /);
  await sure.enter("Ann");
  await sure.seesRow(/^ann is deleted, with all messages; 1 session ended here; /);
});
