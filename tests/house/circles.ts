/**
 * Circles of imports, types included: of files, and of rooms.
 *
 * @module
 */

import type { Check, House, HouseFile } from "./house.ts";
import { roomOf } from "./rooms.ts";

/**
 * The state types of the core, which refer to one another as people and messages do: an account has
 * conversations and a backlog of messages, and a message has two accounts.
 */
const STATE_TYPES = new Set([
  "server/core/accounts/account.ts",
  "server/core/messages/backlog.ts",
  "server/core/messages/conversation.ts",
  "server/core/messages/last_message.ts",
  "server/core/messages/message.ts",
]);

/** Programs; the parts of a simulated world refer to one another. */
const CHECKED = /^(common|server|client|bench|demo|packaging)\//;

/** No file reaches itself through its imports, but for the state types of the core among themselves. */
export const NO_CIRCLES: Check = {
  name: "no circles of imports but among the state types of the core",
  run: ({ files }) => {
    const checked = files.filter(({ path }) => CHECKED.test(path));
    const graph = new Map(checked.map((file) => [file.path, new Set(importedFiles(file))]));
    const offences = [...graph.keys()].flatMap((path) => offencesOf(path, shortestCircle(graph, path)));
    return { offences: [...new Set(offences)], checked: graph.size, unit: "files" };
  },
};

/** No room reaches itself through the imports of its files. */
export const NO_CIRCLES_OF_ROOMS: Check = {
  name: "no circles of rooms",
  run: (house) => {
    const graph = roomGraph(house);
    const circles = [...graph.keys()].flatMap((room) => {
      const circle = shortestCircle(graph, room);
      return circle ? [circleText(circle)] : [];
    });
    const checked = [...graph.values()].reduce((sum, { size }) => sum + size, 0);
    return { offences: [...new Set(circles)], checked, unit: "arrows between rooms" };
  },
};

type Graph = ReadonlyMap<string, ReadonlySet<string>>;

function importedFiles({ imports }: HouseFile): string[] {
  return imports.flatMap(({ target, bare }) => target === undefined || bare ? [] : [target]);
}

function roomGraph({ files }: House): Graph {
  const graph = new Map<string, Set<string>>();
  for (const file of files) {
    const room = roomOf(file.path);
    if (room === undefined) continue;
    const arrows = graph.get(room) ?? new Set();
    for (const other of importedFiles(file).map(roomOf)) {
      if (other !== undefined && other !== room) arrows.add(other);
    }
    graph.set(room, arrows);
  }
  return graph;
}

/**
 * Each file outside the state types is checked for its own circle, so that none through one is overlooked.
 */
function offencesOf(path: string, circle: readonly string[] | undefined): string[] {
  if (circle === undefined) {
    return STATE_TYPES.has(path) ? [`${path} is in no circle and needs no exception`] : [];
  }
  return circle.every((each) => STATE_TYPES.has(each)) ? [] : [circleText(circle)];
}

/** The nodes of a shortest circle from a node back to it. */
function shortestCircle(graph: Graph, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>();
  for (const queue = [start]; queue.length > 0;) {
    const node = queue.shift() ?? "";
    for (const next of graph.get(node) ?? []) {
      if (next === start) return pathTo(node, start, cameFrom);
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, node);
      queue.push(next);
    }
  }
  return undefined;
}

function pathTo(node: string, start: string, cameFrom: ReadonlyMap<string, string>): string[] {
  const path = [node];
  for (let at = node; at !== start;) {
    at = cameFrom.get(at) ?? start;
    path.unshift(at);
  }
  return path;
}

/** Begins with the first node in the order of names: a circle is found from all of its nodes. */
function circleText(circle: readonly string[]): string {
  const first = circle.indexOf(circle.toSorted()[0] ?? "");
  const turned = [...circle.slice(first), ...circle.slice(0, first)];
  return [...turned, turned[0]].join(" -> ");
}
