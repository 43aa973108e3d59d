import { assertEquals, assertMatch } from "@std/assert";
import { VERSION } from "../../common/version.ts";
import { EN } from "../../client/web/texts/en.ts";
import type { ClusterNode } from "../testing/cluster_node.ts";
import { eventually } from "../testing/eventually.ts";
import { OtherBuild } from "../testing/other_build.ts";
import { serverCommand } from "../testing/server_process.ts";
import { browserTest, type Stage } from "./chromium.ts";
import { EARLIER, EARLIER_VERSION, LATER, LATER_VERSION, versionOf } from "./other_versions.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";

/** Unread messages that an account may have. */
const INBOX_MESSAGES = 3;

/** Two people whose pages are of one version. */
class Pair {
  #said = 0;

  private constructor(readonly one: Person, readonly other: Person, readonly pages: string) {}

  /** Two people register with the page that the node has now, and open their chat. */
  static async open(stage: Stage, address: string, pages: string): Promise<Pair> {
    const [first, second] = [`a${pages}`, `b${pages}`].map((name) => name.replaceAll(".", "-"));
    const one = await Person.register(stage, first ?? "", address);
    const other = await Person.register(stage, second ?? "", address);
    await one.chatWith(other.name);
    await other.chatWith(one.name);
    for (const { page } of [one, other]) {
      assertEquals(await versionOf(page), pages);
      await page.evaluate("globalThis.isFirst = true");
      await page.goBack();
    }
    return new Pair(one, other, pages);
  }

  /** They talk: messages and marks both ways, and the list of people. */
  async talk(): Promise<void> {
    const { one, other } = this;
    for (const [from, to] of [[one, other], [other, one]] as const) {
      const text = `message ${++this.#said} of ${from.name}.`;
      await from.say(text);
      await to.sees(text);
      await from.sees(text, "read");
    }
    await one.page.evaluate(`location.hash = "#/people"`);
    await one.page.locator("#people-filter").waitFor();
    await one.page.locator("li.row", { hasText: other.name }).waitFor();
    await one.page.goBack();
    await one.page.locator("#composer").waitFor();
  }

  /** Searches for the words that they have said. */
  async search(): Promise<string> {
    const { page } = this.one;
    await page.evaluate(`location.hash = "#/search"`);
    await page.fill("#words", "message");
    await page.press("#words", "Enter");
    // Until the next frame, the outcome of the search before is there.
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))");
    const outcome = page.getByText(/found$|cannot search|unknown/).first();
    await outcome.waitFor();
    const text = await outcome.innerText();
    await page.goBack();
    await page.locator("#composer").waitFor();
    return text;
  }
}

browserTest("pages of three versions go on at nodes of all three", async (stage) => {
  await using earlier = await OtherBuild.make(EARLIER);
  await using later = await OtherBuild.make(LATER);
  const programs: Readonly<Record<string, readonly string[]>> = {
    [EARLIER_VERSION]: earlier.serverCommand(),
    [VERSION]: serverCommand(),
    [LATER_VERSION]: later.serverCommand(),
  };
  const limits = { inboxMessages: INBOX_MESSAGES };
  await using nodes = await PageCluster.make(1, { configuration: { limits } });
  const node = nodes.cluster.node(1);
  const pairs: Pair[] = [];
  const met = new Set<string>();
  const way = [EARLIER_VERSION, VERSION, LATER_VERSION, EARLIER_VERSION, VERSION];
  for (const version of way) {
    await become(node, programs[version] ?? []);
    if (!pairs.some(({ pages }) => pages === version)) {
      pairs.push(await Pair.open(stage, nodes.address(1), version));
    }
    for (const pair of pairs) {
      await pair.talk();
      const searched = await pair.search();
      const canSearch = version !== EARLIER_VERSION && pair.pages !== EARLIER_VERSION;
      assertMatch(searched, canSearch ? /messages found$/ : /cannot search/);
      met.add(`${pair.pages} at ${version}`);
    }
  }
  for (const { one, other } of pairs) {
    for (const { page } of [one, other]) {
      assertEquals(await page.evaluate("isFirst"), true, "a page was loaded again by itself");
    }
  }
  assertEquals(met.size, 9);
  console.log(`${way.length} starts of a node, pages and nodes met: ${[...met].join(", ")}`);
});

browserTest(
  "a page that finds another version says so, and is that version once it is loaded again",
  async (stage) => {
    await using later = await OtherBuild.make(LATER);
    await using nodes = await PageCluster.start(1);
    const node = nodes.cluster.node(1);
    const { page, name } = await Person.register(stage, "alice", nodes.address(1));
    await page.evaluate(`location.hash = "#/chat/alice"`);
    await page.evaluate("navigator.serviceWorker.ready.then(() => true)");
    const banner = page.locator(".banner", { hasText: EN.banner.version });
    for (
      const [program, version] of [[later.serverCommand(), LATER_VERSION], [node.program, VERSION]] as const
    ) {
      const draft = `a draft of ${name} for ${version}`;
      await page.fill("#composer", draft);
      await become(node, program);
      await banner.waitFor();
      assertEquals(await page.inputValue("#composer"), draft);
      await banner.getByRole("button", { name: EN.banner.reload }).click();
      await banner.waitFor({ state: "detached" });
      await page.locator("#composer").waitFor();
      // The later version keeps it in a format that this one cannot read, and leaves to it.
      const isReadable = version === LATER_VERSION;
      if (!isReadable) await page.locator(".told.alert", { hasText: "newer version" }).waitFor();
      await eventually(
        "the draft is back",
        async () => await page.inputValue("#composer") === (isReadable ? draft : ""),
      );
      assertEquals(await versionOf(page), version);
      await page.goBack();
    }
  },
);

browserTest("a refusal whose code the page does not know is told in the words of the node", async (stage) => {
  await using later = await OtherBuild.make(LATER);
  await using nodes = await PageCluster.start(1, {
    configuration: { limits: { inboxMessages: INBOX_MESSAGES } },
  });
  const node = nodes.cluster.node(1);
  const alice = await Person.register(stage, "alice", nodes.address(1));
  const bob = await Person.register(stage, "bob", nodes.address(1));
  await bob.page.close();
  await alice.chatWith("bob");
  await become(node, later.serverCommand());
  for (let count = 1; count <= INBOX_MESSAGES; count++) {
    await alice.say(`message ${count}.`);
    await alice.sees(`message ${count}.`, "unread");
  }
  await alice.say("too many");
  await alice.sees("too many", "failed");
  await alice.messages("too many").getByText(/bob has 3 unread messages/i).waitFor();
  const again = await bob.open(`${nodes.address(1)}#/chat/alice`);
  await again.locator("#history [data-id]", { hasText: "message 3." }).waitFor();
  await alice.sees("message 3.", "read");
  await alice.messages("too many").getByRole("button", { name: EN.menu.retry }).click();
  await alice.sees("too many", "read");
});

/** Ends a node, if it runs, and starts another version in its place. */
async function become(node: ClusterNode, program: readonly string[]): Promise<void> {
  if (node.isRunning) await node.end();
  node.program = program;
  await node.start();
}
