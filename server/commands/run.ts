/**
 * The command `run`: starts a node and stops it at a signal.
 *
 * @module
 */

import { counted } from "../../common/counted.ts";
import { grouped } from "../../common/protocol/cluster_status.ts";
import { PROGRAM } from "../cli/help.ts";
import { type RunCommand, USAGE_STATUS } from "../cli/command.ts";
import { problemsAtStart } from "../certificates/check_certificates.ts";
import { problemsOfRenewal, validityOnDisk } from "../certificates/validity_on_disk.ts";
import { exposedKeys } from "../certificates/exposed_keys.ts";
import { chooseNode } from "../config/choose_node.ts";
import { CONFIG_FILE } from "../config/configuration.ts";
import { planReload } from "../config/reload.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import {
  defaultDataFolder,
  type NodeConfiguration,
  refusalToListen,
  shownAddress,
  warningsOf,
  withoutWeb,
  withTcpPort,
  withWebPort,
} from "../config/node_configuration.ts";
import { makeStandardErrorLogger, type StandardErrorLogger } from "../diagnostics/standard_error_logger.ts";
import type { RunningNode } from "../process/running_node.ts";
import { outliveFileSizeLimit } from "../process/file_size_limit.ts";
import { onHangUp } from "../process/hang_up.ts";
import { ShutdownSignals } from "../process/shutdown_signals.ts";
import { startNode } from "../process/start_node.ts";
import type { Logger } from "../ports/outside.ts";
import type { LogProgress } from "../process/log_progress.ts";
import { systemClock, systemTimers } from "../process/system_ports.ts";
import { print } from "./print.ts";
import { StartReport } from "./start_report.ts";
import { FAILURE_STATUS } from "./speak.ts";

/** Interval of the warnings of certificates that expire, ms. */
const DAY_MS = 86_400_000;

/** A node and its configuration file, which is `undefined` for the built-in configuration. */
interface ChosenToRun {
  readonly node: NodeConfiguration;
  readonly file: string | undefined;
  /** True if the command line names the node. */
  readonly isNamed: boolean;
}

/** Runs a node until a signal ends it; returns the exit status. */
export async function runCommand(command: RunCommand): Promise<number> {
  const chosen = await choose(command);
  if ("problems" in chosen) return await refuse(chosen.problems, USAGE_STATUS);
  const certificateProblems = await problemsAtStart(chosen.node);
  if (certificateProblems.length > 0) return await refuse(certificateProblems, FAILURE_STATUS);
  const diagnostics = makeStandardErrorLogger(
    chosen.node.name,
    command.logLevel,
    systemClock,
    systemTimers,
  );
  // Listens before the first output, whose reader may stop or reload the node at once.
  const signals = new ShutdownSignals();
  outliveFileSizeLimit();
  const started = Promise.withResolvers<RunningNode>();
  let { file } = chosen;
  onHangUp({
    reload: async () => {
      file = await reload(file, await started.promise, diagnostics.logger);
      await warnOfCertificates(chosen.node, diagnostics.logger);
    },
    terminalGone: () => signals.stop(),
  });
  for (const warning of warningsOf(chosen.node)) diagnostics.logger.warn("configuration", { warning });
  const lookAtCertificates = (): Promise<void> => warnOfCertificates(chosen.node, diagnostics.logger);
  await lookAtCertificates();
  Deno.unrefTimer(setInterval(lookAtCertificates, DAY_MS));
  for (const warning of await exposedKeys([chosen.node])) diagnostics.logger.warn("exposedKey", { warning });
  const data = command.data ?? defaultDataFolder(chosen.node.name);
  let running: RunningNode;
  try {
    running = await start(chosen, data, command, signals, diagnostics);
    started.resolve(running);
  } catch (error) {
    if (error === STOPPED) return await stoppedEarly(diagnostics);
    await diagnostics.flush();
    return await refuse([error instanceof Error ? error.message : String(error)], FAILURE_STATUS);
  }
  if (!signals.isStopping) await announce(announcement(chosen, running, data), diagnostics.logger);
  // Only debug: the lines above are the same for people.
  diagnostics.logger.debug("started", { port: running.port, data, ...running.counts() });
  return await untilStopped(running, signals, diagnostics);
}

/** Thrown by a start that a signal ends. */
const STOPPED = new Error("the node is stopped before it has started");

/** Starts the node with its progress on standard error. @throws {Error} `STOPPED`, if a signal comes first */
async function start(
  { node: configuration, file }: ChosenToRun,
  data: string,
  { alone: servesAlone, verify: verifies, webPort }: RunCommand,
  signals: ShutdownSignals,
  { logger, level, statusLine }: StandardErrorLogger,
): Promise<RunningNode> {
  const stop = new AbortController();
  void signals.first.then(() => stop.abort(STOPPED));
  const report = new StartReport({ logger, statusLine, columns: terminalColumns });
  const progress = (so: LogProgress): void => report.show(so);
  const replayed = (): void => void report.end();
  try {
    const { signal } = stop;
    const options = { configuration, data, logger, level, servesAlone, verifies, signal, progress, replayed };
    // Nobody asked for the page by name: it must not keep a node from starting that ran without one.
    const isPageOptional = file === undefined && webPort === undefined;
    return await startNode({ ...options, isPageOptional, loadsArchive: true });
  } finally {
    await report.end();
  }
}

/** The width of the terminal; 80 if it cannot be told, as of one that was just closed. */
function terminalColumns(): number {
  try {
    return Deno.consoleSize().columns;
  } catch {
    return 80;
  }
}

/** Says that the start was ended by a signal, which has changed nothing; returns the exit status. */
async function stoppedEarly({ logger, flush }: StandardErrorLogger): Promise<number> {
  logger.info("stopped", { clean: true, reason: "a signal came before the node had read its log" });
  await flush();
  return 0;
}

/** Prints the problems that keep the node from starting; returns the exit status. */
async function refuse(problems: readonly string[], status: number): Promise<number> {
  await print(Deno.stderr, problems.map((problem) => `${PROGRAM}: ${problem}`).join("\n"));
  return status;
}

/** Warns of the node's certificates that have expired or expire soon. */
async function warnOfCertificates(node: NodeConfiguration, logger: Logger): Promise<void> {
  const { problems, warnings } = await validityOnDisk([node], systemClock.wallMs());
  for (const warning of [...problems, ...warnings]) logger.warn("certificate", { warning });
}

/** Prints a text. A terminal that is closed during the start, or a full disk, does not end a node that runs. */
async function announce(text: string, logger: Logger): Promise<void> {
  try {
    await print(Deno.stdout, text);
  } catch (error) {
    logger.warn("notPrinted", { text, problem: error instanceof Error ? error.message : String(error) });
  }
}

/** Lines with addresses and data folder, after a line for a node that the command line does not name. */
function announcement(chosen: ChosenToRun, running: RunningNode, data: string): string {
  return `${unchosen(chosen)}${place(chosen, running)}\n${contents(running, data)}`;
}

/** The reason for the choice of this node, if the command line does not name it and others exist. */
function unchosen({ node, file, isNamed }: ChosenToRun): string {
  if (file === undefined) return `there is no ${CONFIG_FILE} here, so this is ${node.name} on its own\n`;
  if (isNamed || node.peers.length === 0) return "";
  return `no --node is given, so this is ${node.name}, the first one of ${file}\n`;
}

function contents(running: RunningNode, data: string): string {
  const { accounts, messages, residentMessages } = running.counts();
  const resident = residentMessages < messages ? `, ${grouped(residentMessages)} in memory` : "";
  const page = running.page?.hasFiles ? `\nits page is at ${running.page.url}` : "";
  return `its data is in ${data} (${counted(accounts, "account")}, ${
    counted(messages, "message")
  }${resident})${page}`;
}

function place({ node }: ChosenToRun, running: RunningNode): string {
  if (node.archive) return `${node.name} keeps everything and serves no clients`;
  const plain = shownAddress({ host: node.tcp.host, port: running.port });
  const tls = node.tls && running.tlsPort !== undefined
    ? `, with TLS on ${shownAddress({ host: node.tls.host, port: running.tlsPort })}`
    : "";
  return `${node.name} listens on ${plain}${tls}`;
}

/**
 * Takes over the changes of the configuration that need no restart.
 *
 * @param file the file in use; `undefined` if there has been none
 * @returns the file in use from now on: once there was one, its loss does not bring the built-in one back
 */
async function reload(
  file: string | undefined,
  running: RunningNode,
  logger: Logger,
): Promise<string | undefined> {
  running.descriptors.look();
  const loaded = await loadConfiguration(file);
  if (loaded.file === undefined) {
    logger.info("reloaded", { unchanged: `there is still no ${CONFIG_FILE}` });
    return undefined;
  }
  const plan = planReload(running.openConfiguration, loaded);
  if ("problems" in plan) {
    const next = "nothing was changed; mend the file and send SIGHUP again";
    for (const problem of plan.problems) logger.error("notReloaded", { file: loaded.file, problem, next });
    return file;
  }
  for (const ignored of plan.ignored) logger.warn("notReloaded", { file: loaded.file, ignored });
  const certificateProblems = await problemsOfRenewal(running.configuration, systemClock.wallMs());
  try {
    await running.reload({ ...plan, certificateProblems }, logger);
    logger.info("reloaded", { file: loaded.file, peers: plan.peers.map(({ name }) => name).join(", ") });
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    logger.error("notReloaded", { file: loaded.file, problem });
  }
  return loaded.file;
}

/** Waits for a signal, the end of a drain or a fault, and stops the node; returns the exit status. */
async function untilStopped(
  running: RunningNode,
  signals: ShutdownSignals,
  diagnostics: StandardErrorLogger,
): Promise<number> {
  const { damage } = running.verification;
  const end = await Promise.race([
    running.fault.then((fault) => ({ fault, damage: undefined })),
    damage.then((damage) => ({ damage, fault: undefined })),
    signals.first.then(() => undefined),
    running.observed.draining.over.then(() => undefined),
  ]);
  if (end?.fault !== undefined) {
    diagnostics.logger.error("fault", { error: end.fault.message });
    await diagnostics.flush();
    return FAILURE_STATUS;
  }
  diagnostics.logger.info("stopping", running.counts());
  const clean = await Promise.race([running.stop(), signals.second.then(() => false)]);
  diagnostics.logger.info("stopped", { clean });
  await diagnostics.flush();
  if (end !== undefined) return await refuse([end.damage.message], FAILURE_STATUS);
  return clean ? 0 : FAILURE_STATUS;
}

/** The node to run, chosen by configuration and command line. */
async function choose(
  command: RunCommand,
): Promise<ChosenToRun | { readonly problems: readonly string[] }> {
  const loaded = await loadConfiguration(command.config);
  const found = chooseNode(loaded, command.node);
  if ("problems" in found) return found;
  const node = withFlags(found.node, command);
  const refusal = refusalToListen(node);
  if (refusal !== undefined) return { problems: [refusal] };
  return { node, file: loaded.file, isNamed: command.node !== undefined };
}

/** The node with the changes of the command line. */
function withFlags(
  node: NodeConfiguration,
  { port, webPort, insecure, clusterKey = node.clusterKeyFile, unprovenPeers }: RunCommand,
): NodeConfiguration {
  const changed = {
    ...node,
    insecure: node.insecure || insecure,
    clusterKeyFile: clusterKey,
    takesUnproven: unprovenPeers,
  };
  const onPort = port === undefined ? changed : withTcpPort(changed, port);
  if (webPort === undefined) return onPort;
  return webPort === "none" ? withoutWeb(onPort) : withWebPort(onPort, webPort);
}
