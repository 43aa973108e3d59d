/**
 * Checks `proto/client_protocol.md` against the code: its tables of requests, replies, pushes, error codes
 * and limits, its examples, and the sections that docstrings refer to.
 *
 * @module
 */

import { assert, assertEquals, assertGreater, assertThrows } from "@std/assert";
import { DEFAULT_LIMITS } from "../../common/limits.ts";
import { decodeFromServer } from "../../common/protocol/client_codec.ts";
import {
  decodeRequest,
  type Dialect,
  encodeOriginalReply,
  encodePush,
  encodeReply,
  encodeRequest,
  requestName,
  TAG_MAX,
} from "../../common/protocol/codec.ts";
import { ERROR_CODES } from "../../common/protocol/error_codes.ts";
import { PUSHES } from "../../common/protocol/pushes.ts";
import { ORIGINAL_REPLIES } from "../../common/protocol/original_replies.ts";
import { ORIGINAL_REQUESTS } from "../../common/protocol/original_requests.ts";
import { CONFIRMED_REPLIES } from "../../common/protocol/replies.ts";
import { checkedShapeOf } from "../../common/protocol/request_checks.ts";
import { type RequestName, REQUESTS } from "../../common/protocol/requests.ts";
import { type Shape, ShapeError } from "../../common/protocol/shape.ts";
import { FrameReader } from "../../common/wire/frame.ts";
import type { Value } from "../../common/wire/value.ts";
import { welcomeLimits } from "../../server/sessions/welcome.ts";
import { notationsOf, payloadSamples } from "../testing/payload_notation.ts";
import { decodeOriginalReply } from "../testing/protocol_frames.ts";

const ROOT = new URL("../../", import.meta.url);
const DOCUMENT = "proto/client_protocol.md";

/** One row of a table, by the titles of its columns; without backticks around a whole cell. */
type Row = Readonly<Record<string, string>>;

function documentTest(name: string, run: (document: string) => void | Promise<void>): void {
  const ignore = Deno.permissions.querySync({ name: "read" }).state !== "granted";
  const reason = ignore ? " (ignored: needs the permission read, which deno task test gives)" : "";
  const fn = async (): Promise<void> => await run(await Deno.readTextFile(new URL(DOCUMENT, ROOT)));
  Deno.test({ name: `${name}${reason}`, ignore, fn });
}

/** The rows of the one table below a heading. */
function table(document: string, heading: string): Row[] {
  const start = document.indexOf(`\n${heading}\n`);
  assert(start >= 0, `${DOCUMENT} has no heading "${heading}"`);
  const [, section = ""] = document.slice(start).split(/\n#+ .*\n/, 2);
  const lines = section.split("\n").filter((line) => line.startsWith("|"));
  const [titles = [], , ...rows] = lines.map((line) =>
    line.slice(1, line.lastIndexOf("|")).split("|").map((cell) => cell.trim())
  );
  assertGreater(rows.length, 0, `there is no table below "${heading}"`);
  return rows.map((cells) => Object.fromEntries(titles.map((title, i) => [title, cells[i] ?? ""])));
}

function bare(cell: string | undefined): string {
  return (cell ?? "").replaceAll("`", "");
}

/** Compares the rows of a table with rows of the code: type, name and the form of each payload. */
function checkRows(
  rows: readonly Row[],
  coded: ReadonlyMap<string, { type: number; shape: Shape<unknown> }>,
): void {
  const documented = rows.map((row) => `${row["type"]} ${bare(row["in the code"])}`);
  assertEquals(documented.sort(), [...coded].map(([name, { type }]) => `${type} ${name}`).sort());
  for (const row of rows) {
    const shape = coded.get(bare(row["in the code"]))?.shape;
    assert(shape !== undefined);
    const notations = notationsOf(row["payload"] ?? "");
    assertGreater(notations.length, 0, `${row["in the code"]} has no payload`);
    checkForms(shape, notations);
  }
}

/** Checks that everything the notation allows in one form is read, and everything it forbids in all is refused. */
function checkForms(shape: Shape<unknown>, notations: readonly string[]): void {
  const samples = notations.map((form) => ({ form, ...payloadSamples(form) }));
  const good = samples.flatMap(({ allowed }) => allowed);
  assertGreater(good.length, 0);
  for (const { form, allowed, forbidden } of samples) {
    for (const value of allowed) readSample(shape, value, form);
    const wrong = forbidden.filter((value) => !good.includes(value));
    for (const value of wrong) assertThrows(() => shape.read(value, form), ShapeError);
  }
}

function readSample(shape: Shape<unknown>, value: Value, form: string): void {
  try {
    shape.read(value, form);
  } catch (error) {
    throw new Error(`the code does not read what ${DOCUMENT} allows: ${form}`, { cause: error });
  }
}

/** The names in a column that lists several. */
function wireNames(cell: string | undefined): string[] {
  return (cell ?? "").match(/\b[A-Z][A-Z_0-9]+\b/g) ?? [];
}

documentTest("ORIGINAL_REQUESTS are documented", (document) => {
  const rows = table(document, "### 3.1 Requests");
  const coded = new Map(
    Object.entries(ORIGINAL_REQUESTS).map(([name, row]) => {
      const shape: Shape<unknown> = row.shape;
      return [name, { type: REQUESTS[name as RequestName].type, shape }];
    }),
  );
  checkRows(rows, coded);
  for (const row of rows) {
    const { isAnswered } = ORIGINAL_REQUESTS[bare(row["in the code"]) as RequestName] ?? {};
    assertEquals(row["reply"] !== "none", isAnswered, `reply of ${row["request"]}`);
  }
  console.log(`${rows.length} requests of the original dialect compared`);
});

documentTest("REQUESTS are documented", (document) => {
  const rows = table(document, "### 4.2 Requests");
  const coded = new Map(
    Object.entries(REQUESTS).map(([name, { type }]) => {
      return [name, { type, shape: checkedShapeOf(name as RequestName) }];
    }),
  );
  checkRows(rows, coded);
  const replies = table(document, "### 4.3 Replies").map((row) => row["reply"]);
  for (const row of rows) {
    for (const name of wireNames(row["reply"])) assert(replies.includes(name), `${name} is no reply`);
  }
  console.log(`${rows.length} requests of the confirmed dialect compared`);
});

documentTest("every request of the confirmed dialect has a section with its rules", (document) => {
  const headings = document.match(/^#{3,4} .+$/gm) ?? [];
  const requests = table(document, "### 4.2 Requests").map((row) => row["request"] ?? "");
  const without = requests.filter((name) => !headings.some((heading) => wireNames(heading).includes(name)));
  assertEquals(without, []);
  console.log(`${requests.length} sections found`);
});

documentTest("ORIGINAL_REPLIES, CONFIRMED_REPLIES and PUSHES are documented", (document) => {
  const tables = [
    ["### 3.2 Replies", ORIGINAL_REPLIES],
    ["### 4.3 Replies", CONFIRMED_REPLIES],
    ["### 4.4 Pushes", PUSHES],
  ] as const;
  let compared = 0;
  for (const [heading, rows] of tables) {
    const documented = table(document, heading);
    checkRows(documented, new Map(Object.entries<{ type: number; shape: Shape<unknown> }>(rows)));
    compared += documented.length;
  }
  console.log(`${compared} replies and pushes compared`);
});

documentTest("a type has one name in all tables", (document) => {
  const names = new Map<string, string>();
  for (const heading of ["### 3.1 Requests", "### 4.2 Requests", "### 3.2 Replies", "### 4.3 Replies"]) {
    for (const row of table(document, heading)) {
      const name = row["request"] ?? row["reply"] ?? "";
      assertEquals(names.get(row["type"] ?? "") ?? name, name);
      names.set(row["type"] ?? "", name);
    }
  }
  console.log(`${names.size} types compared`);
});

documentTest("ERROR_CODES are documented", (document) => {
  const codes = table(document, "### 4.5 Error codes").map((row) => bare(row["code"]));
  assertEquals(codes.sort(), [...ERROR_CODES].sort());
  console.log(`${codes.length} error codes compared`);
});

documentTest("DEFAULT_LIMITS and what WELCOME says of them are documented", (document) => {
  const rows = table(document, "## 6. Limits");
  const documented = Object.fromEntries(
    rows.map((row) => [bare(row["limit"]), quantity(row["default"] ?? "")]),
  );
  assertEquals(documented, DEFAULT_LIMITS as Record<string, unknown>);
  const welcomed = rows.filter((row) => row["in WELCOME"] === "yes").map((row) => bare(row["limit"]));
  assertEquals(welcomed.sort(), [...welcomeLimits(DEFAULT_LIMITS).keys()].sort());
  console.log(`${rows.length} limits compared, ${welcomed.length} of them in WELCOME`);
});

const UNITS: Readonly<Record<string, number>> = {
  "": 1,
  KiB: 1_024,
  MiB: 1_048_576,
  s: 1_000,
  min: 60_000,
  // The one limit in days is counted in days.
  days: 1,
};

function quantity(text: string): number | boolean {
  if (text === "true") return true;
  const [number = "", unit = ""] = text.split(" ");
  const factor = UNITS[unit];
  assert(factor !== undefined, `${text} is in a unit that is not known`);
  return Number(number) * factor;
}

documentTest("the examples are what the codec makes of them", (document) => {
  let examples = 0;
  for (
    const [heading, dialect] of [["### 8.1 Original dialect", "original"], [
      "### 8.2 Confirmed dialect",
      "confirmed",
    ]] as const
  ) {
    for (const row of table(document, heading)) {
      const bytes = bytesOf(bare(row["bytes"]));
      const { name, encoded } = reencoded(bytes, row["from"] === "client", dialect);
      assertEquals(encoded, bytes, `${row["frame"]}`);
      assertEquals(name, codeName(document, row["frame"] ?? "", dialect));
      examples++;
    }
  }
  console.log(`${examples} examples compared`);
});

function bytesOf(hexadecimal: string): Uint8Array<ArrayBuffer> {
  const digits = hexadecimal.replaceAll(" ", "");
  return Uint8Array.from(digits.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** A frame, decoded by its type and encoded again. */
function reencoded(
  bytes: Uint8Array,
  fromClient: boolean,
  dialect: Dialect,
): { name: string; encoded: Uint8Array } {
  const reader = new FrameReader(bytes.length);
  reader.push(bytes);
  const frame = reader.next();
  assert(frame !== undefined && reader.pendingBytes === 0, "an example is not exactly one frame");
  if (fromClient) {
    const name = requestName(frame.type, dialect);
    assert(name !== undefined, `there is no request of type ${frame.type}`);
    const bounds = { depth: 16, items: 4_096, keys: 64, tagMax: TAG_MAX[dialect] };
    return { name, encoded: encodeRequest(decodeRequest(name, frame.payload, dialect, bounds), dialect) };
  }
  if (dialect === "original") {
    const reply = decodeOriginalReply(frame);
    return { name: reply.name, encoded: encodeOriginalReply(reply) };
  }
  const heard = decodeFromServer(frame);
  return "push" in heard
    ? { name: heard.push.name, encoded: encodePush(heard.push) }
    : { name: heard.reply.name, encoded: encodeReply(heard.reply) };
}

/** Name of a frame in the code. */
function codeName(document: string, wireName: string, dialect: Dialect): string {
  const headings = dialect === "original"
    ? ["### 3.1 Requests", "### 3.2 Replies"]
    : ["### 4.2 Requests", "### 4.3 Replies", "### 4.4 Pushes"];
  const rows = headings.flatMap((heading) => table(document, heading));
  const row = rows.find((each) => (each["request"] ?? each["reply"] ?? each["push"]) === wireName);
  return bare(row?.["in the code"]);
}

documentTest("every section that a docstring refers to is there", async (document) => {
  let citations = 0;
  for (const file of await sources()) {
    const text = (await Deno.readTextFile(file)).replace(/\s*\n\s*\*\s*/g, " ");
    for (const [, cited = ""] of text.matchAll(/\(client protocol, ([^)]+)\)/g)) {
      for (const number of cited.match(/(?<![\w.])\d+(\.\d+)?/g) ?? []) {
        assert(new RegExp(`^#+ ${number}[. ]`, "m").test(document), `${file.pathname}: no section ${number}`);
        citations++;
      }
      for (const name of wireNames(cited)) {
        assert(
          new RegExp(`^#### .*\\b${name}\\b`, "m").test(document),
          `${file.pathname}: no heading ${name}`,
        );
        citations++;
      }
    }
  }
  assertGreater(citations, 0);
  console.log(`${citations} references compared`);
});

async function sources(): Promise<URL[]> {
  const files: URL[] = [];
  const folders = ["client/", "common/", "server/"].map((folder) => new URL(folder, ROOT));
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const item of Deno.readDir(folder)) {
      if (item.isDirectory) folders.push(new URL(`${item.name}/`, folder));
      else if (item.name.endsWith(".ts")) files.push(new URL(item.name, folder));
    }
  }
  return files;
}
