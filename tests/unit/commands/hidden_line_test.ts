import { assertEquals } from "@std/assert";
import { HiddenLine } from "../../../server/commands/hidden_line.ts";

/** The line that these keys make, typed in pieces of one byte and at once. */
function typed(keys: string): readonly (string | null | undefined)[] {
  const bytes = new TextEncoder().encode(keys);
  const whole = new HiddenLine().take(bytes);
  const line = new HiddenLine();
  let last: string | null | undefined;
  for (const byte of bytes) if (last === undefined) last = line.take(Uint8Array.of(byte));
  return [whole, last];
}

Deno.test("HiddenLine.take() makes a line of what is typed", () => {
  const cases: readonly (readonly [string, string | null | undefined])[] = [
    ["secret\r", "secret"],
    ["secret\nrest", "secret"],
    ["żółć 🎉\r", "żółć 🎉"],
    ["żół\x7f\x7fa\r", "ża"],
    ["a🎉\x08b\r", "ab"],
    ["\x7f\x7fa\r", "a"],
    ["wrong\x15right\r", "right"],
    ["\r", ""],
    ["sec\x03ret\r", null],
    ["\x04", null],
    ["sec", undefined],
  ];
  for (const [keys, line] of cases) assertEquals(typed(keys), [line, line], JSON.stringify(keys));
});

Deno.test("HiddenLine.take() keeps no more than a line can have", () => {
  const line = new HiddenLine();
  for (let i = 0; i < 100; i++) line.take(new Uint8Array(1_000).fill(0x61));
  assertEquals(line.take(Uint8Array.of(0x0d))?.length, 4_096);
});
