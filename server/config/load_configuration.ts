/**
 * Reads the configuration file, at the start and at every reload.
 *
 * @module
 */

import { builtInConfiguration } from "./built_in_configuration.ts";
import type { LoadedConfiguration } from "./choose_node.ts";
import { CONFIG_FILE, parseConfiguration, type ParsedConfiguration } from "./configuration.ts";

/**
 * Reads and parses a file. An unreadable file is reported as a problem.
 *
 * @param file `undefined` takes `CONFIG_FILE`, or the built-in configuration if that is missing
 */
export async function loadConfiguration(file: string | undefined): Promise<LoadedConfiguration> {
  if (file === undefined && !await isThere(CONFIG_FILE)) return { ...builtInConfiguration(), file };
  const name = file ?? CONFIG_FILE;
  return { ...await readConfiguration(name), file: name };
}

/** True if anything has that name, even if it is unreadable or a dangling link. */
export async function isThere(path: string): Promise<boolean> {
  try {
    await Deno.lstat(path);
    return true;
  } catch (error) {
    return !(error instanceof Deno.errors.NotFound);
  }
}

async function readConfiguration(fileName: string): Promise<ParsedConfiguration> {
  let text: string;
  try {
    text = await Deno.readTextFile(fileName);
  } catch (error) {
    return { problems: [whyUnreadable(error)] };
  }
  return parseConfiguration(text, fileName);
}

function whyUnreadable(error: unknown): string {
  if (error instanceof Deno.errors.NotFound) {
    return "the file does not exist; name another with --config FILE, or leave --config out: then it is " +
      `${CONFIG_FILE}, and where that does not exist the built-in configuration, which is node1 on its own`;
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `the file cannot be read (${reason}); make it readable or name another with --config FILE`;
}
