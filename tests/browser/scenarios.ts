/**
 * Scenarios that share a browser and its nodes, one after another: each has people and windows of its own.
 *
 * @module
 */

import { assertEquals } from "@std/assert";
import { browserTest, showWindows, type Stage } from "./chromium.ts";
import { PageCluster } from "./page_cluster.ts";

/** The stage of a scenario, with its nodes. */
export interface Scene extends Stage {
  readonly nodes: PageCluster;
}

/** Nodes of the scenarios of a file. */
interface Nodes {
  readonly count: number;
  readonly configuration?: Readonly<Record<string, unknown>>;
}

/** Registers scenarios, each by what the page does in it. A complaint of the browser fails the one it came in. */
export function scenarios(
  name: string,
  { count, configuration }: Nodes,
  plays: Readonly<Record<string, (scene: Scene) => Promise<void>>>,
): void {
  browserTest(name, async (stage, test) => {
    await using nodes = await PageCluster.start(count, configuration && { configuration });
    for (const [what, play] of Object.entries(plays)) {
      await test.step(what, () => perform({ ...stage, nodes }, play));
    }
  });
}

async function perform(scene: Scene, play: (scene: Scene) => Promise<void>): Promise<void> {
  const { browser, complaints } = scene;
  try {
    await play(scene);
    assertEquals(complaints, [], "the browser complains");
  } catch (error) {
    console.error(complaints.join("\n"));
    await showWindows(browser);
    throw error;
  } finally {
    for (const context of browser.contexts()) await context.close();
    complaints.length = 0;
  }
}
