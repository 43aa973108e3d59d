/**
 * Messages between nodes as the objects that the library writes and reads by `proto/replication.proto`.
 * Everything that comes in is checked: a peer of a newer version, or a broken one, must not reach the mesh.
 *
 * @module
 */

import { ORIGIN_LENGTH_MAX, ORIGINS_MAX } from "../core/entry.ts";
import type { ChainedPlace } from "../core/version.ts";
import { ProtocolError } from "../../common/errors.ts";
import {
  type PeerMessage,
  type RefusalCode,
  type RefusalMessage,
  TRACED_MAX,
} from "../ports/peer_message.ts";

/** A message as the library has it: under the name of its type, its fields. */
export type WireMessage = Readonly<Record<string, unknown>>;

/** Accounts in one list. */
export const ACCOUNTS_MAX = 30_000;

/** Characters of a name or an id. */
export const NAME_LENGTH_MAX = 1_000;

/** Characters of a text for people. */
export const TEXT_LENGTH_MAX = 10_000;

/** Every whole number is at most 2^53 - 1; those of 32 bits are kept within theirs by their type. */
const INTEGER_MAX = Number.MAX_SAFE_INTEGER;

const REFUSAL_CODES: Readonly<Record<RefusalCode, string>> = {
  version: "REFUSAL_CODE_VERSION",
  cluster: "REFUSAL_CODE_CLUSTER",
  stranger: "REFUSAL_CODE_STRANGER",
  clock: "REFUSAL_CODE_CLOCK",
  fork: "REFUSAL_CODE_FORK",
  order: "REFUSAL_CODE_ORDER",
  "read-only": "REFUSAL_CODE_READ_ONLY",
  closing: "REFUSAL_CODE_CLOSING",
  key: "REFUSAL_CODE_KEY",
};

const READERS: {
  readonly [T in PeerMessage["type"]]: (fields: Fields) => Extract<PeerMessage, { type: T }>;
} = {
  hello: (fields) => ({
    type: "hello",
    major: fields.integer("major"),
    minor: fields.integer("minor"),
    cluster: fields.text("cluster", NAME_LENGTH_MAX),
    node: fields.text("node", NAME_LENGTH_MAX),
    wallMs: fields.integer("wallMs"),
    version: fields.origins("version"),
  }),
  refusal: readRefusal,
  entries: (fields) => ({
    type: "entries",
    number: fields.integer("number"),
    lines: fields.bytes("lines"),
    count: fields.integer("count"),
    previous: fields.origins("previous"),
  }),
  ack: (fields) => ({
    type: "ack",
    number: fields.integer("number"),
    version: fields.origins("version"),
    wallMs: fields.known("wallMs"),
  }),
  presence: (fields) => ({
    type: "presence",
    online: fields.names("online"),
    offline: fields.names("offline"),
  }),
  reserve: (fields) => ({
    type: "reserve",
    number: fields.integer("number"),
    name: fields.text("name", NAME_LENGTH_MAX),
    stamp: fields.integer("stamp"),
  }),
  reserved: (fields) => ({
    type: "reserved",
    number: fields.integer("number"),
    granted: fields.flag("granted"),
  }),
  release: (fields) => ({ type: "release", number: fields.integer("number") }),
  heartbeat: (fields) => ({
    type: "heartbeat",
    number: fields.integer("number"),
    wallMs: fields.known("wallMs"),
    version: fields.origins("version"),
  }),
  trace: (fields) => ({
    type: "trace",
    origin: fields.text("origin", ORIGIN_LENGTH_MAX),
    seqs: fields.integers("seqs", TRACED_MAX),
  }),
  traced: (fields) => ({
    type: "traced",
    origin: fields.text("origin", ORIGIN_LENGTH_MAX),
    seqs: fields.integers("seqs", TRACED_MAX),
    places: fields.origins("places"),
  }),
  challenge: (fields) => ({
    type: "challenge",
    node: fields.text("node", NAME_LENGTH_MAX),
    nonce: fields.bytes("nonce"),
  }),
  answer: (fields) => ({
    type: "answer",
    node: fields.text("node", NAME_LENGTH_MAX),
    nonce: fields.bytes("nonce"),
    proof: fields.bytes("proof"),
  }),
  proof: (fields) => ({ type: "proof", proof: fields.bytes("proof") }),
};

/** A message as the library takes it. */
export function encodeMessage(message: PeerMessage): WireMessage {
  const { type, ...fields } = message;
  return { [type]: message.type === "refusal" ? { ...fields, code: REFUSAL_CODES[message.code] } : fields };
}

/**
 * A message from the library's object.
 *
 * @returns undefined where a newer minor version says something that is not known here
 * @throws {ProtocolError} if a field is missing, of another type or out of bounds
 */
export function decodeMessage(wire: unknown): PeerMessage | undefined {
  const fields = new Fields("PeerMessage", wire);
  for (const [type, read] of Object.entries(READERS)) {
    if (fields.has(type)) return read(fields.inner(type));
  }
  return undefined;
}

function readRefusal(fields: Fields): RefusalMessage {
  return {
    type: "refusal",
    code: refusalCode(fields.value("code")),
    message: fields.text("message", TEXT_LENGTH_MAX),
    ...fields.has("fork") ? { fork: readOrigin(fields.inner("fork")) } : {},
  };
}

/** A code of a newer minor version: the source tries again later. */
function refusalCode(wire: unknown): RefusalCode {
  for (const [code, name] of Object.entries(REFUSAL_CODES)) if (name === wire) return code as RefusalCode;
  return "closing";
}

function readOrigin(fields: Fields): ChainedPlace {
  return {
    origin: fields.text("origin", ORIGIN_LENGTH_MAX),
    seq: fields.integer("seq"),
    stamp: fields.integer("stamp"),
    chain: fields.known("chain"),
  };
}

/** The fields of one message, checked as they are read. */
class Fields {
  readonly #path: string;
  readonly #fields: WireMessage;

  constructor(path: string, wire: unknown) {
    if (typeof wire !== "object" || wire === null) throw wrong(path, wire, "a message");
    this.#path = path;
    this.#fields = wire as WireMessage;
  }

  value(name: string): unknown {
    return this.#fields[name];
  }

  has(name: string): boolean {
    return this.value(name) !== undefined && this.value(name) !== null;
  }

  inner(name: string): Fields {
    return new Fields(this.#pathOf(name), this.value(name));
  }

  text(name: string, lengthMax: number): string {
    return checkedText(this.#pathOf(name), this.value(name), lengthMax);
  }

  /** A copy: the library gives a view that would keep the whole message alive. */
  bytes(name: string): Uint8Array {
    const value = this.value(name);
    if (value instanceof Uint8Array) return new Uint8Array(value);
    throw wrong(this.#pathOf(name), value, "bytes");
  }

  integer(name: string): number {
    const value = this.value(name);
    if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
    throw wrong(this.#pathOf(name), value, `a whole number from 0 to ${INTEGER_MAX}`);
  }

  /** A whole number that a node of an earlier version leaves out: it is 0 then. */
  known(name: string): number | undefined {
    return this.has(name) ? this.integer(name) || undefined : undefined;
  }

  integers(name: string, lengthMax: number): number[] {
    const list = this.#list(name, lengthMax);
    return list.map((value) => new Fields(this.#pathOf(name), { value }).integer("value"));
  }

  flag(name: string): boolean {
    const value = this.value(name);
    if (typeof value === "boolean") return value;
    throw wrong(this.#pathOf(name), value, "true or false");
  }

  names(name: string): string[] {
    return this.#list(name, ACCOUNTS_MAX).map((value) =>
      checkedText(this.#pathOf(name), value, NAME_LENGTH_MAX)
    );
  }

  origins(name: string): ChainedPlace[] {
    return this.#list(name, ORIGINS_MAX).map((value) => readOrigin(new Fields(this.#pathOf(name), value)));
  }

  #list(name: string, lengthMax: number): unknown[] {
    const value = this.value(name);
    if (Array.isArray(value) && value.length <= lengthMax) return value;
    throw wrong(this.#pathOf(name), value, `a list of at most ${lengthMax}`);
  }

  #pathOf(name: string): string {
    return `${this.#path}.${name}`;
  }
}

function checkedText(path: string, value: unknown, lengthMax: number): string {
  if (typeof value === "string" && value.length <= lengthMax) return value;
  throw wrong(path, value, `a text of at most ${lengthMax} characters`);
}

function wrong(path: string, value: unknown, expected: string): ProtocolError {
  const found = typeof value === "string"
    ? `a text of ${value.length} characters`
    : Array.isArray(value)
    ? `a list of ${value.length}`
    : typeof value === "number"
    ? String(value)
    : typeof value;
  return new ProtocolError(
    `${path} is ${found}, and must be ${expected}; do both nodes run the same program?`,
  );
}
