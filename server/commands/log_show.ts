/**
 * The command `log show`.
 *
 * @module
 */

import type { LogShowCommand } from "../cli/command.ts";
import type { LogLine } from "../log/log_line.ts";
import { LogDamaged } from "../log/log_errors.ts";
import { isEntry, type LogRecord } from "../log/log_record.ts";
import { showLog } from "../log/verify_log.ts";
import { isOperatorAct } from "../core/accounts/operator_acts.ts";
import { visibleJson } from "../../common/visible_text.ts";
import { fail } from "./speak.ts";
import { LinePrinter, ReaderGone } from "./line_printer.ts";
import { openLogFolder } from "./log_folder.ts";
import { NameFilter, RecordNarrator } from "./record_text.ts";

/** Prints a log, even while its node is running; returns the exit status. */
export async function showLogCommand(command: LogShowCommand): Promise<number> {
  const printer = new LinePrinter(Deno.stdout);
  let count = 0;
  try {
    try {
      count = printLines(command, printer);
    } finally {
      printer.flush();
    }
  } catch (error) {
    return error instanceof ReaderGone ? 0 : await fail(error);
  }
  if (count === 0) await fail(`nothing in the log in ${command.data} is what was asked for`);
  return 0;
}

/**
 * Prints the wanted lines; returns their number.
 *
 * @throws {ReaderGone} if the reader is gone
 * @throws {LogMissing} if there is no log
 * @throws {LogDamaged} behind the last line before damage
 * @throws {LogRefused} if the log is too new
 */
function printLines(command: LogShowCommand, printer: LinePrinter): number {
  const narrator = new RecordNarrator();
  const filter = command.user === undefined ? undefined : filterOf(command.data, command.user);
  // A terminal would obey invisible characters; a program gets the lines unchanged.
  const jsonText = Deno.stdout.isTerminal() ? visibleJson : (json: string) => json;
  let count = 0;
  showLog(openLogFolder(command.data), ({ record, text }: LogLine) => {
    narrator.learn(record);
    if (!isWanted(record, command, filter)) return;
    printer.print(command.json ? jsonText(text) : narrator.line(record));
    count++;
  });
  return count;
}

/** The filter for a user, who has entries before that of the registration if they come from another node. */
function filterOf(data: string, user: string): NameFilter {
  const filter = new NameFilter(user);
  try {
    showLog(openLogFolder(data), ({ record }: LogLine) => filter.learn(record));
  } catch (error) {
    // Everything before the damage is shown all the same, and then the damage is reported.
    if (!(error instanceof LogDamaged)) throw error;
  }
  return filter;
}

/** Selects the wanted lines. Lines about the log itself are shown only if their type is wanted. */
function isWanted(
  record: LogRecord,
  { types, admin }: Pick<LogShowCommand, "types" | "admin">,
  filter: NameFilter | undefined,
): boolean {
  if (admin && !(isEntry(record) && isOperatorAct(record))) return false;
  if (types.length > 0 && !types.includes(record.type)) return false;
  if (!isEntry(record)) return types.length > 0 && filter === undefined;
  return filter === undefined || filter.concerns(record);
}
