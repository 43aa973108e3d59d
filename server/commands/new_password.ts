/**
 * New passwords for accounts: typed unseen, from a file, or made.
 *
 * @module
 */

import { exposedSecret } from "../../common/exposed_secret.ts";
import type { PasswordSource } from "../cli/people_command.ts";
import { HiddenLine } from "./hidden_line.ts";
import { printVisibly } from "./speak.ts";

/** Signs of a password that is made: those that look alike are left out. A power of two, so that all are as likely. */
const SIGNS = "abcdefghijkmnpqrstuvwxyz23456789";

/** Signs of a password that is made, 5 bits each, and of a group between hyphens. */
const SIGNS_COUNT = 20;
const GROUP = 5;

/** Longest first line of a file, bytes. */
const LINE_BYTES_MAX = 4_096;

/** A password, or the reason why there is none. */
type Chosen = { readonly password: string } | { readonly problem: string };

/** Gets a new password. @param user name of the account, for the question */
export async function newPassword(source: PasswordSource, user: string): Promise<Chosen> {
  switch (source.kind) {
    case "made":
      return { password: madePassword(crypto.getRandomValues(new Uint8Array(SIGNS_COUNT))) };
    case "file":
      return source.path === "-"
        ? await firstLine(Deno.stdin, "standard input")
        : await fromFile(source.path);
    case "asked":
      return await asked(user);
  }
}

/** The password of that many random bytes. */
export function madePassword(random: Uint8Array): string {
  const signs = [...random].map((byte) => SIGNS[byte % SIGNS.length]).join("");
  return signs.replace(new RegExp(`.{${GROUP}}(?=.)`, "g"), "$&-");
}

async function fromFile(path: string): Promise<Chosen> {
  try {
    using file = await Deno.open(path);
    const warning = exposedSecret(path, await file.stat());
    if (warning !== undefined) await printVisibly(Deno.stderr, `chat-server: warning: ${warning}`);
    return await firstLine(file, path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return { problem: `--password-file ${path} cannot be read: ${reason}` };
  }
}

/** A source of bytes. */
interface Source {
  /** Reads into the bytes; returns how many it got, null at the end. */
  read(into: Uint8Array): Promise<number | null>;
}

async function firstLine(source: Source, name: string): Promise<Chosen> {
  const bytes = new Uint8Array(LINE_BYTES_MAX + 1);
  for (let length = 0;;) {
    const count = await source.read(bytes.subarray(length));
    const end = bytes.subarray(0, length + (count ?? 0)).indexOf(0x0a);
    length += count ?? 0;
    if (end >= 0 || count === null) return lineOf(bytes.subarray(0, end < 0 ? length : end), name);
    if (length >= bytes.length) {
      return {
        problem: `the first line of ${name} has over ${LINE_BYTES_MAX} bytes; a password has at most 72`,
      };
    }
  }
}

function lineOf(bytes: Uint8Array, name: string): Chosen {
  try {
    const password = new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(/\r$/, "");
    return password === ""
      ? { problem: `the first line of ${name} is empty; it is to be the password` }
      : { password };
  } catch {
    return { problem: `the first line of ${name} is not UTF-8; type the password, or let --make make one` };
  }
}

async function asked(user: string): Promise<Chosen> {
  if (!Deno.stdin.isTerminal()) {
    const ways = "--password-file FILE gives a password (- for standard input), --make makes one";
    return { problem: `nobody can be asked here (standard input is no terminal); ${ways}` };
  }
  const password = await typedUnseen(`New password of ${user}: `);
  const again = password === undefined ? undefined : await typedUnseen("The same again: ");
  if (password === undefined || again === undefined) {
    return { problem: "no password was given; nothing was changed" };
  }
  return password === again ? { password } : { problem: "the two passwords differ; nothing was changed" };
}

/** Asks for a line that nobody sees; `undefined` if the person gives up. */
async function typedUnseen(question: string): Promise<string | undefined> {
  const encoder = new TextEncoder();
  await Deno.stderr.write(encoder.encode(question));
  Deno.stdin.setRaw(true);
  try {
    const line = new HiddenLine();
    const bytes = new Uint8Array(256);
    for (;;) {
      const count = await Deno.stdin.read(bytes);
      const whole = count === null ? null : line.take(bytes.subarray(0, count));
      if (whole !== undefined) return whole ?? undefined;
    }
  } finally {
    Deno.stdin.setRaw(false);
    await Deno.stderr.write(encoder.encode("\n"));
  }
}
