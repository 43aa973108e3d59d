import { assertEquals } from "@std/assert";
import { compileCommand } from "../../../packaging/compile/executable.ts";
import { PROGRAMS } from "../../../packaging/programs.ts";

/** The command line for a program. */
function commandOf(name: string): readonly string[] {
  const program = PROGRAMS.find((each) => each.name === name);
  if (program === undefined) throw new Error(`there is no ${name}`);
  const [bundle, output] = [`work/${name}`, `dist/${name}`];
  return compileCommand({ program, bundle, target: "aarch64-apple-darwin", output });
}

Deno.test("compileCommand() lets the server do what its paths and ports need, and nothing else", () => {
  assertEquals(commandOf("chat-server"), [
    "compile",
    "--no-config",
    "--no-lock",
    "--no-check",
    "--no-code-cache",
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--ignore-env",
    "--include=work/chat-server/passwords/worker.js",
    "--include=work/chat-server/follower/writer_worker.js",
    "--include=work/chat-server/follower/reader_worker.js",
    "--include=work/chat-server/follower/start_worker.js",
    "--include=work/chat-server/follower/check_worker.js",
    "--include=work/chat-server/follower/verify_worker.js",
    "--include=work/chat-server/replication.proto",
    "--include=work/chat-server/page/",
    "--target=aarch64-apple-darwin",
    "--output=dist/chat-server",
    "work/chat-server/main.js",
  ]);
});

Deno.test("compileCommand() lets the client connect, read and keep a login, and see one variable", () => {
  assertEquals(commandOf("chat-client"), [
    "compile",
    "--no-config",
    "--no-lock",
    "--no-check",
    "--no-code-cache",
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=TERM",
    "--target=aarch64-apple-darwin",
    "--output=dist/chat-client",
    "work/chat-client/main.js",
  ]);
});
