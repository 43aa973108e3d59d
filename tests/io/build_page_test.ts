import {
  assert,
  assertEquals,
  assertLessOrEqual,
  assertMatch,
  assertNotEquals,
  assertStringIncludes,
} from "@std/assert";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { OUT_OF_REACH_STATUS } from "../../packaging/packaging_error.ts";
import { readPageFiles } from "../../server/process/page_files.ts";
import { CODINGS } from "../../server/web/page.ts";
import { PROJECT, projectFiles } from "../documents/project_files.ts";
import { namesIn } from "../executable/temporary_folder.ts";
import { processTest } from "../testing/permissions.ts";

/** Folders and files that the build of the page reads. */
const SOURCES = /^(client|common|packaging|types|server\/certificates)\/|^deno\.(json|lock)$/;

/** Names of the files that each page has. */
const FILES = ["index.html", "main.js", "service_worker.js", "style.css", "app.webmanifest", "icon.svg"];

/** Most bytes of all files of the page as a node sends them, by content coding (docs/decisions.md). */
const SENT_BYTES_MAX = { gzip: 70_500, br: 62_500 };

const DECODERS = { gzip: gunzipSync, br: brotliDecompressSync };

/** Modules that servers or the console client alone have a use for. */
const OF_OTHERS = [
  "client/core/console_inputs.ts",
  "client/core/printed_lists.ts",
  "client/core/questions.ts",
  "common/limits.ts",
  "common/protocol/codec.ts",
  "common/protocol/feature_sets.ts",
  "common/protocol/original_replies.ts",
  "common/protocol/original_requests.ts",
  "common/protocol/request_checks.ts",
];

/** A copy of the sources that the page is built from. `await using` removes it. */
class PageProject implements AsyncDisposable {
  private constructor(readonly folder: string) {}

  static async make(): Promise<PageProject> {
    const folder = await Deno.makeTempDir({ prefix: "chat-page-build-" });
    for (const path of (await projectFiles()).filter((each) => SOURCES.test(each))) {
      await Deno.mkdir(`${folder}/${path}`.replace(/[^/]*$/, ""), { recursive: true });
      await Deno.copyFile(new URL(path, PROJECT), `${folder}/${path}`);
    }
    // The workspace is that of the project, whose tests are left out.
    return new PageProject(folder);
  }

  get page(): string {
    return `${this.folder}/client/web/dist`;
  }

  /** Runs the build. */
  async build(
    args: readonly string[] = [],
    env: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly code: number; readonly said: string }> {
    const flags = ["run", "--quiet", "--no-prompt", "--allow-read", "--allow-write", "--allow-run"];
    const command = new Deno.Command(Deno.execPath(), {
      args: [...flags, "packaging/web.ts", ...args],
      cwd: this.folder,
      env: { ...env, NO_COLOR: "1" },
      stdin: "null",
    });
    const { code, stdout, stderr } = await command.output();
    assertEquals(stdout.length, 0, "the output of a node begins with its own words");
    return { code, said: new TextDecoder().decode(stderr) };
  }

  /** Changes a source. */
  async change(): Promise<void> {
    await Deno.writeTextFile(`${this.folder}/client/web/style.css`, ".changed { color: red; }\n", {
      append: true,
    });
  }

  /** A text that changes with each build. */
  async built(): Promise<string> {
    const { mtime, ino } = await Deno.stat(`${this.page}/main.js`);
    return `${mtime?.getTime()} ${ino}`;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

processTest(
  "deno task web builds the page once for its sources, and again if they have changed",
  async () => {
    await using project = await PageProject.make();
    assertEquals(await project.build(), { code: 0, said: "web: building the page\n" });
    const names = await namesIn(project.page);
    assertEquals(FILES.filter((file) => !names.includes(file)), []);
    const first = await project.built();
    assertEquals(await project.build(["--optional"]), { code: 0, said: "" });
    assertEquals(await project.built(), first);
    await project.change();
    assertEquals((await project.build()).said, "web: building the page\n");
    assertNotEquals(await project.built(), first);
    assertStringIncludes(await Deno.readTextFile(`${project.page}/style.css`), ".changed{color:red}");
    console.log(`${names.length} files in the page`);
  },
);

processTest(
  "deno task web builds once where several nodes start at once, and removes what was left",
  async () => {
    await using project = await PageProject.make();
    await Deno.mkdir(`${project.folder}/client/web/.page-killed`);
    const outcomes = await Promise.all(Array.from({ length: 3 }, () => project.build(["--optional"])));
    assertEquals(outcomes.map(({ code }) => code), [0, 0, 0]);
    assertEquals(outcomes.map(({ said }) => said).sort(), ["", "", "web: building the page\n"]);
    assertEquals(
      (await namesIn(`${project.folder}/client/web`)).filter((name) => name.startsWith(".page")),
      [],
    );
  },
);

processTest(
  "deno task web says what is wrong, and a node starts without a page or with an earlier one",
  async () => {
    await using project = await PageProject.make();
    const main = `${project.folder}/client/web/main.tsx`;
    const code = await Deno.readTextFile(main);
    await Deno.writeTextFile(main, "const = 1;");
    const failed = await project.build();
    assertEquals(failed.code, 1);
    assertMatch(failed.said, /^web: building the page\nweb: the page cannot be made; Deno \S+ says:\n/);
    const without = await project.build(["--optional"]);
    assertEquals(without.code, 0);
    assert(without.said.endsWith("web: no page is served\n"), without.said);
    await Deno.writeTextFile(main, code);
    assertEquals((await project.build()).code, 0);
    await Deno.writeTextFile(main, "const = 1;");
    const earlier = await project.build(["--optional"]);
    assertEquals(earlier.code, 0);
    assert(earlier.said.endsWith("web: the page of an earlier build is served\n"), earlier.said);
    assertEquals(
      (await namesIn(`${project.folder}/client/web`)).filter((name) => name.startsWith(".page")),
      [],
    );
  },
);

processTest("deno task web says so where the bundler cannot be downloaded", async () => {
  await using project = await PageProject.make();
  const cache = `${project.folder}/cache`;
  const environment = { DENO_DIR: cache, NPM_CONFIG_REGISTRY: "http://127.0.0.1:1/" };
  const failed = await project.build([], environment);
  assertEquals(failed.code, OUT_OF_REACH_STATUS, failed.said);
  assertStringIncludes(failed.said, "web: the page cannot be bundled, for the bundler of Deno ");
  assertEquals((await project.build(["--optional"], environment)).code, 0);
});

processTest("the service worker keeps every file of the page but itself", async () => {
  await using project = await PageProject.make();
  await project.build();
  const worker = await Deno.readTextFile(`${project.page}/service_worker.js`);
  const files = (await namesIn(project.page)).filter((name) =>
    !/^\.|^service_worker\.js$|\.(br|gz)$/.test(name)
  );
  const missing = files.filter((name) => !worker.includes(`"${name === "index.html" ? "./" : name}"`));
  assertEquals(missing, []);
  console.log(`${files.length} files kept`);
});

processTest("the whole page is short, as a node sends it, and each compressed form is its file", async () => {
  await using project = await PageProject.make();
  await project.build();
  const files = [...await readPageFiles(new URL(`file://${project.page}/`))];
  for (const coding of CODINGS) {
    const sent = files.map(([name, { bytes, compressed }]) => [name, bytes, compressed.get(coding)] as const);
    const lengths = sent.map(([name, bytes, coded = bytes]) => [name, coded.length] as const);
    const total = lengths.reduce((sum, [, length]) => sum + length, 0);
    console.log(`${coding}: ${total} bytes: ${lengths.map((each) => each.join(" ")).join(", ")}`);
    assertLessOrEqual(total, SENT_BYTES_MAX[coding]);
    for (const [name, bytes, coded] of sent) {
      assert(coded !== undefined && coded.length < bytes.length, `${name} in ${coding}`);
      assertEquals(new Uint8Array(DECODERS[coding](coded)), bytes, `${name} in ${coding}`);
    }
  }
});

processTest("the page loads nothing that servers or the console client alone have a use for", async () => {
  const args = ["info", "--json", "client/web/main.tsx"];
  const { stdout } = await new Deno.Command(Deno.execPath(), { args, cwd: PROJECT, stdin: "null" }).output();
  const { modules } = JSON.parse(new TextDecoder().decode(stdout));
  const loaded: string[] = modules.map(({ specifier }: { readonly specifier: string }) => specifier);
  for (const path of OF_OTHERS) {
    const { href } = new URL(path, PROJECT);
    assert((await Deno.stat(new URL(href))).isFile);
    assert(!loaded.includes(href), `the page loads ${path}`);
  }
  console.log(`${loaded.length} modules, none of ${OF_OTHERS.length}`);
});
