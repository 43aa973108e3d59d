import { assertEquals } from "@std/assert";
import { hashOf, type Route, routeOf } from "../../../../client/web/page/route.ts";

const ROUTES: readonly (readonly [string, Route])[] = [
  ["#/", { kind: "chats" }],
  ["#/people", { kind: "people" }],
  ["#/search", { kind: "search" }],
  ["#/search/bob", { kind: "search", with: "bob" }],
  ["#/settings", { kind: "settings" }],
  ["#/about", { kind: "about" }],
  ["#/chat/bob", { kind: "chat", name: "bob" }],
  ["#/chat/bob~node2", { kind: "chat", name: "bob~node2" }],
  ["#/chat/bob/b0b1", { kind: "chat", name: "bob", account: "b0b1" }],
  ["#/chat/a%2Fb%20c", { kind: "chat", name: "a/b c" }],
];

Deno.test("routeOf() and hashOf() are inverse for every screen", () => {
  for (const [hash, route] of ROUTES) {
    assertEquals(routeOf(hash), route, hash);
    assertEquals(hashOf(route), hash);
  }
  console.log(`${ROUTES.length} addresses read and written`);
});

Deno.test("routeOf() takes anything unknown for the chats, and never throws", () => {
  const strange = ["", "#", "/", "#/nowhere", "#/chat", "#/chat/", "#/%", "#/chat/%E0%A4%A", "#//", "#?x"];
  for (const hash of strange) assertEquals(routeOf(hash), { kind: "chats" }, hash);
  assertEquals(routeOf("#/search/"), { kind: "search" });
  assertEquals(routeOf("#/chat/bob/"), { kind: "chat", name: "bob" });
  const long = routeOf(`#/chat/${"x".repeat(100_000)}`);
  assertEquals(long.kind === "chat" && long.name.length < 1_001, true);
  console.log(`${strange.length + 3} addresses read`);
});
