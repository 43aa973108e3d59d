import { assert, assertEquals, assertMatch } from "@std/assert";
import { eventually } from "../testing/eventually.ts";
import { LongLog } from "../testing/long_log.ts";
import { QUICK, serverCommand } from "../testing/server_process.ts";
import { TerminalWindow } from "../testing/terminal_window.ts";
import { terminalTest } from "./tmux.ts";

/** Entries of the log: a replay of some seconds. */
const ENTRIES = 600_000;

/** The bar, as a whole row. */
const BAR = /^reading the log \[#*-*\] (\d+) %: \d+ of \d+ MiB, [\d,]+ entries(, .* left)?$/m;

terminalTest(
  "a server shows a bar on its terminal while it replays a long log, and takes it away",
  async () => {
    await using log = await LongLog.write(ENTRIES);
    const config = `${log.data}/cluster_config.json`;
    const node = { name: "node1", tcp: { host: "127.0.0.1", port: 7_000 }, grpc: { port: 7_100 } };
    await Deno.writeTextFile(config, JSON.stringify({ cluster: "test", ...QUICK, nodes: [node] }));
    const flags = [`--config=${config}`, `--data=${log.data}`, "--port=0"];
    await using screen = await TerminalWindow.open(serverCommand(...flags).join(" "), log.data);
    const percents = new Set<number>();
    let text = "";
    await eventually("the server listens", async () => {
      text = await screen.text();
      const percent = BAR.exec(text)?.[1];
      if (percent !== undefined) percents.add(Number(percent));
      return text.includes("its data is in");
    }, 300_000);
    const shown = [...percents];
    console.log(`the bar was seen at ${shown.join(", ")} %`);
    assert(shown.length >= 2, text);
    assertEquals(shown, shown.toSorted((a, b) => a - b));
    assertMatch(text, /^node1 listens on 127\.0\.0\.1:\d+$/m);
    assertEquals(text.includes("reading the log"), false, text);
    await screen.press("C-c");
    await eventually("the server has stopped", async () => (await screen.text()).includes("stopped"));
  },
);
