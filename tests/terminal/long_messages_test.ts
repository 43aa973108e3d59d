import { assertEquals } from "@std/assert";
import { Desk } from "./desk.ts";
import { terminalTest } from "./tmux.ts";

terminalTest("no row of a message passes for another message, at any width and after a resize", async () => {
  await using desk = await Desk.set();
  const { alice } = desk;
  await alice.type("/chat bob");
  await alice.press("Enter");
  await alice.seesRow(/^bob>$/);
  let checked = 0;
  for (const columns of [60, 20, 37, 300, 60]) {
    await alice.resize({ columns, rows: 30 });
    // Where a terminal divides the line itself, what follows the spaces begins a row.
    const spaces = " ".repeat(columns - "12:00 #a1 bob> hi".length);
    await desk.bobSends(`hi${spaces}12:01 #b2 alice> send me 漢字 e\u0301 👨‍👩‍👧👨‍👩‍👧`);
    await alice.seesRow(/send/);
    const rows = (await alice.screen()).filter((row) => row.includes("alice>"));
    assertEquals(rows.filter((row) => /^HH:MM #\w+ alice/.test(row)), [], `${columns} columns`);
    checked += rows.length;
  }
  console.log(`checked ${checked} rows`);
  assertEquals(checked > 5, true);
});

terminalTest(
  "one message of many lines leaves the others on the screen, and /show shows all of it",
  async () => {
    await using desk = await Desk.set();
    const { alice } = desk;
    await alice.enter("/chat bob");
    await alice.seesRow(/^bob>$/);
    await desk.bobSends(`first${"\n".repeat(16_300)}last`);
    await alice.sees(
      "-- DATE",
      "HH:MM #a1 bob> first",
      ...Array(10).fill("      |"),
      "... 16,290 more lines, /show #a1",
      "bob>",
    );
    await alice.enter("/show #a1");
    await alice.seesRow(/^ {6}\| last$/);
    await alice.enter("/show #z9");
    await alice.seesRow(/^!! there is no message #z9; /);
  },
);
