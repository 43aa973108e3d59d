import { assertEquals, assertThrows } from "@std/assert";
import { taskArguments } from "../../../bench/checkout.ts";
import project from "../../../deno.json" with { type: "json" };

function denoJson(command: string): string {
  return JSON.stringify({ tasks: { server: { command } } });
}

Deno.test("taskArguments() are those of the task that starts a node, which may say where its inspector is", () => {
  const args = taskArguments(denoJson("deno run --quiet --no-prompt --allow-net server/main.ts"));
  assertEquals(args, ["run", "--no-prompt", "--allow-net", "server/main.ts"]);
});

Deno.test("taskArguments() understands this project's own task", () => {
  const args = taskArguments(JSON.stringify(project));
  assertEquals([args.at(0), args.at(-1)], ["run", "server/main.ts"]);
});

Deno.test("taskArguments() refuses a task that runs something else, and a project without one", () => {
  assertThrows(() => taskArguments(denoJson("node server.js")), Error, "node server.js");
  assertThrows(() => taskArguments("{}"), Error);
});
