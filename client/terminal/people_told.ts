/**
 * The people whose coming and going a person at a terminal is told of: the one of the open chat, and those whom the
 * last list has shown.
 *
 * @module
 */

import type { Input } from "../core/inputs.ts";
import { inputToLook } from "../core/looking.ts";
import type { Model } from "../core/model.ts";

/** The input by which the client looks at these people; `undefined` if it does. */
export function peopleTold({ focus, listed, looking }: Model): Input | undefined {
  const focused = focus === undefined || focus.former ? [] : [focus.name];
  return inputToLook(looking, { names: [...focused, ...listed.map(({ name }) => name)] });
}
