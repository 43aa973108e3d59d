/**
 * A conversation of two people at two nodes, beside a load: every node must show all of it alike.
 *
 * @module
 */

import { assert, assertEquals } from "@std/assert";
import type { ChatMessage } from "../../common/protocol/shapes.ts";
import type { ClusterNode } from "./cluster_node.ts";
import { eventually } from "./eventually.ts";
import { allFound } from "./found_messages.ts";
import { logIn } from "./load_client.ts";
import { TestClient } from "./test_client.ts";

const NAMES = ["quiet-ann", "quiet-bob"] as const;
const [ANN, BOB] = NAMES;
/** Messages of one request. */
const PAGE = 500;

/** Two people who ask and answer. */
export class QuietConversation {
  /** Contents of the messages that are not deleted, in order. */
  readonly #said: string[] = [];
  /** Login tokens, by name. */
  readonly #tokens = new Map<string, string>();
  #turns = 0;

  /** Makes the accounts. */
  async begin({ port }: ClusterNode): Promise<void> {
    for (const name of NAMES) {
      await using client = await TestClient.connect(port);
      this.#tokens.set(name, await logIn(client, name, `password of ${name}`, "userNotExisting"));
    }
  }

  /**
   * Lets one ask at a node and the other answer at another; then one of them takes something back.
   *
   * @param nodes all of them
   * @throws {Error} if they do not show the same soon
   */
  async goOn(asking: ClusterNode, answering: ClusterNode, nodes: readonly ClusterNode[]): Promise<void> {
    await using ann = await this.#resume(asking, ANN);
    await using bob = await this.#resume(answering, BOB);
    const turn = ++this.#turns;
    const question = await this.#say(ann, BOB, `question ${turn}`);
    await eventually("the question is there", async () => (await viewOf(bob, ANN)).at(-1)?.id === question);
    await bob.expect("readMessages", { with: ANN, ids: [question] }, "ok");
    await this.#say(bob, ANN, `answer ${turn}`);
    await using bobElsewhere = await this.#resume(asking, BOB);
    await takeBack({ bob, ann, bobElsewhere }, `mistake ${turn}`);
    await this.#compare(nodes);
  }

  /**
   * Searches at a node for everything that both have said, and for what was taken back.
   *
   * @returns number of messages found
   * @throws {AssertionError} if it does not find the same as everybody is shown
   */
  async search(node: ClusterNode): Promise<number> {
    await using ann = await this.#resume(node, ANN);
    let count = 0;
    for (const words of ["question", "answer", "mistake"]) {
      const said = this.#said.filter((content) => content.startsWith(words)).toReversed();
      const found = await allFound(ann, { words, with: BOB });
      assertEquals(found.map(({ content }) => content), said, `${words} at ${node.name}`);
      count += found.length;
    }
    return count;
  }

  async #say(client: TestClient, to: string, content: string): Promise<string> {
    this.#said.push(content);
    return (await client.expect("sendMessage", { to, content }, "sent")).id;
  }

  async #compare(nodes: readonly ClusterNode[]): Promise<void> {
    let views: unknown[] = [];
    try {
      await eventually("all nodes show the same", async () => {
        views = await Promise.all(nodes.map((node) => this.#viewsAt(node)));
        return views.every((view) => JSON.stringify(view) === JSON.stringify(views[0]));
      });
    } catch (error) {
      throw new Error(`${error}\n${views.map((view) => JSON.stringify(view)).join("\n")}`);
    }
    const [[messages]] = views as [ChatMessage[][]];
    assertEquals(messages?.map(({ content }) => content), this.#said);
  }

  /** What both people see at a node. */
  async #viewsAt(node: ClusterNode): Promise<ChatMessage[][]> {
    await using ann = await this.#resume(node, ANN);
    await using bob = await this.#resume(node, BOB);
    return [await viewOf(ann, BOB), await viewOf(bob, ANN)];
  }

  async #resume({ port }: ClusterNode, name: string): Promise<TestClient> {
    const client = await TestClient.connect(port);
    await client.ask("resume", { token: this.#tokens.get(name) ?? "" });
    return client;
  }
}

/**
 * Deletes a message at one node, and sends it again at both: it stays deleted.
 *
 * @param clients `bob` at a node, the others at another
 */
async function takeBack(
  { bob, ann, bobElsewhere }: Readonly<Record<"bob" | "ann" | "bobElsewhere", TestClient>>,
  content: string,
): Promise<void> {
  const id = crypto.randomUUID();
  const lastOfAnn = async () => (await viewOf(ann, BOB)).at(-1)?.id;
  await bob.expect("sendMessage", { to: ANN, content, id }, "sent");
  await eventually("the mistake is there", async () => await lastOfAnn() === id);
  assertEquals(await bob.expect("deleteMessages", { ids: [id] }, "ok"), { count: 1 });
  await eventually("the mistake is gone", async () => await lastOfAnn() !== id);
  await bob.expect("sendMessage", { to: ANN, content, id }, "sent");
  const again = await bobElsewhere.ask("sendMessage", { to: ANN, content, id });
  // A node of this version does not recognise it by a deletion of the version before.
  const isRefused = again.name === "error" && again.payload.code === "id-conflict";
  assert(isRefused || again.name === "sent", JSON.stringify(again));
}

async function viewOf(client: TestClient, other: string): Promise<ChatMessage[]> {
  const { messages } = await client.expect("listMessages", { with: other, limit: PAGE }, "messages");
  return [...messages];
}
