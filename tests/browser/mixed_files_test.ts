import { assertEquals } from "@std/assert";
import { EN } from "../../client/web/texts/en.ts";
import { VERSION } from "../../common/version.ts";
import { eventually } from "../testing/eventually.ts";
import { OtherBuild } from "../testing/other_build.ts";
import { browserTest } from "./chromium.ts";
import { LATER, LATER_VERSION, versionOf } from "./other_versions.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";
import { storedText } from "./stored.ts";

/** Files of a later version that come with the others of this one, as from a proxy between nodes of both. */
const MIXED: readonly (readonly string[])[] = [
  ["index.html"],
  ["main.js"],
  ["style.css"],
  ["service_worker.js"],
  ["index.html", "style.css"],
  ["main.js", "service_worker.js"],
];

browserTest("a page whose files are of two versions works, and without its node, too", async (stage) => {
  await using later = await OtherBuild.make(LATER);
  await using mixed = await OtherBuild.make({ both: [] });
  const own = new Map<string, Uint8Array>();
  for await (const { name } of Deno.readDir(mixed.page)) {
    own.set(name, await Deno.readFile(`${mixed.page}/${name}`));
  }
  await using nodes = await PageCluster.make(1);
  const node = nodes.cluster.node(1);
  node.program = mixed.serverCommand();
  for (const [number, files] of MIXED.entries()) {
    for (const file of files) await Deno.copyFile(`${later.page}/${file}`, `${mixed.page}/${file}`);
    await node.start();
    const person = await Person.register(stage, `person${number}`, nodes.address(1));
    await person.chatWith(person.name);
    await person.say("a note");
    await person.sees("a note", "read");
    await person.hasWorker();
    await person.page.reload();
    await person.sees("a note", "read");
    await eventually("the chat is kept", async () => (await storedText(person.page)).includes("a note"));
    await node.kill();
    await person.page.reload();
    await person.sees("a note", "read");
    await person.say("without a node");
    await person.sees("without a node", "queued");
    await node.start();
    await person.sees("without a node", "read");
    await person.context.close();
    await node.end();
    for (const file of files) {
      await Deno.writeFile(`${mixed.page}/${file}`, own.get(file) ?? new Uint8Array());
    }
  }
  console.log(`${MIXED.length} mixtures of ${own.size} files`);
});

browserTest(
  "a page that was open while its node was upgraded is the new one after a reload without the node",
  async (stage) => {
    await using later = await OtherBuild.make(LATER);
    await using nodes = await PageCluster.start();
    const node = nodes.cluster.node(1);
    const alice = await Person.register(stage, "alice", nodes.address(1));
    await alice.chatWith("alice");
    await alice.say("before the upgrade");
    await alice.sees("before the upgrade", "read");
    await alice.hasWorker();
    for (
      const [program, version] of [[later.serverCommand(), LATER_VERSION], [node.program, VERSION]] as const
    ) {
      await node.end();
      node.program = program;
      await node.start();
      await alice.page.locator(".banner", { hasText: EN.banner.version }).waitFor();
      await alice.page.evaluate(CACHED);
      await node.kill();
      await alice.page.reload();
      assertEquals(await versionOf(alice.page), version);
      await alice.page.goBack();
      await alice.say(`without ${version}`);
      await alice.sees(`without ${version}`, "queued");
      await node.start();
      await alice.sees(`without ${version}`, "read");
    }
  },
);

/** Waits until the service worker of the other version has all its files. */
const CACHED = `(async () => {
  const registration = await navigator.serviceWorker.ready;
  while (registration.installing !== null || registration.waiting !== null) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
})()`;
