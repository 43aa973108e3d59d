/**
 * The command `export`.
 *
 * @module
 */

import { visibleJson } from "../../common/visible_text.ts";
import { type ExportCommand, USAGE_STATUS } from "../cli/command.ts";
import { chooseNode } from "../config/choose_node.ts";
import { loadConfiguration } from "../config/load_configuration.ts";
import { defaultDataFolder } from "../config/node_configuration.ts";
import type { Entry } from "../core/entry.ts";
import { PeopleReading } from "../export/person_export.ts";
import type { LogLine } from "../log/log_line.ts";
import { isEntry } from "../log/log_record.ts";
import { showLog } from "../log/verify_log.ts";
import { LinePrinter, ReaderGone } from "./line_printer.ts";
import { openLogFolder } from "./log_folder.ts";
import { fail } from "./speak.ts";

/** Prints everything about one person, even while the node is running; returns the exit status. */
export async function exportCommand({ person, node, data, config }: ExportCommand): Promise<number> {
  let folder = data;
  if (folder === undefined) {
    const chosen = chooseNode(await loadConfiguration(config), node);
    if ("problems" in chosen) return await fail(chosen.problems.join("; "), USAGE_STATUS);
    folder = defaultDataFolder(chosen.node.name);
  }
  try {
    if (printPerson(folder, person)) return 0;
    return await fail(
      `${folder} has no account ${JSON.stringify(person)}; chat-server log show --user says more`,
    );
  } catch (error) {
    return error instanceof ReaderGone ? 0 : await fail(error);
  }
}

/** Prints the lines; returns false if there is no such person. */
function printPerson(folder: string, name: string): boolean {
  const printer = new LinePrinter(Deno.stdout);
  // A terminal would obey invisible characters; a program gets them as they are.
  const jsonText = Deno.stdout.isTerminal() ? visibleJson : (json: string) => json;
  const print = (line: unknown): void => {
    if (line !== undefined) printer.print(jsonText(JSON.stringify(line)));
  };
  const people = new PeopleReading();
  readEntries(folder, (entry) => people.take(entry));
  const messages = people.of(name);
  if (messages === undefined) return false;
  readEntries(folder, (entry) => messages.take(entry));
  const lines = messages.lines();
  for (const line of lines.head()) print(line);
  readEntries(folder, (entry) => print(lines.line(entry)));
  printer.flush();
  return true;
}

function readEntries(folder: string, each: (entry: Entry) => void): void {
  showLog(openLogFolder(folder), ({ record }: LogLine) => {
    if (isEntry(record)) each(record);
  });
}
