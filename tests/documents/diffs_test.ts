/**
 * A diff that a document shows is in the project: it goes stale with the code, and this finds it.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";
import { hunksOf } from "./diffs.ts";
import { readMarkdown } from "./markdown.ts";
import { PROJECT, readDocuments } from "./project_files.ts";

/** Permissions for reading the documents. */
const PERMISSIONS = ["read", "run"] as const;

const ignore = PERMISSIONS.some((name) => Deno.permissions.querySync({ name }).state !== "granted");
const reason = ignore ? " (ignored: needs the permissions read and run, which deno task test gives)" : "";

Deno.test({
  name: `diffs in the documents are what the files say${reason}`,
  ignore,
  fn: async () => {
    const stale: string[] = [];
    let compared = 0;
    for (const { path: document, text } of await readDocuments()) {
      for (const { path, after } of hunksOf(readMarkdown(text))) {
        const file = await Deno.readTextFile(new URL(path, PROJECT));
        if (!`\n${file}`.includes(`\n${after}\n`)) stale.push(`${document}: ${path} does not say\n${after}`);
        compared++;
      }
    }
    console.log(`${compared} hunks compared`);
    assertEquals(stale, []);
    assertGreater(compared, 0);
  },
});
