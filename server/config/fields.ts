/**
 * Reading one JSON object field by field, and remembering everything that is wrong with it. What cannot be
 * read comes back as `""`, `0` or nothing, so that the reading goes on; whoever reads must look at the
 * problems before using any of it.
 *
 * @module
 */

import { didYouMean } from "../../common/suggestion.ts";
import { visibleText } from "../../common/visible_text.ts";

/** What a text must look like. */
export interface TextForm {
  readonly pattern: RegExp;
  /** The same for people, as in "must be ...". */
  readonly what: string;
}

/** What a whole number must be: both ends belong to it. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const SHOWN_CHARACTERS_MAX = 60;

/** The fields of one object. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  /** False where the value is no object at all: then nothing more is said about its fields. */
  readonly #readable: boolean;

  /**
   * @param path where the object is, as in `nodes[1].tcp`; `""` for the whole configuration
   * @param known the fields that it may have
   * @param problems takes what is wrong, one text each
   */
  constructor(
    value: unknown,
    readonly path: string,
    known: readonly string[],
    readonly problems: string[],
  ) {
    this.#readable = isObject(value);
    this.#values = isObject(value) ? value : {};
    if (!this.#readable) {
      const name = path === "" ? "the configuration" : path;
      problems.push(`${name} is ${shown(value)} and must be an object with ${known.join(", ")}`);
    }
    for (const key of Object.keys(this.#values)) if (!known.includes(key)) this.#unknown(key, known);
  }

  /** Whether a field is given. */
  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** Where a field is: `nodes[1].tcp.port`. */
  pathOf(key: string): string {
    return this.path === "" ? visibleText(key) : `${this.path}.${visibleText(key)}`;
  }

  /** An object that must be there. */
  section(key: string, known: readonly string[]): Fields {
    if (this.has(key)) return new Fields(this.#values[key], this.pathOf(key), known, this.problems);
    this.#missing(key, `an object with ${known.join(", ")}`);
    return new Fields({}, this.pathOf(key), known, []);
  }

  /** An object that may be absent. */
  optionalSection(key: string, known: readonly string[]): Fields | undefined {
    return this.has(key) ? this.section(key, known) : undefined;
  }

  /** A list, which may be absent. */
  list(key: string): readonly unknown[] {
    return this.#field(key, "a list, as in [ ... ]", Array.isArray, [], []);
  }

  /** A list that must be there and hold something. */
  filledList(key: string): readonly unknown[] {
    const fits = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
    return this.#field<readonly unknown[]>(key, "a list of at least one, as in [ ... ]", fits, undefined, []);
  }

  /** A text, which must be there unless there is a default. */
  text(key: string, form: TextForm, otherwise?: string): string {
    const fits = (value: unknown): value is string => isText(value, form);
    return this.#field(key, form.what, fits, otherwise, "");
  }

  /** A whole number, which must be there unless there is a default. */
  wholeNumber(key: string, range: Range, otherwise?: number): number {
    const fits = (value: unknown): value is number =>
      Number.isSafeInteger(value) && Number(value) >= range.min && Number(value) <= range.max;
    return this.#field(key, `a whole number from ${range.min} to ${range.max}`, fits, otherwise, 0);
  }

  /** `true` or `false`; the default where it is absent. */
  boolean(key: string, otherwise: boolean): boolean {
    const fits = (value: unknown): value is boolean => typeof value === "boolean";
    return this.#field(key, "true or false", fits, otherwise, otherwise);
  }

  #field<T>(
    key: string,
    what: string,
    fits: (value: unknown) => value is T,
    otherwise: T | undefined,
    unreadable: T,
  ): T {
    const value = this.#values[key];
    if (!this.has(key)) {
      if (otherwise !== undefined) return otherwise;
      this.#missing(key, what);
      return unreadable;
    }
    if (fits(value)) return value;
    this.problems.push(`${this.pathOf(key)} is ${shown(value)} and must be ${what}`);
    return unreadable;
  }

  #missing(key: string, what: string): void {
    if (this.#readable) this.problems.push(`${this.pathOf(key)} is missing; give ${what}`);
  }

  #unknown(key: string, known: readonly string[]): void {
    const hint = didYouMean(key, known) || `; known here: ${known.join(", ")}`;
    this.problems.push(`${this.pathOf(key)} is not known${hint}`);
  }
}

/** Whether a value is a text of this form. */
export function isText(value: unknown, form: TextForm): value is string {
  return typeof value === "string" && form.pattern.test(value);
}

/** A value as it stands in the file, on one line and not too long. */
export function shown(value: unknown): string {
  const text = visibleText(JSON.stringify(value));
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}...`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
