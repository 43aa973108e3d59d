import { assertEquals, assertStringIncludes, assertThrows } from "@std/assert";
import { firstLine } from "../../client/terminal/input.ts";
import { processTest } from "../testing/permissions.ts";

processTest(
  "firstLine() reads UTF-8 as every system writes it, and takes nothing else for a password",
  async () => {
    const file = await Deno.makeTempFile({ prefix: "chat-input-test-" });
    const put = (...bytes: readonly (number | string)[]): void =>
      Deno.writeFileSync(
        file,
        Uint8Array.from(
          bytes.flatMap((each) => typeof each === "number" ? [each] : [...new TextEncoder().encode(each)]),
        ),
      );
    try {
      const texts: readonly (readonly (number | string)[])[] = [
        ["größer"],
        ["größer\n\n"],
        ["größer\r\nmore\r\n"],
        [0xef, 0xbb, 0xbf, "größer\r\n"],
      ];
      for (const text of texts) {
        put(...text);
        assertEquals(firstLine(file), "größer");
      }
      // UTF-16 with its mark, as `>` of Windows PowerShell 5 writes it.
      put(0xff, 0xfe, "a\0b\0");
      assertStringIncludes(assertThrows(() => firstLine(file), Error).message, "UTF-8");
    } finally {
      await Deno.remove(file);
    }
  },
);
