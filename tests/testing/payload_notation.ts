/**
 * Samples of the payloads that the notation of `proto/client_protocol.md` (section 2.2) allows and forbids.
 *
 * @module
 */

import { Float, TaggedMessage, type Value } from "../../common/wire/value.ts";

/** Values that a payload may be, and values that it must not be. */
export interface PayloadSamples {
  readonly allowed: readonly Value[];
  readonly forbidden: readonly Value[];
}

const SAMPLE_UUID = "6f1d2c3b-4a59-4687-8796-a5b4c3d2e1f0";

/** A value of each word of the notation, and those that it must not be taken for. */
const WORDS: Readonly<Record<string, PayloadSamples>> = {
  string: { allowed: ["text", ""], forbidden: [1, null] },
  uuid: { allowed: [SAMPLE_UUID], forbidden: [1, SAMPLE_UUID.slice(1)] },
  integer: { allowed: [2], forbidden: [new Float(1), "1", 2n ** 53n] },
  float: { allowed: [new Float(1)], forbidden: [1] },
  boolean: { allowed: [true, false], forbidden: [1, null] },
  true: { allowed: [true], forbidden: [false, 1] },
  null: { allowed: [null], forbidden: ["", 0, new Map()] },
  anything: { allowed: [null, "text", 1, [], new Map()], forbidden: [] },
  "chat message": { allowed: [chatMessage()], forbidden: [chatMessage().fields, "text"] },
};

function chatMessage(): TaggedMessage {
  const texts = { id: SAMPLE_UUID, sender: "alice", recipient: "bob", content: "hi", status: "read" };
  return new TaggedMessage(new Map<string, Value>([...Object.entries(texts), ["timestamp", new Float(1.5)]]));
}

interface Field {
  readonly key: string;
  readonly optional: boolean;
  readonly samples: PayloadSamples;
}

/** The one or two forms of a payload in a cell of a table, in backticks. */
export function notationsOf(cell: string): string[] {
  return [...cell.matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? "");
}

/** @throws {Error} if the text is not in the notation */
export function payloadSamples(notation: string): PayloadSamples {
  const reader = new NotationReader(notation);
  const samples = reader.samples();
  if (reader.rest !== "") throw new Error(`"${reader.rest}" is left over of the payload ${notation}`);
  return samples;
}

class NotationReader {
  constructor(public rest: string) {}

  samples(): PayloadSamples {
    if (this.#take("[")) return this.#list();
    if (this.#take("{")) return this.#take("string:") ? this.#map() : this.#dictionary();
    if (this.rest.startsWith('"')) return this.#choice();
    const word = Object.keys(WORDS).find((each) => this.#take(each));
    const samples = WORDS[word ?? ""];
    if (samples === undefined) throw new Error(`"${this.rest}" is no payload`);
    return samples;
  }

  #take(text: string): boolean {
    if (!this.rest.startsWith(text)) return false;
    this.rest = this.rest.slice(text.length).trimStart();
    return true;
  }

  #expect(text: string): void {
    if (!this.#take(text)) throw new Error(`"${text}" is missing before "${this.rest}"`);
  }

  #list(): PayloadSamples {
    const items = [this.samples()];
    while (this.#take(",")) items.push(this.samples());
    this.#expect("]");
    const [item] = items;
    if (items.length > 1 || item === undefined) return tuple(items);
    const wrong = item.forbidden.map((value) => [value]);
    return { allowed: [[], ...item.allowed.map((value) => [value])], forbidden: [...wrong, "text"] };
  }

  #map(): PayloadSamples {
    const item = this.samples();
    this.#expect("}");
    const wrong = item.forbidden.map((value) => new Map([["key", value]]));
    return {
      allowed: [new Map(), ...item.allowed.map((value) => new Map([["key", value]]))],
      forbidden: [...wrong, "text"],
    };
  }

  #choice(): PayloadSamples {
    const allowed: string[] = [];
    do {
      const [quoted = "", word = ""] = /^"([^"]*)"/.exec(this.rest) ?? [];
      this.#expect(quoted);
      allowed.push(word);
    } while (this.#take("or "));
    return { allowed, forbidden: ["something else", 1] };
  }

  #dictionary(): PayloadSamples {
    const fields: Field[] = [];
    do {
      const [, key = ""] = /^(\w+)/.exec(this.rest) ?? [];
      this.#expect(key);
      const optional = this.#take("?");
      this.#expect(":");
      fields.push({ key, optional, samples: this.samples() });
    } while (this.#take(","));
    this.#expect("}");
    return dictionary(fields);
  }
}

function tuple(items: readonly PayloadSamples[]): PayloadSamples {
  const values = items.map((item) => item.allowed[0] ?? null);
  return { allowed: [values], forbidden: [values.slice(1), [...values, "text"], "text"] };
}

/** Each optional field is tried alone: some exclude one another. */
function dictionary(fields: readonly Field[]): PayloadSamples {
  const required = fields.filter((field) => !field.optional);
  const least = new Map(required.map(({ key, samples }) => [key, samples.allowed[0] ?? null]));
  const having = (key: string, value: Value): Value => new Map([...least, [key, value]]);
  const lacking = (key: string): Value => new Map([...least].filter(([each]) => each !== key));
  return {
    allowed: [
      least,
      ...fields.flatMap(({ key, samples }) => samples.allowed.map((value) => having(key, value))),
    ],
    forbidden: [
      ...fields.flatMap(({ key, samples }) => samples.forbidden.map((value) => having(key, value))),
      ...required.map(({ key }) => lacking(key)),
      having("stranger", 1),
      "text",
    ],
  };
}
