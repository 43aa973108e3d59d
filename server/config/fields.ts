/**
 * Reads one JSON object field by field and collects its problems. An unreadable field comes back as `""`, `0`
 * or `undefined`, so that the reading continues; the caller must check the problems before it uses a value.
 *
 * @module
 */

import { didYouMean } from "../../common/suggestion.ts";
import { visibleText } from "../../common/visible_text.ts";

/** The form that a text must have. */
export interface TextForm {
  readonly pattern: RegExp;
  /** The same for people, as in "must be ...". */
  readonly what: string;
}

/** Bounds of a whole number, both inclusive. */
export interface Range {
  readonly min: number;
  readonly max: number;
}

const SHOWN_CHARACTERS_MAX = 60;

/** The fields of one object. */
export class Fields {
  readonly #values: Readonly<Record<string, unknown>>;
  /** False if the value is no object: its fields are then not reported. */
  readonly #readable: boolean;

  /**
   * @param path path of the object, as `nodes[1].tcp`; `""` for the whole configuration
   * @param known names of the allowed fields
   * @param problems receives the problems, one text each
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

  /** True if a field is given. */
  has(key: string): boolean {
    return Object.hasOwn(this.#values, key);
  }

  /** Path of a field, as `nodes[1].tcp.port`. */
  pathOf(key: string): string {
    return this.path === "" ? visibleText(key) : `${this.path}.${visibleText(key)}`;
  }

  /** A required object. */
  section(key: string, known: readonly string[]): Fields {
    if (this.has(key)) return new Fields(this.#values[key], this.pathOf(key), known, this.problems);
    this.#missing(key, `an object with ${known.join(", ")}`);
    return new Fields({}, this.pathOf(key), known, []);
  }

  /** An optional object. */
  optionalSection(key: string, known: readonly string[]): Fields | undefined {
    return this.has(key) ? this.section(key, known) : undefined;
  }

  /** An optional list. */
  list(key: string): readonly unknown[] {
    return this.#field(key, "a list, as in [ ... ]", Array.isArray, [], []);
  }

  /** A required list with at least one item. */
  filledList(key: string): readonly unknown[] {
    const fits = (value: unknown): value is unknown[] => Array.isArray(value) && value.length > 0;
    return this.#field<readonly unknown[]>(key, "a list of at least one, as in [ ... ]", fits, undefined, []);
  }

  /** A text; required if it has no default. */
  text(key: string, form: TextForm, otherwise?: string): string {
    const fits = (value: unknown): value is string => isText(value, form);
    return this.#field(key, form.what, fits, otherwise, "");
  }

  /** A whole number; required if it has no default. */
  wholeNumber(key: string, range: Range, otherwise?: number): number {
    const fits = (value: unknown): value is number =>
      Number.isSafeInteger(value) && Number(value) >= range.min && Number(value) <= range.max;
    return this.#field(key, `a whole number from ${range.min} to ${range.max}`, fits, otherwise, 0);
  }

  /** One of a few texts; the default if it is absent. */
  choice<Choice extends string>(key: string, choices: readonly Choice[], otherwise: Choice): Choice {
    const fits = (value: unknown): value is Choice => choices.some((each) => each === value);
    const quoted = choices.map((each) => JSON.stringify(each)).join(", ");
    return this.#field(key, `one of ${quoted}`, fits, otherwise, otherwise);
  }

  /** `true` or `false`; the default if it is absent. */
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

/** True if a value is a text of this form. */
export function isText(value: unknown, form: TextForm): value is string {
  return typeof value === "string" && form.pattern.test(value);
}

/** A value as JSON, on one line and shortened. */
export function shown(value: unknown): string {
  const text = visibleText(JSON.stringify(value));
  return text.length <= SHOWN_CHARACTERS_MAX ? text : `${text.slice(0, SHOWN_CHARACTERS_MAX)}...`;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
