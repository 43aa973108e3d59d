/**
 * The end of a script before its last line.
 *
 * @module
 */

import type { ExitStatus } from "./words/exit_status.ts";

/** Thrown to end the script. */
export class ScriptEnd extends Error {
  override readonly name = "ScriptEnd";

  constructor(readonly status: ExitStatus) {
    super(`the script ends with status ${status}`);
  }
}
