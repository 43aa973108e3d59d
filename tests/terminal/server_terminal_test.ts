import { readAdminFile } from "../../server/admin/admin_file.ts";
import { eventually } from "../testing/eventually.ts";
import { freePort } from "../testing/free_port.ts";
import { isRunning } from "../testing/running_process.ts";
import { serverCommand } from "../testing/server_process.ts";
import { terminalTest } from "./tmux.ts";

/** Longer than a server waits for the signals that tell how its terminal ended, ms. */
const UNTIL_DECIDED_MS = 2_500;

/** No shell: the server is the only program of the terminal. */
const ALONE = "";
/** A shell at whose prompt the line is typed. */
const BASH = "bash --norc -i";

/** One way to start a server in a terminal, in which SERVER stands for its command line. */
interface Way {
  readonly shell: string;
  readonly line: string;
  /** A line that ends the shell instead of the terminal. */
  readonly ending?: string;
}

/** Servers in the foreground: with the terminal for all, some or one of the standard streams. */
const ENDED: Readonly<Record<string, readonly Way[]>> = {
  "the only program of the terminal": [
    { shell: ALONE, line: "SERVER" },
    { shell: ALONE, line: "SERVER 2> err.log" },
    { shell: ALONE, line: "SERVER > out.log 2> err.log" },
    { shell: ALONE, line: "sh -c 'SERVER 2> err.log; true'" },
  ],
  "at the prompt of a shell": [
    { shell: BASH, line: "SERVER" },
    { shell: BASH, line: "SERVER 2> err.log" },
    { shell: BASH, line: "SERVER < /dev/null 2> err.log" },
    { shell: "dash -i", line: "SERVER > out.log 2> err.log" },
  ],
  "under another program": [
    { shell: ALONE, line: "TASK 2> err.log" },
    { shell: BASH, line: "TASK > out.log 2> err.log" },
    { shell: BASH, line: "script -qc 'SERVER 2> err.log' /dev/null", ending: "KILL script" },
  ],
};

const OUTLIVES: Readonly<Record<string, readonly Way[]>> = {
  "in the background": [
    { shell: BASH, line: "SERVER &" },
    { shell: BASH, line: "SERVER > out.log 2>&1 &" },
    { shell: BASH, line: "TASK > out.log 2>&1 &" },
    { shell: "dash -i", line: "SERVER &" },
  ],
  "in the background of a shell that ends": [
    { shell: BASH, line: "SERVER &", ending: "exit" },
    { shell: "bash --norc -i -O huponexit -l", line: "SERVER 2> err.log &", ending: "exit" },
  ],
  "under nohup": [
    { shell: BASH, line: "nohup SERVER" },
    { shell: BASH, line: "nohup SERVER &" },
    { shell: ALONE, line: "nohup SERVER > out.log" },
    { shell: ALONE, line: "nohup SERVER < /dev/null > out.log 2> err.log" },
  ],
  "under setsid": [
    { shell: BASH, line: "setsid SERVER" },
    { shell: BASH, line: "setsid -w SERVER 2> err.log" },
  ],
};

for (const [place, ways] of Object.entries(ENDED)) {
  terminalTest(`a server stops in order when its terminal is closed: ${place}`, async () => {
    await onStages(ways, stopsInOrder);
  });
}

for (const [place, ways] of Object.entries(OUTLIVES)) {
  terminalTest(`a server outlives its terminal, and reloads: ${place}`, async () => {
    await onStages(ways, goesOn);
  });
}

async function stopsInOrder(stage: Stage): Promise<void> {
  await stage.close();
  await eventually("the node has closed its log", () => stage.hasStopped());
}

async function goesOn(stage: Stage): Promise<void> {
  await stage.close();
  await new Promise((resolve) => setTimeout(resolve, UNTIL_DECIDED_MS));
  Deno.kill(stage.pid, "SIGHUP");
  await new Promise((resolve) => setTimeout(resolve, UNTIL_DECIDED_MS));
  if (await stage.hasStopped()) throw new Error("the node has stopped");
  Deno.kill(stage.pid, "SIGTERM");
  await eventually("the node has closed its log", () => stage.hasStopped());
}

/** Acts on all at the same time, and fails once all are over. */
async function onStages(ways: readonly Way[], act: (stage: Stage) => Promise<void>): Promise<void> {
  const ends = await Promise.allSettled(ways.map((way) => onStage(way, act)));
  for (const end of ends) if (end.status === "rejected") throw end.reason;
}

async function onStage(way: Way, act: (stage: Stage) => Promise<void>): Promise<void> {
  try {
    await using stage = await Stage.start(way);
    await act(stage);
  } catch (cause) {
    const { shell, line, ending = "the terminal is closed" } = way;
    throw new Error(`${shell} ${line}; ${ending}: ${cause}`, { cause });
  }
}

/** A server in a terminal of its own. `await using` ends both. */
class Stage implements AsyncDisposable {
  readonly #socket = `chat-server-test-${crypto.randomUUID()}`;
  readonly #folder: string;
  readonly #way: Way;
  /** Process id of the server. */
  pid = 0;

  private constructor(folder: string, way: Way) {
    this.#folder = folder;
    this.#way = way;
  }

  /** Starts the terminal, and waits until the server runs. */
  static async start(way: Way): Promise<Stage> {
    const folder = await Deno.makeTempDir({ prefix: "chat-server-test-" });
    const stage = new Stage(folder, way);
    try {
      await stage.#start();
      return stage;
    } catch (error) {
      await stage[Symbol.asyncDispose]();
      throw error;
    }
  }

  async #start(): Promise<void> {
    const { shell, line } = this.#way;
    const settings = new URL("../../deno.json", import.meta.url).pathname;
    const task = `${Deno.execPath()} task --config=${settings} server`;
    const config = `${this.#folder}/cluster_config.json`;
    const node = { name: "node1", tcp: { host: "127.0.0.1", port: 7_000 }, grpc: { port: freePort() } };
    await Deno.writeTextFile(config, JSON.stringify({ cluster: "test", nodes: [node] }));
    const flags = `--config=${config} --port=0 --data=${this.#data}`;
    const command = line.replace("SERVER", `${serverCommand().join(" ")} ${flags}`)
      .replace("TASK", `${task} ${flags}`);
    await Deno.writeTextFile(`${this.#folder}/line.sh`, command);
    const inFolder = ["new-session", "-d", "-c", this.#folder];
    if (shell === ALONE) await this.#tmux(...inFolder, command);
    else {
      await this.#tmux(...inFolder, shell);
      await eventually(
        "the shell has a prompt",
        async () => /[$#] *$/m.test(await this.#tmux("capture-pane", "-p")),
      );
      await this.#tmux("send-keys", `. ./line.sh`, "Enter");
    }
    await eventually("the node runs", async () => {
      const admin = await readAdminFile(this.#data);
      this.pid = admin?.pid ?? 0;
      return admin !== undefined;
    });
  }

  get #data(): string {
    return `${this.#folder}/data`;
  }

  /** Closes the terminal, or ends the program in it that the test names. */
  async close(): Promise<void> {
    const { ending } = this.#way;
    if (ending === undefined) await this.#tmux("kill-session");
    else if (ending.startsWith("KILL")) Deno.kill(await ancestor(this.pid, "script"), "SIGKILL");
    else await this.#tmux("send-keys", ending, "Enter");
  }

  /** True once the server has written its last entry. */
  async hasStopped(): Promise<boolean> {
    const log = await Deno.readTextFile(`${this.#data}/log/00000001.jsonl`);
    return log.includes('"type":"nodeStopped"');
  }

  async #tmux(...args: readonly string[]): Promise<string> {
    const command = new Deno.Command("tmux", { args: ["-L", this.#socket, "-f", "/dev/null", ...args] });
    return new TextDecoder().decode((await command.output()).stdout);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#tmux("kill-server");
    try {
      if (this.pid !== 0) Deno.kill(this.pid, "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
    await eventually("the server is gone", async () => this.pid === 0 || !await isRunning(this.pid));
    await Deno.remove(this.#folder, { recursive: true });
  }
}

/** The nearest process above another that runs a program. */
async function ancestor(pid: number, program: string): Promise<number> {
  const args = ["-o", "ppid=,comm=", "-p", `${pid}`];
  const { stdout } = await new Deno.Command("ps", { args }).output();
  const [parent, name] = new TextDecoder().decode(stdout).trim().split(/\s+/);
  return name === program ? pid : await ancestor(Number(parent), program);
}
