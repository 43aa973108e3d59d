import { assertEquals } from "@std/assert";
import { PASSWORD } from "../io/client_process.ts";
import { eventually } from "../testing/eventually.ts";
import { isRunning } from "../testing/running_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { Desk, SIZE, WELCOME } from "./desk.ts";
import { Person, terminalTest, Tmux } from "./tmux.ts";

terminalTest("keys edit the line, search and complete", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.enter("/node");
  await alice.type("/hel");
  await alice.press("Tab");
  await alice.type("sta");
  await alice.press("Tab");
  await alice.seesRow(/^\(no chat\)> \/help status$/);
  await alice.press("C-w", "C-u");
  await alice.press("Up");
  await alice.seesRow(/^\(no chat\)> \/node$/);
  await alice.press("C-u", "C-r");
  await alice.type("no");
  await alice.seesRow(/^\(search no\)> \/node$/);
  await alice.press("C-c");
  await alice.type("one two");
  await alice.press("Left", "Left", "Left");
  await alice.type("and ");
  await alice.press("Home");
  await alice.type("> ");
  await alice.seesRow(/^\(no chat\)> > one and two$/);
});

terminalTest("pasted line breaks do not send anything, and the last one is not sent", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.enter("/chat alice");
  await alice.paste("one\ntwo\n");
  await alice.sees(WELCOME, "-- chat with alice: no messages yet", "alice> one↵two↵");
  await alice.press("Enter");
  await alice.sees(
    WELCOME,
    "-- chat with alice: no messages yet",
    "-- DATE",
    "HH:MM #a1 =  alice> one",
    "      | two",
    "alice>",
  );
});

terminalTest("Ctrl-C clears the line and a second one quits; the terminal is given back", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.type("not to be sent");
  await alice.press("C-c");
  await alice.sees(WELCOME, "(no chat)>");
  await alice.press("C-c");
  await alice.sees(WELCOME, "ended with 0", " icanon", " echo");
});

terminalTest("Ctrl-D on an empty line quits", async () => {
  await using desk = await Desk.set();
  await desk.alice.press("C-d");
  await desk.alice.sees(WELCOME, "ended with 0", " icanon", " echo");
});

terminalTest("a signal ends the client and gives the terminal back", async () => {
  for (const signal of ["TERM", "HUP"] as const) {
    await using desk = await Desk.set();
    await desk.alice.type("half a line");
    await desk.alice.signal(signal);
    await desk.alice.sees(WELCOME, "ended with 0", " icanon", " echo");
  }
});

terminalTest("another size of the terminal keeps lines, the line being typed, and marks right", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.type("something that is being typed and wraps on a narrow terminal");
  await alice.resize({ columns: 40, rows: 10 });
  await alice.sees(
    "-- you are alice on node1; /help lists",
    "        the commands",
    "(no chat)> something that is being typed",
    " and wraps on a narrow terminal",
  );
  await desk.bobSends("hi");
  await alice.sees(
    "-- you are alice on node1; /help lists",
    "        the commands",
    "-- DATE",
    "HH:MM #a1 bob> hi",
    "(no chat) [1 unread: bob 1]> something t",
    "hat is being typed and wraps on a narrow",
    " terminal",
  );
  await alice.resize({ columns: 80, rows: 12 });
  await alice.sees(
    WELCOME,
    "-- DATE",
    "HH:MM #a1 bob> hi",
    "(no chat) [1 unread: bob 1]> something that is being typed and wraps on a narrow",
    " terminal",
  );
});

terminalTest("received text moves, rings, colours and reorders nothing", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.type("being typed");
  await desk.bobSends("\x1b[2J\x1b[H\x07\x1b[31mred\u202e\rX\x9b5A");
  await alice.sees(
    WELCOME,
    "-- DATE",
    "HH:MM #a1 bob> \\u{1b}[2J\\u{1b}[H\\u{7}\\u{1b}[31mred\\u{202e}\\u",
    "        {d}X\\u{9b}5A",
    "(no chat) [1 unread: bob 1]> being typed",
  );
});

terminalTest("a message outside the chat rings and names the window; one in the chat does not", async () => {
  await using desk = await Desk.set();
  const { tmux } = desk;
  await tmux.run("set-option", "-g", "monitor-bell", "on");
  await tmux.run("new-window", "-d", "-t", "alice", "sleep 600");
  await tmux.run("select-window", "-t", "alice:1");
  const shows = async (expected: string): Promise<void> => {
    const format = "#{window_bell_flag} #{pane_title}";
    await eventually(`bell and title are ${expected}`, async () => {
      return (await tmux.run("display-message", "-p", "-t", "alice:0", format)).trim() === expected;
    });
  };
  await tmux.run("send-keys", "-t", "alice:0", "/chat bob", "Enter");
  const bob = new Person(tmux, "alice:0");
  await bob.seesRow(/^bob>$/);
  await desk.bobSends("in the chat");
  await bob.seesRow(/in the chat$/);
  await shows("0 bob");
  await tmux.run("send-keys", "-t", "alice:0", "/chat alice", "Enter");
  await bob.seesRow(/^alice>$/);
  await desk.bobSends("outside");
  await bob.seesRow(/outside$/);
  await shows("1 (1) alice");
});

terminalTest("colours only add, and NO_COLOR takes them away", async () => {
  for (const [environment, coloured] of [["env -u NO_COLOR", true], ["NO_COLOR=1", false]] as const) {
    await using desk = await Desk.set(environment);
    const screen = (await desk.alice.screen("-e")).join("\n");
    assertEquals(screen.includes("\x1b["), coloured, environment);
  }
});

terminalTest("a dumb terminal, or --plain, gets lines and no escape sequence", async () => {
  for (const [environment, ...flags] of [["TERM=dumb"], ["", "--plain"]]) {
    await using server = await ServerProcess.start();
    await using tmux = new Tmux();
    const address = `127.0.0.1:${server.port}`;
    const alice = await tmux.client("alice", SIZE, environment ?? "", "--server", address, ...flags);
    await alice.seesRow(/^name:$/);
    await alice.enter("alice");
    await alice.seesRow(/^new account alice: choose a password:$/);
    await alice.enter(PASSWORD);
    await alice.seesRow(/^the same password again:$/);
    await alice.enter(PASSWORD);
    await alice.seesRow(/^-- you are alice/);
    await alice.enter("/msg alice hi");
    await alice.seesRow(/^HH:MM #a1 = alice to alice> hi$/);
    await alice.press("C-d");
    await alice.seesRow(/^ended with 0$/);
    assertEquals((await alice.screen("-e")).join("\n").includes("\x1b"), false);
  }
});

terminalTest("a client that finds no node says which it tried, and ends", async () => {
  await using tmux = new Tmux();
  const nowhere = ["--server", "127.0.0.1:1", "--timeout", "3s"];
  const alice = await tmux.client("alice", { columns: 90, rows: 10 }, "", ...nowhere);
  await alice.sees(
    "-- no node is reachable: 127.0.0.1:1 (connection refused); still trying",
    "!! no node is reachable: 127.0.0.1:1 (connection refused); start one with chat-server, or",
    "        name one with --server HOST:PORT",
    "ended with 3",
    " icanon",
    " echo",
  );
});

terminalTest("the client ends when its terminal is gone", async () => {
  await using desk = await Desk.set();
  const pid = await desk.alice.pid();
  await desk.tmux.run("kill-server");
  await eventually("the process ends", async () => !await isRunning(pid));
});
