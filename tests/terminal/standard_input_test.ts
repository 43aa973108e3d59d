import { eventually } from "../testing/eventually.ts";
import { Person, terminalTest, Tmux } from "./tmux.ts";

const CHILD = new URL("./standard_input_child.ts", import.meta.url).pathname;

terminalTest(
  "standardInput() of Windows reads every letter of a terminal, and goes on where it stopped",
  async () => {
    await using tmux = new Tmux([Deno.execPath(), "run", "--no-prompt", CHILD]);
    const person: Person = await tmux.client("alice", { columns: 60, rows: 14 }, "");
    const sees = (text: string): Promise<void> =>
      eventually(`${text} is on the screen`, async () => (await person.screen()).includes(text));
    await sees("reads keys");
    await person.enter("zażółć 日本 🦄");
    await sees('keys "zażółć 日本 🦄\\r"');
    await sees("reads a line");
    await person.enter("größer");
    await sees('line "größer\\n"');
    await sees("ended with 0");
  },
);
