/**
 * The console client: reads the command line, puts the parts together, and runs them.
 *
 * @module
 */

import { exposedSecret } from "../common/exposed_secret.ts";
import { VERSION } from "../common/version.ts";
import type { Question } from "./core/model.ts";
import { isSecret } from "./core/questions.ts";
import { RunningClient } from "./net/running_client.ts";
import { type ClusterPlaces, DEFAULT_PORT, parseClusterConfig } from "./terminal/flags/places.ts";
import { readSettings, type Settings } from "./terminal/flags/settings.ts";
import { usageText } from "./terminal/flags/usage.ts";
import { askAtTerminal, firstLine } from "./terminal/input.ts";
import { Interactive } from "./terminal/interactive.ts";
import { Script, ScriptEnd } from "./terminal/script.ts";
import { history, run, send, tail } from "./terminal/script_modes.ts";
import { reading, StartError } from "./terminal/start_error.ts";
import { Terminal } from "./terminal/terminal.ts";
import { EXIT, type ExitStatus } from "./terminal/words/exit_status.ts";
import { cannotAskText, questionText } from "./terminal/words/questions.ts";

const DEFAULT_CONFIG_FILE = "cluster_config.json";

async function main(args: readonly string[]): Promise<ExitStatus> {
  const start = readSettings(args);
  if ("problem" in start) throw new StartError(`${start.problem}\n--help shows what there is`);
  if ("settings" in start) return await begin(start.settings);
  console.log(start.show === "version" ? `chat-client ${VERSION}` : usageText(start.mode));
  return EXIT.ok;
}

async function begin(settings: Settings): Promise<ExitStatus> {
  const atTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const interactive = settings.mode === "chat" && atTerminal && !settings.json && !settings.plain &&
    !isDumb();
  const { mode } = settings;
  const running = mode === "chat" || mode === "run";
  const receives = running || mode === "tail";
  const client = new RunningClient(
    {
      script: !interactive,
      receives,
      creates: settings.register || (running && Deno.stdin.isTerminal()),
      peer: receives ? undefined : settings.words[0],
    },
    await findPlaces(settings),
    { tls: settings.tls, caCerts: await readCertificates(settings) },
  );
  const password = await readPassword(settings);
  if (!interactive) return await runScript(client, settings, password);
  const face = new Interactive(client, new Terminal(), !Deno.noColor, settings.timeoutMs, password);
  await face.run(settings.user);
  return EXIT.ok;
}

async function runScript(
  client: RunningClient,
  settings: Settings,
  password: string | undefined,
): Promise<ExitStatus> {
  const { json, timeoutMs, mode } = settings;
  const script = new Script(client, {
    json,
    timeoutMs,
    patient: mode === "tail",
    answer: (question) => answer(question, password),
  });
  const running = client.run(script);
  try {
    client.dispatch({ kind: "start", user: await userOf(settings) });
    await runMode(script, settings);
  } catch (error) {
    if (!(error instanceof ScriptEnd)) throw error;
    return error.status;
  } finally {
    script.close();
    await running;
  }
  return script.status;
}

async function userOf({ user, mode }: Settings): Promise<string | undefined> {
  if (user !== undefined || mode === "run") return user;
  if (!Deno.stdin.isTerminal()) {
    if (mode === "chat") return undefined;
    throw new StartError(`${mode} needs --user NAME`);
  }
  return await askAtTerminal("name: ", false);
}

async function runMode(script: Script, settings: Settings): Promise<void> {
  switch (settings.mode) {
    case "send":
      return await send(script, settings);
    case "history":
      return await history(script, settings);
    case "tail":
      return await tail(script);
    case "run":
    case "chat":
      return await run(script, settings, settings.words[0] ?? "-");
  }
}

/** Answers for a script: from the password file, or from the person at the terminal. */
async function answer(
  question: Question,
  password: string | undefined,
): ReturnType<Script["options"]["answer"]> {
  if (isSecret(question) && password !== undefined) return { text: password };
  if (!Deno.stdin.isTerminal()) return { problem: cannotAskText(question) };
  const text = await askAtTerminal(questionText(question), isSecret(question));
  return text === undefined ? { problem: "not answered, so nothing was done" } : { text };
}

async function findPlaces({ places, configFile, tls }: Settings): Promise<ClusterPlaces> {
  if (places !== undefined) return { places };
  const file = configFile ?? DEFAULT_CONFIG_FILE;
  if (configFile === undefined && !await isThere(file)) {
    return { places: [{ host: "127.0.0.1", port: DEFAULT_PORT }] };
  }
  const text = await reading("the configuration", file, Deno.readTextFile);
  const parsed = parseClusterConfig(text, tls);
  if ("problem" in parsed) {
    throw new StartError(`${file}: ${parsed.problem}; --server HOST:PORT names a node`);
  }
  return parsed;
}

async function isThere(file: string): Promise<boolean> {
  try {
    await Deno.lstat(file);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

async function readCertificates({ caFile }: Settings): Promise<readonly string[]> {
  return caFile === undefined ? [] : [await reading("--ca", caFile, Deno.readTextFile)];
}

async function readPassword({ passwordFile }: Settings): Promise<string | undefined> {
  if (passwordFile === undefined) return undefined;
  await warnIfExposed(passwordFile);
  return await reading("--password-file", passwordFile, firstLine, EXIT.login);
}

async function warnIfExposed(file: string): Promise<void> {
  try {
    const warning = exposedSecret(file, await Deno.stat(file));
    if (warning !== undefined) console.error(`chat-client: warning: ${warning}`);
  } catch {
    // Reading it is about to fail as well, and says why.
  }
}

/** True if the terminal knows no escape sequences; without the permission to look, it counts as one that does. */
function isDumb(): boolean {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" && Deno.env.get("TERM") === "dumb";
}

/** Prints the fault, and ends the program. */
function fail(error: unknown): never {
  const expected = error instanceof StartError;
  try {
    console.error(expected ? `chat-client: ${error.message}` : error);
  } finally {
    // The program ends as well if the terminal is gone, and nobody can be told.
    Deno.exit(expected ? error.status : EXIT.internal);
  }
}

if (import.meta.main) {
  // A fault in a timer, a push or a key ends the program with the same statuses.
  // It is printed after all listeners have run: one of them gives the terminal back.
  globalThis.addEventListener("unhandledrejection", (event) => {
    event.preventDefault();
    setTimeout(fail, 0, event.reason);
  });
  globalThis.addEventListener("error", (event) => {
    event.preventDefault();
    setTimeout(fail, 0, event.error);
  });
  try {
    Deno.exit(await main(Deno.args));
  } catch (error) {
    fail(error);
  }
}
