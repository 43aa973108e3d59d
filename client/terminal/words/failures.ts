/**
 * The words of the console for failures.
 *
 * @module
 */

import { counted } from "../../../common/counted.ts";
import { PROTOCOL_VERSION } from "../../../common/protocol/requests.ts";
import type { Failure } from "../../core/failures.ts";
import type { Refusal } from "../../core/refusal.ts";
import type { SavedProblem } from "../../core/saved.ts";
import { shortId } from "./short_ids.ts";

/** THE table: one row for each failure. */
const WORDS: { readonly [Kind in Failure["kind"]]: (failure: Extract<Failure, { kind: Kind }>) => string } = {
  refused: ({ refusal }) => refusalText(refusal),
  loginRefused: ({ refusal }) =>
    `not logged in: ${refusalText(refusal)}; it is tried again every few seconds`,
  notSent: ({ number, to, refusal }) => `#${shortId(number)} to ${to} was not sent: ${refusalText(refusal)}`,
  held: ({ number, to }) =>
    `#${
      shortId(number)
    } to ${to} is held: the account ${to} that it is meant for is gone, and whoever is called ` +
    `${to} now is somebody else; /anyway #${shortId(number)} sends it to them, ` +
    `/delete #${shortId(number)} drops it`,
  notHeld: ({ number }) => `#${shortId(number)} is not held, so there is nothing to send again`,
  replyLost: () => "the connection broke before the answer came; try again",
  versionUnknown: ({ node, version }) => `${node} speaks version ${version}, not ${PROTOCOL_VERSION}`,
  nameInvalid: ({ name }) =>
    `${JSON.stringify(name)} cannot be a name: ` +
    "a name is 1 to 32 letters, digits, dots, hyphens and underscores, the first a letter or digit",
  nameTaken: ({ name }) => `the name ${name} is taken; /login ${name} if it is yours`,
  nameUnknown: ({ name, atStart }) =>
    `there is no user ${name}; ${atStart ? "--register" : `/register ${name}`} makes a new account`,
  accountGone: ({ name }) => `the account ${name} is gone`,
  passwordWrong: ({ name, final }) => `the password of ${name} is not that${final ? "" : "; try again"}`,
  passwordLength: ({ bytes, bytesMin, bytesMax }) =>
    `a password takes ${bytesMin} to ${bytesMax} bytes, and this one has ${bytes}; choose another`,
  passwordsDiffer: () => "the two passwords differ; choose one again",
  unsent: ({ count, mayBeStored, account }) => {
    const of = account === undefined ? "" : ` of ${account}`;
    const unsent = `not sent: ${counted(count - mayBeStored, "queued message")}${of}`;
    if (mayBeStored === 0) return unsent;
    const unknown = `not known whether stored: ${counted(mayBeStored, "message")}${of}`;
    return mayBeStored === count ? unknown : `${unsent}; ${unknown}`;
  },
  heldUnsent: ({ count, account }) =>
    `not sent: ${counted(count, "held message")}${account === undefined ? "" : ` of ${account}`}`,
  beingSent: ({ number }) => `#${shortId(number)} is being sent; delete it once it is stored`,
  unable: ({ node, feature }) => {
    const act = feature === "block" ? "block people" : "search";
    return `${node ?? "this node"} cannot ${act}; /node lists the nodes, and goes on with another`;
  },
  draftTooLong: ({ bytes, bytesMax }) =>
    `a draft takes at most ${bytesMax} bytes, and this one has ${bytes}; it is not saved`,
  savedRefused: ({ problem }) => `the saved messages and drafts are not put back: ${savedText(problem)}`,
  deletedInPart: ({ count, wanted }) =>
    `deleted: ${count} of ${counted(wanted, "message")}; the others are not there any more`,
};

/** A failure in words. */
export function failureText(failure: Failure): string {
  // The row of a failure takes that failure, which the type of the table says and a look-up forgets.
  const words: (failure: never) => string = WORDS[failure.kind];
  return words(failure as never);
}

function savedText(problem: SavedProblem): string {
  switch (problem.kind) {
    case "format":
      return `their format is ${problem.format}, and this program knows ${problem.known}`;
    case "field":
      return `${problem.path === "" ? "the whole" : problem.path} is nothing that this program saves`;
    case "tooMany":
      return `${problem.path} has ${problem.count} entries, and at most ${problem.max} are read`;
    case "otherAccount":
      return `they are of ${problem.name}; log in as ${problem.name}`;
    case "otherCluster":
      return `they are of the cluster ${problem.cluster}`;
  }
}

/** A refusal in words, with the time to wait unless the server's own words say it. */
function refusalText({ code, message, retryAfter }: Refusal): string {
  // The server speaks of requests, where people know commands.
  const text = code === "unknown-user" ? message.replace(/;.*$/s, "; /users lists whom there is") : message;
  if (retryAfter === undefined || text.includes("try again in ")) return text;
  return `${text}; try again in ${Math.ceil(retryAfter)} s`;
}
