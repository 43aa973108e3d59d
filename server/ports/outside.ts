/**
 * The world outside: clock, chance, timers, diagnostics, digests.
 *
 * @module
 */

/** Time. */
export interface Clock {
  /** Milliseconds since the Unix epoch; may jump. */
  wallMs(): number;
  /** Milliseconds since some moment; never goes back. */
  monotonicMs(): number;
}

/** Chance. */
export interface Random {
  /** That many unpredictable bytes. */
  bytes(count: number): Uint8Array;
}

/** SHA-256, hexadecimal: the stored form of a login token. */
export type Digest = (text: string) => string;

/** Diagnostics: one event, its fields; never a password, a token or a message's content. */
export interface Logger {
  /** True while `debug` is written: hot paths ask before they make fields. Missing for never. */
  readonly showsDebug?: boolean;
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

/** Details of an event. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Calls back once after a while. */
export interface Timers {
  /** Returns how to call it off. */
  after(ms: number, callback: () => void): () => void;
}
