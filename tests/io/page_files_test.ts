import { assert, assertEquals, assertNotEquals, assertRejects } from "@std/assert";
import { PAGE_FOLDER, readPageFiles } from "../../server/process/page_files.ts";
import { processTest } from "../testing/permissions.ts";

const INDEX = "<!doctype html><title>Chat</title>";

/** A folder with these files. `await using` removes it. */
class PageFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  static async of(files: Readonly<Record<string, string>>): Promise<PageFolder> {
    const path = await Deno.makeTempDir({ prefix: "chat-page-test-" });
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${path}/${name}`, text);
    return new PageFolder(path);
  }

  get url(): URL {
    return new URL(`file://${this.path}/`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.path, { recursive: true });
  }
}

processTest(
  "readPageFiles() has the type, the bytes, a tag and the compressed forms of each file",
  async () => {
    await using folder = await PageFolder.of({
      "index.html": INDEX,
      "main.js": "say('hello');",
      "main.js.br": "brotli",
      "main.js.gz": "gzip",
      "style.css.gz": "gzip of the style",
      "style.css": "",
      "icon.svg": "<svg/>",
      "icon.png": "\u0089PNG",
      "app.webmanifest": "{}",
      "licences.txt": "MIT",
      "data.json": "[]",
      "main.js.map": "{}",
      ".sources": "0f",
      "a b%20c.txt": "odd",
    });
    await Deno.mkdir(`${folder.path}/below`);
    const files = await readPageFiles(folder.url);
    assertEquals(Object.fromEntries([...files].map(([name, { type }]) => [name, type])), {
      "a b%20c.txt": "text/plain; charset=utf-8",
      "app.webmanifest": "application/manifest+json",
      "data.json": "application/json",
      "icon.png": "image/png",
      "icon.svg": "image/svg+xml",
      "index.html": "text/html; charset=utf-8",
      "licences.txt": "text/plain; charset=utf-8",
      "main.js": "text/javascript; charset=utf-8",
      "style.css": "text/css; charset=utf-8",
    });
    const texts = (name: string): Record<string, string> =>
      Object.fromEntries(
        [...files.get(name)?.compressed ?? []].map((
          [coding, bytes],
        ) => [coding, new TextDecoder().decode(bytes)]),
      );
    assertEquals(texts("main.js"), { br: "brotli", gzip: "gzip" });
    assertEquals(texts("style.css"), { gzip: "gzip of the style" });
    assertEquals(texts("index.html"), {});
    await Deno.writeTextFile(`${folder.path}/index.html`, `${INDEX}<p>`);
    const later = await readPageFiles(folder.url);
    assertEquals(later.get("main.js")?.etag, files.get("main.js")?.etag);
    assertNotEquals(later.get("index.html")?.etag, files.get("index.html")?.etag);
    assert([...files.values()].every(({ etag }) => /^"[\w-]{22}"$/.test(etag)));
    console.log(`${files.size} files read`);
  },
);

processTest("readPageFiles() has none where nothing was built", async () => {
  await using folder = await PageFolder.of({});
  assertEquals(await readPageFiles(folder.url), new Map());
  assertEquals(await readPageFiles(new URL("missing/", folder.url)), new Map());
  assert(PAGE_FOLDER.pathname.endsWith("/client/web/dist/"), PAGE_FOLDER.pathname);
});

processTest("readPageFiles() says what is wrong with a folder, and the way out", async () => {
  const many = Object.fromEntries(Array.from({ length: 65 }, (_, i) => [`${i}.txt`, ""]));
  const cases: readonly (readonly [Readonly<Record<string, string>>, string])[] = [
    [{ "main.js": "" }, "has no index.html"],
    [{ "index.html": INDEX, "run.wasm": "" }, "has run.wasm, and files of a page end in html, js, css, "],
    [{ "index.html": INDEX, "noend": "" }, "has noend, and files of a page end in "],
    [{ ...many, "index.html": INDEX }, "has 66 files, and the limit is 64"],
    [
      { "index.html": INDEX, "long.txt": "x".repeat(2_097_153) },
      "has long.txt of 2097153 bytes, and the limit is 2097152",
    ],
    [
      { "index.html": INDEX, "index.html.br": "x".repeat(2_097_153) },
      "has index.html.br of 2097153 bytes, and the limit is 2097152",
    ],
  ];
  for (const [files, problem] of cases) {
    await using folder = await PageFolder.of(files);
    const { message } = await assertRejects(() => readPageFiles(folder.url), Error, problem);
    assert(message.startsWith(`the folder of the page, ${folder.path}/, `), message);
    assert(message.endsWith("; build the page anew, or start the node with --no-web"), message);
  }
  console.log(`${cases.length} folders refused`);
});
