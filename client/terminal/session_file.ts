/**
 * The file of `--session`: a login that lasts from one run of the program to the next, so that no password has to be
 * compared.
 *
 * @module
 */

import { exposedSecret } from "../../common/exposed_secret.ts";
import type { KeptLogin } from "../link/running_client.ts";
import { reasonOf } from "../net/reason.ts";
import { StartError } from "./start_error.ts";

/** A login token is as good as a password. */
const FILE_MODE = 0o600;

/** The file of a session. */
export class SessionFile {
  #kept: KeptLogin | undefined;

  private constructor(readonly path: string, kept: KeptLogin | undefined) {
    this.#kept = kept;
  }

  /**
   * Reads the file, if there is one.
   *
   * @param warn takes a warning, if others can read the file
   * @throws {StartError} if it cannot be read, or is another file
   */
  static async open(path: string, warn: (text: string) => void): Promise<SessionFile> {
    let text: string;
    try {
      const warning = exposedSecret(path, await Deno.stat(path));
      if (warning !== undefined) warn(warning);
      text = await Deno.readTextFile(path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return new SessionFile(path, undefined);
      throw new StartError(`--session ${path} cannot be read: ${reasonOf(error)}`);
    }
    const kept = parseLogin(text);
    if (kept === undefined) throw new StartError(`--session ${path} is no session of this program`);
    return new SessionFile(path, kept);
  }

  /** The login in the file. */
  get kept(): KeptLogin | undefined {
    return this.#kept;
  }

  /**
   * Keeps a login, if it is another one than that in the file.
   *
   * @throws {StartError} if it cannot be written
   */
  keep(login: KeptLogin): void {
    const { user, cluster, token } = login;
    if (this.#kept?.token === token && this.#kept.user === user) return;
    // Another run may keep its login at the same time.
    const unfinished = `${this.path}.${crypto.randomUUID()}`;
    const text = `${JSON.stringify({ user, cluster, token })}\n`;
    try {
      Deno.writeTextFileSync(unfinished, text, { createNew: true, mode: FILE_MODE });
      Deno.renameSync(unfinished, this.path);
    } catch (error) {
      throw new StartError(`--session ${this.path} cannot be written: ${reasonOf(error)}`);
    }
    this.#kept = login;
  }

  /**
   * Removes the file, unless another run has kept a login of its own in it.
   *
   * @throws {StartError} if it cannot be removed
   */
  forget(): void {
    const kept = this.#kept;
    if (kept === undefined) return;
    this.#kept = undefined;
    try {
      if (parseLogin(Deno.readTextFileSync(this.path))?.token === kept.token) Deno.removeSync(this.path);
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return;
      throw new StartError(
        `--session ${this.path} still has the login, and cannot be removed: ${reasonOf(error)}`,
      );
    }
  }
}

function parseLogin(text: string): KeptLogin | undefined {
  let value: Partial<Record<keyof KeptLogin, unknown>> | null;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  const { user, cluster, token } = value ?? {};
  if (typeof user !== "string" || typeof cluster !== "string" || typeof token !== "string") return undefined;
  return { user, cluster, token };
}
