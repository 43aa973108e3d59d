/**
 * Runs every marked block of the documents, in a folder that holds nothing but the files the document speaks of.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { compiledExecutables, type Executables, type NoExecutables } from "../testing/executables.ts";
import { processTest } from "../testing/permissions.ts";
import { OwnNetwork } from "../testing/own_network.ts";
import { missing, otherPlatform } from "./obstacles.ts";
import { readDocuments } from "./project_files.ts";
import { type Provisions, runDocument } from "./run_document.ts";
import { type RunnableBlock, type RunnableBlocks, runnableBlocks } from "./runnable_blocks.ts";

/** Time limit of a command, ms. */
const PATIENCE_MS = 180_000;

/** Permissions to read the documents and run them. */
const PERMISSIONS: readonly Deno.PermissionDescriptor[] = [
  { name: "net", host: "127.0.0.1" },
  { name: "read" },
  { name: "run" },
  { name: "env" },
];

/** A document with marked blocks, and the means to run them. */
interface MarkedDocument extends RunnableBlocks {
  readonly path: string;
  readonly provisions: Provisions;
}

/** Counts of everything that has run. */
const total = { blocks: 0, documents: 0 };

/** @param reason why the executables of its blocks cannot run */
function registerDocument({ path, blocks, problems, provisions }: MarkedDocument, reason?: string): void {
  const without = reason === undefined ? "" : ` (without its executables: ${reason})`;
  processTest(`${path} does what it says${without}`, async () => {
    assertEquals(problems, []);
    const { ran, left } = await runDocument(path, blocks, provisions);
    for (const reason of left) console.log(`not run: ${reason}`);
    console.log(`${ran} of ${blocks.length} blocks run`);
    total.blocks += ran;
    total.documents++;
  }, PERMISSIONS);
}

async function registerDocuments(): Promise<void> {
  const marked = (await readDocuments()).map(({ path, text }) => ({ path, ...runnableBlocks(text) }))
    .filter(({ blocks, problems }) => blocks.length + problems.length > 0);
  const wanted = marked.some(({ blocks }) => blocks.some(ofExecutables));
  const compiled = wanted ? await runnableExecutables() : { reason: "no document speaks of them" };
  const provisions = provisionsOf(compiled);
  for (const document of marked) {
    const { path, blocks } = document;
    const reason = "reason" in compiled && blocks.some(ofExecutables) ? compiled.reason : undefined;
    if (reason !== undefined && blocks.every(ofExecutables)) registerNothing(path, reason);
    else registerDocument({ ...document, provisions }, reason);
  }
  processTest("all documents with marked blocks are run", () => {
    console.log(`${total.blocks} blocks of ${total.documents} documents run`);
    assertGreater(marked.length, 0);
    return Promise.resolve();
  });
}

/** The executables, if this machine can make them and the network that they listen in. */
async function runnableExecutables(): Promise<Executables | NoExecutables> {
  const reason = await OwnNetwork.whyNot();
  return reason === undefined ? await compiledExecutables() : { reason };
}

function ofExecutables({ folder }: RunnableBlock): boolean {
  return folder !== "project";
}

function provisionsOf(compiled: Executables | NoExecutables): Provisions {
  return {
    executables: "server" in compiled ? compiled : undefined,
    obstacle: async (block) =>
      "reason" in compiled && ofExecutables(block)
        ? compiled.reason
        : otherPlatform(block.folder, Deno.build.target) ?? await missing(block.needs),
    patienceMs: PATIENCE_MS,
  };
}

function registerNothing(what: string, reason: string): void {
  Deno.test({ name: `${what} does what it says (ignored: ${reason})`, ignore: true, fn: () => {} });
}

const lacking = PERMISSIONS.filter((permission) =>
  Deno.permissions.querySync(permission).state !== "granted"
);
if (lacking.length > 0) registerNothing("every document", "needs the permissions that deno task test gives");
else await registerDocuments();
