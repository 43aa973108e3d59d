/**
 * A Prometheus that scrapes nodes, with the rules of the project.
 *
 * @module
 */

import { PROJECT } from "../documents/project_files.ts";
import { freePort } from "./free_port.ts";
import { OtherProgram, whyNoProgram } from "./other_program.ts";

const FOLDER = new URL("packaging/prometheus/", PROJECT);

/** The files of the project, by their names. */
export const PROMETHEUS_FILES = { configuration: "prometheus.yml", alerts: "alerts.yml" } as const;

/** One file of the project. */
export async function prometheusFile(name: keyof typeof PROMETHEUS_FILES): Promise<string> {
  return await Deno.readTextFile(new URL(PROMETHEUS_FILES[name], FOLDER));
}

/** The reason why a program of Prometheus cannot run here; `undefined` if it can. */
export async function whyWithout(program: "prometheus" | "promtool"): Promise<string | undefined> {
  const problem = await whyNoProgram(program, "--version");
  return problem && `${problem}, of the package prometheus`;
}

/** A sample of a query: its labels and its value. */
export interface Queried {
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Prometheus as a process of its own. `await using` ends it. */
export class Prometheus implements AsyncDisposable {
  readonly #port: number;
  readonly #program: OtherProgram;

  private constructor(port: number, program: OtherProgram) {
    this.#port = port;
    this.#program = program;
  }

  /**
   * Starts it with the project's configuration, and waits until it is ready.
   *
   * @param targets the addresses of the nodes, in place of those in the file
   * @throws {Error} with everything that it said, if it ends instead
   */
  static async start(targets: readonly string[]): Promise<Prometheus> {
    const folder = await Deno.makeTempDir({ prefix: "chat-prometheus-test-" });
    const port = freePort();
    const configured = (await prometheusFile("configuration"))
      .replace(/( +- \d+(?:\.\d+){3}:\d+\n)+/, targets.map((target) => `          - ${target}\n`).join(""))
      .replaceAll("15s", "1s");
    await Deno.writeTextFile(`${folder}/${PROMETHEUS_FILES.configuration}`, configured);
    await Deno.writeTextFile(`${folder}/${PROMETHEUS_FILES.alerts}`, await prometheusFile("alerts"));
    const args = [
      `--config.file=${folder}/${PROMETHEUS_FILES.configuration}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const program = await OtherProgram.start("prometheus", { folder, args, isReady: () => isReady(port) });
    return new Prometheus(port, program);
  }

  /** The samples of a query at this moment. @throws {Error} if it is none */
  async query(query: string): Promise<readonly Queried[]> {
    const body = new URLSearchParams({ query });
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/query`, { method: "POST", body });
    const { status, data, error } = await response.json();
    if (status !== "success") throw new Error(`${query}: ${error}`);
    return data.result.map(({ metric, value }: { metric: Queried["labels"]; value: [number, string] }) => ({
      labels: metric,
      value: Number(value[1]),
    }));
  }

  /** The names of all rules, with their states. */
  async rules(): Promise<ReadonlyMap<string, string>> {
    const response = await fetch(`http://127.0.0.1:${this.#port}/api/v1/rules`);
    const { data } = await response.json();
    const rules: { readonly name: string; readonly state: string; readonly health: string }[] = data.groups
      .flatMap(({ rules }: { rules: unknown[] }) => rules);
    return new Map(rules.map(({ name, state, health }) => [name, `${health} ${state}`]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#program[Symbol.asyncDispose]();
  }
}

async function isReady(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/-/ready`);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
