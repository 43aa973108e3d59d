import { assert, assertEquals } from "@std/assert";
import { eventually, NETWORK, rawFrame, TestClient } from "./net_harness.ts";

const MAY_RUN = (await Deno.permissions.query({ name: "run" })).state === "granted";
const POSSIBLE = NETWORK && MAY_RUN && Deno.build.os === "linux";
const CHILD = new URL("./net_full_table_child.ts", import.meta.url).pathname;

/** Open files of the server: fewer than the connections. */
const OPEN_FILES = 60;

Deno.test({
  name: "Listener goes on after the process had too many files open" +
    (POSSIBLE ? "" : " (ignored: needs Linux, --allow-net and --allow-run)"),
  ignore: !POSSIBLE,
  async fn(): Promise<void> {
    const command = `ulimit -n ${OPEN_FILES}; exec "$0" run --no-prompt --allow-net "$1"`;
    const child = new Deno.Command("sh", { args: ["-c", command, Deno.execPath(), CHILD], stdout: "piped" })
      .spawn();
    let output = "";
    const reading = child.stdout.pipeThrough(new TextDecoderStream())
      .pipeTo(new WritableStream({ write: (text) => void (output += text) }));
    await eventually(() => output.includes("\n"));
    const port = Number(/^port (\d+)$/m.exec(output)?.[1]);
    const clients: TestClient[] = [];
    for (let i = 0; i < OPEN_FILES + 20; i++) {
      clients.push(new TestClient(await Deno.connect({ hostname: "127.0.0.1", port })));
    }
    await eventually(() => output.includes("acceptFailed"));
    for (const client of clients) client[Symbol.dispose]();
    using last = new TestClient(await Deno.connect({ hostname: "127.0.0.1", port }));
    await last.send(rawFrame(7));
    assertEquals((await last.receive())?.type, 7);
    assert(/acceptFailed .*Too many open files.*ulimit -n/.test(output), output);
    child.kill();
    await Promise.all([child.status, reading]);
  },
});
