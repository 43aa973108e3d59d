/**
 * The command `import`.
 *
 * @module
 */

import { type ImportCommand, USAGE_STATUS } from "../cli/command.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder, type NodeConfiguration } from "../config/node_configuration.ts";
import { accountId, RANDOM_BYTES } from "../core/identity.ts";
import { importReport } from "../import/import_report.ts";
import { type InputLine, LineSplitter } from "../import/line_splitter.ts";
import { type Finding, OriginalImport } from "../import/original_import.ts";
import { OriginalNames } from "../import/original_names.ts";
import { makeStandardErrorLogger } from "../diagnostics/standard_error_logger.ts";
import { hashDamage } from "../core/accounts/bcrypt_hash.ts";
import { sha256, systemClock, systemRandom, systemTimers } from "../process/system_ports.ts";
import { fail, FAILURE_STATUS, printVisibly } from "./speak.ts";
import { OfflineLog } from "./offline_log.ts";

/** Longest line of a file, bytes: room for some 200,000 accounts on one line. */
const LINE_BYTES_MAX = 16 * 1_024 * 1_024;

const CHUNK_BYTES = 65_536;

/** Imports files of the original server; returns the exit status: 1 if an item was refused. */
export async function importCommand(command: ImportCommand): Promise<number> {
  const { config, node: name } = command;
  const chosen = chooseNode(await loadConfiguration(config), name);
  if ("problems" in chosen) return await fail(chosen.problems.join("; "), USAGE_STATUS);
  try {
    for (const file of command.files) await checkReadable(file);
    return await importInto(chosen.node, command.data ?? defaultDataFolder(chosen.node.name), command);
  } catch (error) {
    return await fail(error);
  }
}

/** @throws {Error} if the file cannot be read, before anything is changed */
async function checkReadable(path: string): Promise<void> {
  try {
    using file = await Deno.open(path);
    await file.read(new Uint8Array(1));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`${path} cannot be read, and nothing was imported: ${reason}`, { cause: error });
  }
}

async function importInto(node: NodeConfiguration, data: string, command: ImportCommand): Promise<number> {
  const diagnostics = makeStandardErrorLogger(node.name, "warn", systemClock, systemTimers);
  const log = new OfflineLog(node, data, diagnostics.logger);
  let result: OriginalImport;
  try {
    result = await importAll(node, log, command);
  } finally {
    await log.close();
    await diagnostics.flush();
  }
  await printVisibly(Deno.stdout, importReport(result, data));
  return result.isComplete ? 0 : FAILURE_STATUS;
}

/** Reads all files twice, because a message can stand before the account of its sender. */
async function importAll(
  { limits }: NodeConfiguration,
  log: OfflineLog,
  { files, renames }: ImportCommand,
): Promise<OriginalImport> {
  const names = new OriginalNames(log.state, renames ?? new Map());
  const result = new OriginalImport({
    state: log.state,
    limits,
    names,
    accountId: (name) => accountId(name, sha256, systemRandom.bytes(RANDOM_BYTES.account)),
    hashDamage,
    apply: (event) => log.apply(event),
  });
  await eachLine(files, log, (line) => "text" in line ? result.takeAccounts(line.text) : []);
  await printProposals(names.proposals());
  await eachLine(
    files,
    log,
    (line) => "text" in line ? result.takeMessages(line.text) : [result.refuseLine(line.problem)],
  );
  result.finish();
  await log.flush();
  const unused = names.unused.map((flag) => `warning: ${flag}: nobody in the files has that name`);
  if (unused.length > 0) await printVisibly(Deno.stderr, unused.join("\n"));
  return result;
}

/** Prints the flags with which the accounts can be imported whose names were refused. */
async function printProposals(flags: readonly string[]): Promise<void> {
  if (flags.length === 0) return;
  const lines = ["under these names they can be imported, in place of others that you choose:", ...flags];
  await printVisibly(Deno.stderr, lines.join("\n"));
}

/** Passes all lines of all files to `take`, and prints what it finds. */
async function eachLine(
  files: readonly string[],
  log: OfflineLog,
  take: (line: InputLine) => readonly Finding[],
): Promise<void> {
  for (const path of files) {
    for await (const line of linesOf(path)) {
      const found = take(line).map(({ isProblem, text }) =>
        `${isProblem ? "" : "warning: "}${path}, line ${line.number}: ${text}`
      );
      if (found.length > 0) await printVisibly(Deno.stderr, found.join("\n"));
      if (log.isDue) await log.flush();
    }
  }
}

async function* linesOf(path: string): AsyncGenerator<InputLine> {
  using file = await Deno.open(path);
  const splitter = new LineSplitter(LINE_BYTES_MAX);
  const buffer = new Uint8Array(CHUNK_BYTES);
  for (let count = await file.read(buffer); count !== null; count = await file.read(buffer)) {
    yield* splitter.push(buffer.subarray(0, count));
  }
  yield* splitter.end();
}
