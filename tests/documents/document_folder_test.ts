/**
 * The check of a download, as the documents give it: it passes for a good download and fails for a bad one.
 *
 * @module
 */

import { assertEquals, assertMatch } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { releasedName } from "../../packaging/targets.ts";
import { processTest } from "../testing/permissions.ts";
import { DocumentFolder, DOWNLOADED_TARGET } from "./document_folder.ts";
import { otherPlatform } from "./obstacles.ts";

const SERVER = releasedName("chat-server", VERSION, DOWNLOADED_TARGET);
const CLIENT = releasedName("chat-client", VERSION, DOWNLOADED_TARGET);

/** Tries a download of two scripts, with the commands that Linux has. */
function downloadTest(name: string, use: (folder: string) => Promise<void>): void {
  const test = async (): Promise<void> => await withDownload(use);
  if (Deno.build.os === "linux") processTest(name, test);
  else Deno.test({ name: `${name} (ignored: needs Linux)`, ignore: true, fn: test });
}

async function withDownload(use: (folder: string) => Promise<void>): Promise<void> {
  const script = await Deno.makeTempFile({ prefix: "chat-document-test-" });
  try {
    await Deno.writeTextFile(script, "#!/bin/sh\n", { mode: 0o755 });
    await using folder = await DocumentFolder.make("download", { server: script, client: script });
    await use(folder.path);
  } finally {
    await Deno.remove(script);
  }
}

/** Runs a line of the shell; returns its exit status and output. */
async function shell(command: string, cwd: string): Promise<{ status: number; said: string }> {
  const options = { args: ["-c", command], cwd, env: { LC_ALL: "C" } };
  const { code, stdout, stderr } = await new Deno.Command("sh", options).output();
  const decoder = new TextDecoder();
  return { status: code, said: decoder.decode(stdout) + decoder.decode(stderr) };
}

downloadTest(
  "a download is its two executables, which cannot be run yet, and a list of more",
  async (folder) => {
    const names = (await Array.fromAsync(Deno.readDir(folder))).map(({ name }) => name).sort();
    assertEquals(names, ["SHA256SUMS", CLIENT, SERVER].sort());
    assertEquals((await shell(`./${SERVER}`, folder)).status, 126);
    assertEquals((await shell(`chmod +x ${SERVER} && ./${SERVER}`, folder)).status, 0);
  },
);

downloadTest("a download passes its check, unless a byte of it is wrong", async (folder) => {
  const check = "sha256sum --check --ignore-missing SHA256SUMS";
  assertEquals(await shell(check, folder), { status: 0, said: `${CLIENT}: OK\n${SERVER}: OK\n` });
  assertEquals((await shell("sha256sum --check SHA256SUMS", folder)).status, 1, "more is in the list");
  await Deno.writeTextFile(`${folder}/${CLIENT}`, "#", { append: true });
  const { status, said } = await shell(check, folder);
  assertEquals(status, 1);
  assertMatch(said, /^chat-client-\S+: FAILED$/m);
});

Deno.test("otherPlatform() says why a download cannot be run", () => {
  assertEquals(otherPlatform("download", DOWNLOADED_TARGET), undefined);
  assertEquals(otherPlatform("executables", "aarch64-apple-darwin"), undefined);
  assertEquals(
    otherPlatform("download", "aarch64-apple-darwin"),
    "it downloads what is for x86_64-unknown-linux-gnu, and this is aarch64-apple-darwin",
  );
});
