import { assertEquals } from "@std/assert";
import { permissionFlags, PROGRAMS } from "../../../packaging/programs.ts";

Deno.test("PROGRAMS has the server with the permissions that its paths and ports need, and no others", () => {
  const [server] = PROGRAMS;
  assertEquals(server?.name, "chat-server");
  assertEquals(server?.entry, "server/main.ts");
  assertEquals(server?.permissions, [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--ignore-env",
  ]);
});

Deno.test("PROGRAMS has the client", () => {
  const client = PROGRAMS[1];
  assertEquals(client?.name, "chat-client");
  assertEquals(client?.entry, "client/main.ts");
  assertEquals(client?.permissions, [
    "--no-prompt",
    "--allow-net",
    "--allow-read",
    "--allow-write",
    "--allow-env=TERM",
  ]);
  assertEquals(PROGRAMS.length, 2);
});

Deno.test("PROGRAMS has no name twice, neither of a program nor of a file in a bundle", () => {
  const names = PROGRAMS.map(({ name }) => name);
  assertEquals(new Set(names).size, names.length);
  for (const { loads } of PROGRAMS) {
    const bundled = ["main.js", ...loads.map((file) => file.bundled)];
    assertEquals(new Set(bundled).size, bundled.length);
  }
});

Deno.test("permissionFlags() takes what is about permissions, and nothing else of the command", () => {
  assertEquals(
    permissionFlags(
      "deno run --no-prompt --check --allow-net=127.0.0.1 --deny-read=/etc --ignore-env --v8-flags=--allow main.ts",
    ),
    ["--no-prompt", "--allow-net=127.0.0.1", "--deny-read=/etc", "--ignore-env"],
  );
  assertEquals(permissionFlags("deno run main.ts"), []);
});
