/**
 * The configuration file, at the start and whenever it is to be read again.
 *
 * @module
 */

import { parseConfiguration, type ParsedConfiguration } from "./configuration.ts";

/** Reads and parses the file. A file that cannot be read is a problem like any other. */
export async function loadConfiguration(fileName: string): Promise<ParsedConfiguration> {
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
    return "the file does not exist; name another with --config FILE";
  }
  const reason = error instanceof Error ? error.message : String(error);
  return `the file cannot be read (${reason}); make it readable or name another with --config FILE`;
}
