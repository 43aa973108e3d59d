/**
 * Holds the house up: who may import whom, what the pure parts must not touch, and how long a file may be.
 *
 * @module
 */

import { assertEquals, assertGreater } from "@std/assert";

/** A file over this is asking for another design. */
const LINES_MAX = 300;

/** Folders that do no I/O, read no clock, draw no random number and await nothing. */
const PURE = [
  "common/",
  "server/core/",
  "server/ports/",
  "server/node/",
  "server/sessions/",
  "server/replication/",
  "client/core/",
  "client/terminal/commands/",
  "client/terminal/display/",
  "client/terminal/flags/",
  "client/terminal/keyboard/",
  "client/terminal/words/",
  "server/import/",
];

/** What the pure folders may import beside themselves. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "common/": [],
  "server/core/": ["common/"],
  "server/ports/": ["common/", "server/core/"],
  "server/node/": ["common/", "server/core/", "server/ports/"],
  "server/sessions/": ["common/", "server/core/", "server/ports/", "server/node/"],
  "server/replication/": ["common/", "server/core/", "server/ports/"],
  "server/import/": ["common/", "server/core/"],
  "client/core/": ["common/"],
  "client/terminal/commands/": ["common/", "client/core/", "client/terminal/words/"],
  "client/terminal/display/": ["common/", "client/core/", "client/terminal/words/"],
  "client/terminal/flags/": ["common/", "client/core/"],
  "client/terminal/keyboard/": ["client/terminal/display/"],
  "client/terminal/words/": ["common/", "client/core/"],
};

/** The thin folders, which never import one another. */
const THIN = [
  "server/log/",
  "server/net/",
  "server/passwords/",
  "server/grpc/",
  "server/admin/",
  "server/certificates/",
];

/** What no pure code may say, and why it would break the simulation of a whole cluster in one process. */
const FORBIDDEN: readonly (readonly [RegExp, string])[] = [
  [/\bDeno\./, "the runtime"],
  [/\bDate\.now\b|\bnew Date\(\)/, "the clock"],
  [/\bperformance\b/, "the clock"],
  [/\bMath\.random\b/, "chance"],
  [/\bcrypto\b/, "chance"],
  [/\b(setTimeout|setInterval|queueMicrotask)\b/, "timers"],
  [/\bfetch\(/, "the network"],
  // Where one visible character ends and the next begins is the same in every locale.
  [/\bIntl\.(?!Segmenter\b)|\b(localeCompare|toLocale\w+)\b/, "the locale of the machine"],
  [/\b(await|async|Promise)\b/, "waiting"],
  [/\bconsole\./, "the console"],
];

interface Source {
  readonly path: string;
  readonly text: string;
  readonly imports: readonly string[];
}

const granted = Deno.permissions.querySync({ name: "read" }).state === "granted";

function houseTest(name: string, check: (sources: readonly Source[]) => string[]): void {
  const reason = granted ? "" : " (ignored: needs the permission read, which deno task test gives)";
  Deno.test({
    name: `${name}${reason}`,
    ignore: !granted,
    fn: async () => {
      const sources = await readSources();
      assertGreater(sources.length, 50);
      console.log(`${sources.length} files looked at`);
      assertEquals(check(sources), []);
    },
  });
}

async function readSources(): Promise<Source[]> {
  const root = new URL("../", import.meta.url);
  const sources: Source[] = [];
  const folders = ["bench/", "client/", "common/", "demo/", "packaging/", "server/", "tests/"];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    for await (const item of Deno.readDir(new URL(folder, root))) {
      const path = folder + item.name;
      if (item.isDirectory) folders.push(`${path}/`);
      else if (path.endsWith(".ts")) sources.push(await readSource(root, path));
    }
  }
  return sources;
}

async function readSource(root: URL, path: string): Promise<Source> {
  const text = await Deno.readTextFile(new URL(path, root));
  const specifiers = [...text.matchAll(/^(?:import|export|\}) .*?from "([^"]+)"/gm)].map((match) =>
    match[1] ?? ""
  );
  const imports = specifiers.map((specifier) =>
    specifier.startsWith(".") ? new URL(specifier, `file:///${path}`).pathname.slice(1) : specifier
  );
  return { path, text, imports };
}

/** The code without comments and texts, which may speak of anything. */
function codeOf(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "").replace(/"(?:[^"\\\n]|\\.)*"/g, '""');
}

houseTest("files are at most 300 lines", (sources) =>
  sources.flatMap(({ path, text }) => {
    const lines = text.split("\n").length - 1;
    return lines > LINES_MAX ? [`${path} has ${lines} lines`] : [];
  }));

houseTest("pure folders import only what is pure", (sources) =>
  sources.flatMap(({ path, imports }) => {
    const folder = PURE.find((each) => path.startsWith(each));
    if (folder === undefined) return [];
    const allowed = [folder, ...(MAY_IMPORT[folder] ?? [])];
    return imports.filter((each) => each.includes("/") && !each.startsWith("npm:"))
      .filter((each) => !allowed.some((prefix) => each.startsWith(prefix)))
      .filter((each) => each !== "deno.json")
      .map((each) => `${path} imports ${each}`);
  }));

houseTest(
  "pure folders touch nothing outside",
  (sources) =>
    sources.filter(({ path }) => PURE.some((folder) => path.startsWith(folder))).flatMap(({ path, text }) => {
      const code = codeOf(text);
      return FORBIDDEN.filter(([pattern]) => pattern.test(code)).map(([, what]) => `${path} touches ${what}`);
    }),
);

houseTest("thin folders never import one another", (sources) =>
  sources.flatMap(({ path, imports }) => {
    const folder = THIN.find((each) => path.startsWith(each));
    if (folder === undefined) return [];
    return imports.filter((each) => THIN.some((other) => other !== folder && each.startsWith(other)))
      .map((each) => `${path} imports ${each}`);
  }));

houseTest(
  "server and client know nothing of each other",
  (sources) =>
    sources.flatMap(({ path, imports }) => {
      const other = path.startsWith("server/")
        ? "client/"
        : path.startsWith("client/")
        ? "server/"
        : undefined;
      return other === undefined
        ? []
        : imports.filter((each) => each.startsWith(other)).map((each) => `${path} imports ${each}`);
    }),
);

houseTest(
  "the product imports nothing of the tests",
  (sources) =>
    sources.filter(({ path }) => /^(common|server|client|packaging)\//.test(path)).flatMap((
      { path, imports },
    ) =>
      imports.filter((each) => /^(tests|bench|demo)\//.test(each)).map((each) => `${path} imports ${each}`)
    ),
);

houseTest(
  "every module and every export has a docstring",
  (sources) =>
    sources.filter(({ path }) => /^(common|server|client|bench|demo|packaging)\//.test(path)).flatMap(
      ({ path, text }) => {
        const lines = text.split("\n");
        const bare = lines.flatMap((line, i) => {
          const name = /^export (?:async |abstract )?(?:function\*?|const|class|interface|type) (\w+)/.exec(
            line,
          )?.[1];
          return name !== undefined && !lines[i - 1]?.endsWith("*/") ? [`${path}: ${name}`] : [];
        });
        return text.startsWith("/**") && text.includes("@module") ? bare : [`${path}: the module`, ...bare];
      },
    ),
);
