import type { NodeAddress } from "../../../common/protocol/shapes.ts";
import { assertEquals, assertGreaterOrEqual, assertLessOrEqual } from "@std/assert";
import { NodeList, type NodePlace, shownPlace } from "../../../client/core/node_list.ts";
import { parseClusterConfig, parseServers } from "../../../client/terminal/flags/places.ts";

Deno.test("parseServers() reads hosts with and without a port", () => {
  assertEquals(parseServers("a:1, b ,[::1]:65535,[fe80::1]"), {
    places: [
      { host: "a", port: 1 },
      { host: "b", port: 5000 },
      { host: "::1", port: 65535 },
      { host: "fe80::1", port: 5000 },
    ],
  });
});

Deno.test("parseServers() names what is wrong", () => {
  for (const text of ["", "a,", "a:0", "a:65536", "a:x", "::1", "a b:1"]) {
    assertEquals("problem" in parseServers(text), true, text);
  }
  assertEquals(parseServers("a:99999"), { problem: '"a:99999" is no host:port, such as 127.0.0.1:5000' });
});

Deno.test("parseClusterConfig() passes over archives, which serve no clients", () => {
  const config = {
    nodes: [
      { name: "node1", tcp: { host: "127.0.0.1", port: 5000 } },
      { name: "node2", tcp: { host: "127.0.0.1", port: 5001 }, tags: ["replica", "archive"] },
    ],
  };
  assertEquals(parseClusterConfig(JSON.stringify(config), false), {
    places: [{ host: "127.0.0.1", port: 5000, name: "node1" }],
  });
});

Deno.test("parseClusterConfig() takes what clients are told", () => {
  const config = {
    nodes: [
      { name: "n1", tcp: { host: "0.0.0.0", port: 5000 }, tls: { port: 5443 } },
      { name: "n2", tcp: { host: "10.0.0.2", port: 5000 }, advertise: { host: "chat.example", port: 80 } },
      { name: "n3" },
    ],
  };
  assertEquals(parseClusterConfig(JSON.stringify(config), false), {
    places: [{ host: "127.0.0.1", port: 5000, name: "n1" }, { host: "chat.example", port: 80, name: "n2" }],
  });
  assertEquals(parseClusterConfig(JSON.stringify(config), true), {
    places: [{ host: "127.0.0.1", port: 5443, name: "n1" }],
  });
});

Deno.test("parseClusterConfig() says what is wrong", () => {
  for (const text of ["{", "[]", '{"nodes":[]}', '{"nodes":[{"name":"n1"}]}', '{"nodes":[1]}', "null"]) {
    assertEquals("problem" in parseClusterConfig(text, false), true, text);
  }
});

Deno.test("NodeList goes round, and waits longer after every round", () => {
  const nodes = new NodeList([{ host: "a", port: 1 }, { host: "b", port: 2 }]);
  assertEquals([nodes.take()?.host, nodes.take()?.host, nodes.take()?.host], ["a", "b", "a"]);
  const waits = Array.from({ length: 16 }, () => nodes.failed(1)).filter((_, i) => i % 2 === 1);
  assertEquals(waits, [200, 400, 800, 1600, 3200, 5000, 5000, 5000]);
  nodes.found();
  assertEquals([nodes.failed(1), nodes.failed(0)], [0, 100]);
});

Deno.test("NodeList.take() leaves out the places that are being tried", () => {
  const [a, b, c] = [{ host: "a", port: 1 }, { host: "b", port: 2 }, { host: "c", port: 3 }];
  const nodes = new NodeList([a, b, c]);
  assertEquals([nodes.take()?.host, nodes.take([a])?.host, nodes.take([a, c])?.host], ["a", "b", "b"]);
  assertEquals([nodes.take([{ ...c }])?.host, nodes.take([a, b, c])], ["a", undefined]);
  assertEquals(nodes.take()?.host, "b");
});

Deno.test("NodeList.failed() leaves half of a wait to chance", () => {
  for (const chance of [0, 0.3, 1]) {
    const wait = new NodeList([{ host: "a", port: 1 }]).failed(chance);
    assertGreaterOrEqual(wait, 100);
    assertLessOrEqual(wait, 200);
  }
});

Deno.test("NodeList goes on behind the node that told of the others", () => {
  const nodes = new NodeList([{ host: "a", port: 1 }]);
  assertEquals(nodes.take()?.host, "a");
  nodes.learn([{ name: "a", host: "a", port: 1 }, { name: "b", host: "b", port: 2 }]);
  assertEquals([nodes.take()?.host, nodes.take()?.host], ["b", "a"]);
});

Deno.test("NodeList.learn() adds nodes once, and the names of those it has", () => {
  const nodes = new NodeList([{ host: "127.0.0.1", port: 5000 }]);
  const told = [{ name: "n1", host: "127.0.0.1", port: 5000 }, { name: "n2", host: "::1", port: 5001 }];
  nodes.learn(told);
  nodes.learn(told);
  assertEquals(nodes.places.map((place) => [place.name, shownPlace(place)]), [
    ["n1", "127.0.0.1:5000"],
    ["n2", "[::1]:5001"],
  ]);
  assertEquals([nodes.prefer("n2"), nodes.take()?.name, nodes.prefer("n9")], [true, "n2", false]);
});

Deno.test("NodeList.learn() forgets nodes that are no more, and goes on with the one behind the last", () => {
  const node = (name: string): NodeAddress => ({ name, host: name, port: 1 });
  const nodes = new NodeList([{ host: "tunnel", port: 9 }, { host: "a", port: 1 }]);
  nodes.learn([node("a"), node("b"), node("c")]);
  assertEquals([nodes.take()?.host, nodes.take()?.host, nodes.take()?.host], ["tunnel", "a", "b"]);
  nodes.learn([node("a"), node("c"), node("d")]);
  assertEquals(nodes.places.map(({ host }) => host), ["tunnel", "a", "c", "d"]);
  assertEquals([nodes.take()?.host, nodes.take()?.host, nodes.take()?.host], ["c", "d", "tunnel"]);
  nodes.learn([]);
  assertEquals(nodes.places.length, 4);
});

Deno.test("NodeList.learn() takes another name for the same place", () => {
  const nodes = new NodeList([{ host: "a", port: 1, name: "old" }]);
  nodes.learn([{ name: "new", host: "a", port: 1 }]);
  assertEquals(nodes.places, [{ host: "a", port: 1, name: "new" }]);
});

/** The place of a node for a client that reaches pages alone. */
function pageOf({ name, web }: NodeAddress): NodePlace | undefined {
  return web === undefined ? undefined : { host: "127.0.0.1", port: 5_080, page: web, name };
}

Deno.test("NodeList.learn() takes the places that this client can reach, and one of several that are alike", () => {
  const own = { host: "127.0.0.1", port: 5_080, page: "http://127.0.0.1:5080/a/" };
  const nodes = new NodeList([own], pageOf);
  const node = (name: string, web?: string): NodeAddress => ({
    name,
    host: name,
    port: 1,
    ...(web && { web }),
  });
  nodes.learn([
    node("a", own.page),
    node("b", "http://127.0.0.1:5080/b/"),
    node("c"),
    node("d", "http://127.0.0.1:5080/b/"),
  ]);
  assertEquals(nodes.places.map((place) => [place.name, shownPlace(place)]), [
    ["a", "http://127.0.0.1:5080/a/"],
    ["b", "http://127.0.0.1:5080/b/"],
  ]);
  nodes.learn([node("a"), node("b")]);
  assertEquals(nodes.places.length, 2, "a WELCOME does not tell where pages are");
  nodes.learn([node("a")]);
  assertEquals(nodes.places.map(({ name }) => name), ["a"]);
});
