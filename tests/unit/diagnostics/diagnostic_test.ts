import { assert, assertEquals, assertThrows } from "@std/assert";
import fc from "fast-check";
import { AssertionError } from "../../../common/errors.ts";
import {
  checkFields,
  type Diagnostic,
  jsonLine,
  readableLine,
} from "../../../server/diagnostics/diagnostic.ts";

const UNSAFE = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u;

function diagnostic(fields: Diagnostic["fields"], event = "listening"): Diagnostic {
  return { timeMs: Date.UTC(2026, 0, 2, 3, 4, 5, 67), level: "info", event, node: "node1", fields };
}

Deno.test("jsonLine() is one JSON object: time, level, event, node, then the fields", () => {
  assertEquals(
    jsonLine(diagnostic({ host: "127.0.0.1", port: 5000, tls: false, peer: null, gone: undefined })),
    '{"time":"2026-01-02T03:04:05.067Z","level":"info","event":"listening","node":"node1",' +
      '"host":"127.0.0.1","port":5000,"tls":false,"peer":null}',
  );
});

Deno.test("jsonLine() escapes what could act on a terminal, and means the same", () => {
  const reason = "a\nb\x1b[2J\x7f\x9b\u2028\u2029\u202e\u2066\u061c";
  const line = jsonLine(diagnostic({ reason }));
  assert(!UNSAFE.test(line), line);
  assertEquals(JSON.parse(line).reason, reason);
  assert(line.includes("\\u009b\\u2028"), line);
});

Deno.test("readableLine() aligns time, level, node and event, and puts the fields behind", () => {
  assertEquals(
    readableLine(diagnostic({ host: "127.0.0.1", port: 5000, gone: undefined }), false),
    "2026-01-02T03:04:05.067Z INFO  node1  listening                host=127.0.0.1 port=5000",
  );
  assertEquals(readableLine(diagnostic({}), false), "2026-01-02T03:04:05.067Z INFO  node1  listening");
});

Deno.test("readableLine() quotes a value that would pass for several fields", () => {
  const line = readableLine(
    diagnostic({ reason: 'disk "a" full', path: "a\\b", pair: "x=1", empty: "" }),
    false,
  );
  assert(line.endsWith('reason="disk \\"a\\" full" path="a\\\\b" pair="x=1" empty=""'), line);
});

Deno.test("readableLine() shows control characters as \\u{..}", () => {
  const line = readableLine(diagnostic({ reason: "a\nb\x1b[2J\u202e" }), false);
  assert(line.endsWith('reason="a\\u{a}b\\u{1b}[2J\\u{202e}"'), line);
  assert(!UNSAFE.test(line), line);
});

Deno.test("readableLine() colours the level alone", () => {
  const plain = readableLine({ ...diagnostic({ a: 1 }), level: "error" }, false);
  const coloured = readableLine({ ...diagnostic({ a: 1 }), level: "error" }, true);
  assertEquals(coloured, plain.replace("ERROR", "\x1b[31mERROR\x1b[0m"));
});

Deno.test("jsonLine() and readableLine() are one harmless line, whatever the fields hold", () => {
  const fields = fc.dictionary(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }), { maxKeys: 3 });
  fc.assert(
    fc.property(fields, fc.string({ unit: "binary" }), (drawn, event) => {
      assert(!UNSAFE.test(jsonLine(diagnostic(drawn, event))));
      assert(!UNSAFE.test(readableLine(diagnostic(drawn, event), false)));
    }),
    { numRuns: 500 },
  );
  console.log("500 diagnostics");
});

Deno.test("checkFields() refuses secrets, what people say, and the diagnostic's own fields", () => {
  for (const name of ["password", "token", "content", "hash", "Password", "time", "level", "event", "node"]) {
    assertThrows(() => checkFields({ [name]: "x" }), AssertionError, `"${name}"`);
  }
  checkFields({ account: "alice", hashQueue: 3, tokens: 2 });
});
