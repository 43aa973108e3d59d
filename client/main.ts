/**
 * The console client: reads the command line, puts the parts together, and runs them.
 *
 * @module
 */

import { exposedSecret } from "../common/exposed_secret.ts";
import { VERSION } from "../common/version.ts";
import type { Intake, Question } from "./core/model.ts";
import { CONSOLE_HANDLERS } from "./core/console_inputs.ts";
import type { Input } from "./core/inputs.ts";
import { isSecret } from "./core/questions.ts";
import { sameName } from "./core/messages.ts";
import { type KeptLogin, RunningClient } from "./link/running_client.ts";
import { SocketTransport } from "./net/socket_transport.ts";
import { type ClusterPlaces, DEFAULT_PORT, parseClusterConfig } from "./terminal/flags/places.ts";
import { readSettings, type Settings } from "./terminal/flags/settings.ts";
import { usageText } from "./terminal/flags/usage.ts";
import { askAtTerminal, firstLine, isStandardInput } from "./terminal/input.ts";
import { Interactive } from "./terminal/interactive.ts";
import { Script } from "./terminal/script.ts";
import { ScriptEnd } from "./terminal/script_end.ts";
import { exportAll, history, run, search, send, tail } from "./terminal/script_modes.ts";
import { reading, StartError } from "./terminal/start_error.ts";
import { SessionFile } from "./terminal/session_file.ts";
import { Terminal } from "./terminal/terminal.ts";
import { EXIT, type ExitStatus } from "./terminal/words/exit_status.ts";
import { cannotAskText, questionText, untypableText } from "./terminal/words/questions.ts";

const DEFAULT_CONFIG_FILE = "cluster_config.json";

async function main(args: readonly string[]): Promise<ExitStatus> {
  const start = readSettings(args, Date.now());
  if ("problem" in start) throw new StartError(`${start.problem}\n--help shows what there is`);
  if ("settings" in start) return await begin(start.settings);
  console.log(start.show === "version" ? `chat-client ${VERSION}` : usageText(start.mode));
  return EXIT.ok;
}

async function begin(settings: Settings): Promise<ExitStatus> {
  const atTerminal = Deno.stdin.isTerminal() && Deno.stdout.isTerminal();
  const interactive = settings.mode === "chat" && atTerminal && !settings.json && !settings.plain &&
    terminalName() !== "dumb";
  const { mode } = settings;
  const running = mode === "chat" || mode === "run";
  const receives = running || mode === "tail";
  const session = settings.sessionFile === undefined
    ? undefined
    : await SessionFile.open(settings.sessionFile, warn);
  const user = userOfSession(settings, session);
  const keep = session && ((login: KeptLogin): void => session.keep(login));
  const forget = session && ((): void => session.forget());
  const { places, cluster = session?.kept?.cluster } = await findPlaces(settings);
  const client = new RunningClient(
    {
      script: !interactive,
      receives,
      creates: settings.register || (mode === "chat" && Deno.stdin.isTerminal()),
      invitation: settings.invitation,
      peer: peerOf(settings),
      intake: intakeOf(settings),
    },
    { places, cluster, keep, forget },
    new SocketTransport({ tls: settings.tls, caCerts: await readCertificates(settings) }),
    CONSOLE_HANDLERS,
  );
  const password = await readPassword(settings);
  const login = { user, token: session?.kept?.token };
  if (!interactive) return await runScript(client, settings, login, password);
  const { timeoutMs } = settings;
  const face = new Interactive(client, new Terminal(terminalName()), {
    colours: !Deno.noColor,
    timeoutMs,
    password,
  });
  await face.run(user, login.token);
  return EXIT.ok;
}

/** The only user that a subcommand deals with; undefined if there may be others. */
function peerOf({ mode, words, from }: Settings): string | undefined {
  if (mode === "search") return from;
  return mode === "send" || mode === "history" ? words[0] : undefined;
}

/** The messages that `tail` takes; undefined if it takes all, and prints all other events too. */
function intakeOf({ mode, from, count }: Settings): Intake | undefined {
  if (mode !== "tail" || (from === undefined && count === Infinity)) return undefined;
  return { from, count };
}

/** The user of the command line, or of a kept session, which must be the same. */
function userOfSession(
  { user, sessionFile }: Settings,
  session: SessionFile | undefined,
): string | undefined {
  const kept = session?.kept?.user;
  if (user === undefined || kept === undefined || sameName(user, kept)) return user ?? kept;
  throw new StartError(`--session ${sessionFile} is of ${kept}, and --user is ${user}`);
}

async function runScript(
  client: RunningClient<Input>,
  settings: Settings,
  { user, token }: { readonly user: string | undefined; readonly token: string | undefined },
  password: string | undefined,
): Promise<ExitStatus> {
  const { json, timeoutMs, mode } = settings;
  const script = new Script(client, {
    json,
    timeoutMs,
    receives: mode === "tail",
    patient: mode === "tail" && !settings.hasTimeout,
    answer: (question) => answer(question, password),
  });
  // Not waited for at the end: an attempt to connect may last longer than the program should.
  void client.run(script);
  for (const [signal, status] of SIGNALS) {
    Deno.addSignalListener(signal, () => void script.interrupted(status));
  }
  try {
    client.dispatch({ kind: "start", user: await userOf(settings, user), token });
    await runMode(script, settings);
  } catch (error) {
    if (!(error instanceof ScriptEnd)) throw error;
    if (mode !== "send") script.quit();
    return script.status;
  } finally {
    await client.logOut();
    script.close();
  }
  return script.status;
}

/** The signals that end a script, with the status that each gives it. */
const SIGNALS: readonly (readonly [Deno.Signal, ExitStatus])[] = Deno.build.os === "windows"
  ? [["SIGINT", EXIT.interrupted], ["SIGBREAK", EXIT.interrupted], ["SIGHUP", EXIT.hangUp]]
  : [["SIGINT", EXIT.interrupted], ["SIGTERM", EXIT.terminated], ["SIGHUP", EXIT.hangUp]];

async function userOf({ mode }: Settings, user: string | undefined): Promise<string | undefined> {
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
    case "search":
      return await search(script, settings);
    case "tail":
      return await tail(script, settings);
    case "export":
      return await exportAll(script, settings);
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
  if (text === undefined) return { problem: "not answered, so nothing was done" };
  const problem = untypableText(question, text);
  return problem === undefined ? { text } : { problem };
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
  if (!isStandardInput(passwordFile)) await warnIfExposed(passwordFile);
  // A person types it unseen, once it is asked for.
  else if (Deno.stdin.isTerminal()) return undefined;
  return await reading("--password-file", passwordFile, firstLine, EXIT.login);
}

function warn(text: string): void {
  console.error(`chat-client: warning: ${text}`);
}

async function warnIfExposed(file: string): Promise<void> {
  try {
    const warning = exposedSecret(file, await Deno.stat(file));
    if (warning !== undefined) warn(warning);
  } catch {
    // Reading it is about to fail as well, and says why.
  }
}

/** The kind of the terminal: `dumb` if it knows no escape sequences, empty without the permission to look. */
function terminalName(): string {
  const { state } = Deno.permissions.querySync({ name: "env", variable: "TERM" });
  return state === "granted" ? Deno.env.get("TERM") ?? "" : "";
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
