import { PASSWORD } from "../io/client_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 60, rows: 16 };

async function registered(tmux: Tmux, name: string, port: number, size = SIZE): Promise<Person> {
  const person = await tmux.client(name, size, "", "--server", `127.0.0.1:${port}`);
  await person.sees("name:");
  await person.enter(name);
  await person.sees(`new account ${name}: choose a password:`);
  await person.enter(PASSWORD);
  await person.sees("the same password again:");
  await person.enter(PASSWORD);
  await person.sees(`-- you are ${name} on node1; /help lists the commands`, "(no chat)>");
  return person;
}

terminalTest("two people talk, from their accounts to the deletion of one", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux();
  const alice = await registered(tmux, "alice", server.port);
  const bob = await registered(tmux, "bob", server.port);

  const draft = "a draft of bob that is long enough to take more than one row of his screen";
  await bob.type(draft);
  await alice.enter("/chat bob");
  await alice.seesRow(/no messages yet$/);
  await alice.enter("hello bob");
  await bob.sees(
    "-- you are bob on node1; /help lists the commands",
    "-- DATE",
    "HH:MM #a1 alice> hello bob",
    "(no chat) [1 unread: alice 1]> a draft of bob that is long e",
    "nough to take more than one row of his screen",
  );
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- chat with bob: no messages yet",
    "-- DATE",
    "HH:MM #a1 ++ alice> hello bob",
    "bob>",
  );

  // The mark changes where the line stands, below which a long line is being typed.
  await alice.type("a draft of alice, which is also longer than one row of the screen");
  await bob.press("C-u");
  await bob.enter("/c alice");
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- chat with bob: no messages yet",
    "-- DATE",
    "HH:MM #a1 =  alice> hello bob",
    "bob> a draft of alice, which is also longer than one row of",
    "the screen",
  );
  await bob.enter("hi alice, \u6f22\u5b57");
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- chat with bob: no messages yet",
    "-- DATE",
    "HH:MM #a1 =  alice> hello bob",
    "HH:MM #a2 bob> hi alice, 漢字",
    "bob> a draft of alice, which is also longer than one row of",
    "the screen",
  );
  await bob.seesRow(/^HH:MM #a2 = {2}bob> hi alice, 漢字$/);

  await alice.press("C-u");
  await alice.enter("/delete #a1");
  await alice.seesRow(/^HH:MM #a1 = {2}alice> \(deleted\)$/);
  await bob.sees(
    "-- you are bob on node1; /help lists the commands",
    "-- DATE",
    "HH:MM #a1 alice> (deleted)",
    "-- chat with alice",
    "HH:MM #a1 alice> (deleted)",
    "HH:MM #a2 =  bob> hi alice, 漢字",
    "alice>",
  );

  await alice.enter("/delete-account");
  await alice.seesRow(/^type the name of the account to delete it:/);
  await alice.enter("alice");
  await alice.seesRow(/^your password:$/);
  await alice.enter(PASSWORD);
  await alice.seesRow(/^-- the account alice and all its messages are gone$/);
  await bob.seesRow(/^-- the account alice was deleted, with every message from$/);
  await bob.seesRow(/^HH:MM #a2 = {2}bob> \(deleted\)$/);
  await bob.seesRow(/^alice \(gone\)>$/);
  await alice.enter("/quit");
  await alice.seesRow(/^ended with 0$/);
  await alice.seesRow(/^ echo$/);
});

terminalTest("the node dies and comes back: what was typed meanwhile is sent once", async () => {
  await using folder = await ServerProcess.start();
  const { port, data } = folder;
  await using tmux = new Tmux();
  const alice = await registered(tmux, "alice", port, { columns: 80, rows: 16 });
  await alice.enter("/chat alice");
  await alice.seesRow(/no messages yet$/);
  await folder.kill();
  await alice.seesRow(/^offline: alice \(reconnecting\)>$/);
  await alice.enter("first");
  await alice.enter("second");
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- chat with alice: no messages yet",
    "-- lost node1 (REASON); looking for a node",
    "-- DATE",
    "HH:MM #a1 .  alice> first",
    "HH:MM #a2 .  alice> second",
    "offline: alice (reconnecting, 2 queued)>",
  );
  await using _again = await ServerProcess.start({ port, data });
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "-- chat with alice: no messages yet",
    "-- lost node1 (REASON); looking for a node",
    "-- DATE",
    "HH:MM #a1 =  alice> first",
    "HH:MM #a2 =  alice> second",
    "-- connected to node1",
    "alice>",
  );
});

terminalTest(
  "a mark of a line that wraps, and of one above it, changes in place on a full screen",
  async () => {
    await using server = await ServerProcess.start();
    await using tmux = new Tmux();
    const alice = await registered(tmux, "alice", server.port);
    await alice.enter("/chat alice");
    for (let i = 1; i <= 20; i++) await alice.enter(`message ${i} ${"x".repeat(45)}`);
    const rows = Array.from({ length: 7 }, (_, i) => {
      const number = i + 14;
      const id = number < 19 ? `b${number - 9}` : `c${number - 18}`;
      return [`HH:MM #${id} =  alice> message ${number}`, `        ${"x".repeat(45)}`];
    });
    await alice.sees(`        ${"x".repeat(45)}`, ...rows.flat(), "alice>");
  },
);

terminalTest("a list says who comes and goes, until a chat is opened", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux();
  const alice = await registered(tmux, "alice", server.port);
  const bob = await registered(tmux, "bob", server.port);
  const carol = await registered(tmux, "carol", server.port);
  await alice.enter("/users b*");
  await alice.seesRow(/^bob +online$/);
  await bob.enter("/quit");
  await alice.seesRow(/^-- bob is offline$/);
  await carol.enter("/quit");
  await alice.enter("/chat bob");
  await alice.seesRow(/no messages yet$/);
  await registered(tmux, "dave", server.port);
  // bob has never written to her: the chat is open.
  const again = await tmux.client("again", SIZE, "", "--server", `127.0.0.1:${server.port}`);
  await again.sees("name:");
  await again.enter("bob");
  await again.sees("password for bob:");
  await again.enter(PASSWORD);
  await alice.sees(
    "-- you are alice on node1; /help lists the commands",
    "bob                  online",
    "-- bob is offline",
    "-- chat with bob: no messages yet",
    "-- bob is online",
    "bob>",
  );
});
