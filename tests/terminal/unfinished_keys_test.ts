import { runClient } from "../io/client_process.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { Desk } from "./desk.ts";
import { type Person, type Size, terminalTest, Tmux } from "./tmux.ts";

const SIZE: Size = { columns: 80, rows: 14 };
/** Beginnings of keys that are never completed: Alt-[, Alt-Shift-O, a cut sequence, pasted text without its end. */
const UNFINISHED = ["\x1b[", "\x1bO", "\x1b[1;5", "\x1b[200~pasted"];

/** Pastes a text at a question, and ends the answer. */
async function answerByPaste(person: Person, question: RegExp, text: string): Promise<void> {
  await person.seesRow(question);
  await person.paste(text);
  await person.press("Enter");
}

terminalTest("no unfinished key holds up Ctrl-C", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  for (const [index, unfinished] of UNFINISHED.entries()) {
    await alice.type(`line ${index}`);
    await alice.seesRow(new RegExp(`^\\(no chat\\)> line ${index}$`));
    await alice.type(unfinished);
    await alice.press("C-c");
    await alice.seesRow(/^\(no chat\)>$/);
  }
});

terminalTest("a time ends pasted text without its end, and keys count again", async () => {
  await using desk = await Desk.set();
  await desk.alice.type("\x1b[200~pasted");
  await desk.alice.seesRow(/^\(no chat\)> pasted$/);
  await desk.alice.type("!");
  await desk.alice.seesRow(/^\(no chat\)> pasted!$/);
});

terminalTest("no unfinished key holds up Ctrl-C at a question for a password", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux();
  const flags = ["--server", `127.0.0.1:${server.port}`];
  for (const [index, unfinished] of UNFINISHED.entries()) {
    const person = await tmux.client(`person${index}`, SIZE, "", "--user", `person${index}`, ...flags);
    await person.seesRow(/choose a password:$/);
    await person.type(unfinished);
    await person.press("C-c");
    await person.seesRow(/^ended with 4$/);
    const script = await tmux.client(
      `script${index}`,
      SIZE,
      "",
      "run",
      "/dev/null",
      "--register",
      "--user",
      `s${index}`,
      ...flags,
    );
    await script.seesRow(/choose a password:$/);
    await script.type(unfinished);
    await script.press("C-c");
    await script.seesRow(/^ended with 4$/);
  }
});

terminalTest("a pasted password loses its line break, and one that no key types is refused", async () => {
  await using server = await ServerProcess.start();
  await using tmux = new Tmux();
  const flags = ["--server", `127.0.0.1:${server.port}`];
  const carol = await tmux.client("carol", SIZE, "", "--user", "carol", ...flags);
  await answerByPaste(carol, /choose a password:$/, "two\nlines of it");
  await carol.seesRow(/^!! a line break, a tab or another control character is in that password/);
  await answerByPaste(carol, /choose a password:$/, "correct horse\n");
  await answerByPaste(carol, /^the same password again:$/, "correct horse\n");
  await carol.seesRow(/^-- you are carol on node1; /);
  await Deno.writeTextFile(`${server.folder}/typed`, "correct horse\n", { mode: 0o600 });
  const { code, stderr } = await runClient(
    "/status\n",
    "run",
    "-",
    "--user",
    "carol",
    "--password-file",
    `${server.folder}/typed`,
    ...flags,
  );
  if (code !== 0) throw new Error(stderr);
});

terminalTest(
  "Alt-Enter breaks the line, tabs are spaces, and F1 of a Linux console types nothing",
  async () => {
    await using desk = await Desk.set();
    const { alice } = desk;
    await alice.enter("/chat alice");
    await alice.seesRow(/^alice>$/);
    await alice.type("\x1b[[A");
    await alice.type("one");
    await alice.type("\x1b\r");
    await alice.paste("a\tb");
    await alice.seesRow(/^alice> one↵a {3}b$/);
    await alice.press("Enter");
    await alice.seesRow(/^HH:MM #a1 = {2}alice> one$/);
    await alice.seesRow(/^ {6}\| a {7}b$/);
  },
);
