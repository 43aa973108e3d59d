import { assert } from "@std/assert";
import { Desk } from "./desk.ts";
import { type Size, terminalTest, Tmux } from "./tmux.ts";

const WIDE: Size = { columns: 130, rows: 48 };

terminalTest(
  "a typo in /chat keeps the chat, and Alt-A opens the next one with unread messages",
  async () => {
    await using desk = await Desk.set("", WIDE);
    const { alice } = desk;
    await alice.type("\x1ba");
    await alice.seesRow(/^-- nothing else is unread$/);
    await alice.enter("/chat alice");
    await alice.seesRow(/^alice>$/);
    await alice.enter("/chat bbo");
    await alice.seesRow(/^!! there is no user "bbo"; /);
    await alice.seesRow(/^alice>$/);
    await desk.bobSends("hello");
    await alice.seesRow(/^alice \[1 unread: bob 1\]>$/);
    await alice.type("\x1ba");
    await alice.seesRow(/^bob>$/);
    await alice.seesRow(/^-- chat with bob$/);
  },
);

terminalTest("/help lists the keys, and a beginning that is not clear says between what", async () => {
  await using desk = await Desk.set("", WIDE);
  const { alice } = desk;
  await alice.enter("/h");
  await alice.seesRow(/^!! \/h can be \/history, \/help; /);
  await alice.enter("/help");
  await alice.seesRow(/^Keys: Tab completes; /);
  await alice.seesRow(/Alt-A opens the next unread chat/);
});

terminalTest("a name that cannot be one ends the program, which says why", async () => {
  await using tmux = new Tmux();
  const zoe = await tmux.client("zoe", WIDE, "", "--user", "Zoë", "--server", "127.0.0.1:1");
  await zoe.seesRow(
    /^!! "Zoë" cannot be a name: a name is 1 to 32 letters, digits, dots, hyphens and underscores/,
  );
  await zoe.seesRow(/^ended with 1$/);
  assert(!(await zoe.screen()).some((row) => row.includes("no node")));
});
