/**
 * The rules of requests that the table of shapes cannot say. Those who read requests check them (client protocol,
 * section 4.2).
 *
 * @module
 */

import { dictionary } from "./dictionary.ts";
import { type Feature, FEATURES } from "./features.ts";
import { PROTOCOL_VERSION, type RequestName, type RequestPayload, REQUESTS } from "./requests.ts";
import { checked, listOf, type Shape, ShapeError, text } from "./shape.ts";

function pageProblem(page: RequestPayload<"listMessages">): string | undefined {
  if (page.undelivered === false) return "undelivered must be true or left out";
  if (page.undelivered) {
    const other = (["with", "before", "after"] as const).find((field) => page[field] !== undefined);
    return other && `undelivered and ${other} do not go together`;
  }
  if (page.with === undefined) return "payload lacks the field with, which is a string";
  if (page.before !== undefined && page.after !== undefined) return "before and after do not go together";
  return undefined;
}

/** Name of a feature that this node has. */
const featureName: Shape<Feature> = {
  what: "the name of a feature",
  read: (value, path) => {
    const name = text.read(value, path);
    const feature = FEATURES.find((each) => each === name);
    if (feature !== undefined) return feature;
    const shown = JSON.stringify(name.slice(0, 64));
    throw new ShapeError(`${path} is ${shown}, and the features of this node are ${FEATURES.join(", ")}`);
  },
  write: text.write,
};

function watchProblem(wanted: RequestPayload<"watchPeople">): string | undefined {
  return wanted !== null && wanted.people === undefined && wanted.names === undefined
    ? "payload has neither people nor names; an empty payload ends the watch"
    : undefined;
}

const hello = REQUESTS.hello.shape;

/** HELLO. Of another version, only the number is read, for its fields are unknown; the reply names ours. */
const greeting: typeof hello = {
  ...hello,
  read: (value, path) => {
    const version = value instanceof Map ? value.get("version") : undefined;
    const other = typeof version === "number" && version !== PROTOCOL_VERSION;
    return other ? { version, client: "" } : hello.read(value, path);
  },
};

const CHECKED: { readonly [Name in RequestName]?: Shape<RequestPayload<Name>> } = {
  listMessages: checked(REQUESTS.listMessages.shape, pageProblem),
  hello: greeting,
  useFeatures: dictionary({ use: listOf(featureName) }),
  watchPeople: checked(REQUESTS.watchPeople.shape, watchProblem),
};

/** The shape of a request, with all its rules. */
export function checkedShapeOf(name: RequestName): Shape<unknown> {
  return CHECKED[name] ?? REQUESTS[name].shape;
}
