import { assertStringIncludes } from "@std/assert";
import { failureText } from "../../client/web/texts/en_news.ts";
import { eventually } from "../testing/eventually.ts";
import { OtherBuild } from "../testing/other_build.ts";
import { browserTest } from "./chromium.ts";
import { LATER } from "./other_versions.ts";
import { PageCluster } from "./page_cluster.ts";
import { Person } from "./person.ts";
import { storedText } from "./stored.ts";

/** What a page tells of an outbox of a later version. */
const OF_LATER = failureText({ kind: "savedRefused", problem: { kind: "format", format: 2, known: 1 } });

browserTest(
  "what a browser keeps outlives an upgrade of the page, a way back, and another upgrade",
  async (stage) => {
    await using later = await OtherBuild.make(LATER);
    await using nodes = await PageCluster.start();
    const address = nodes.address(1);
    const node = nodes.cluster.node(1);
    const now = node.program;
    const alice = await Person.register(stage, "alice", address);
    const bob = await Person.register(stage, "bob", address);
    await bob.chatWith("alice");
    await alice.chatWith("bob");
    await alice.hasWorker();

    // Written with this version while its node ends, sent by the later one.
    await node.end();
    await alice.say("of this version");
    await alice.sees("of this version", "queued");
    await alice.page.fill("#composer", "a draft");
    await eventually("it is kept", async () => (await storedText(alice.page)).includes("a draft"));
    await alice.page.close();
    node.program = later.serverCommand();
    await node.start();
    const second = await alice.open(`${address}#/chat/bob`);
    await bob.sees("of this version");
    await eventually("the draft is there", async () => await second.inputValue("#composer") === "a draft");

    // Written with the later version, kept over a page of this one, and sent by the later one.
    await node.end();
    await second.fill("#composer", "of the later version");
    await second.press("#composer", "Enter");
    await eventually(
      "it is kept",
      async () => /"format":2.*of the later version/.test(await storedText(second)),
    );
    await second.close();
    node.program = now;
    await node.start();
    const third = await alice.open(`${address}#/chat/bob`);
    await third.locator(".told.alert", { hasText: OF_LATER }).waitFor();
    await third.fill("#composer", "from in between");
    await third.press("#composer", "Enter");
    await bob.sees("from in between");
    assertStringIncludes(await storedText(third), "of the later version");
    await third.close();
    await node.end();
    node.program = later.serverCommand();
    await node.start();
    const fourth = await alice.open(`${address}#/chat/bob`);
    await bob.sees("of the later version");
    await bob.hasTexts(["of this version", "from in between", "of the later version"]);
    await eventually("nothing waits", async () => !(await storedText(fourth)).includes('"status":"queued"'));
    console.log("3 messages, 4 pages of 2 versions: each sent once");
  },
);
