import { assertEquals } from "@std/assert";
import { counted } from "../../../common/counted.ts";

Deno.test("counted() says one thing, and any other number of things", () => {
  assertEquals([0, 1, 2, 11].map((count) => counted(count, "message")), [
    "0 messages",
    "1 message",
    "2 messages",
    "11 messages",
  ]);
});
