import { assertEquals, assertGreater } from "@std/assert";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Event } from "../../../server/core/events.ts";
import { processTest } from "../../testing/permissions.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { Entries, inFolder, query, sent } from "./archive_folder.ts";

processTest("compact() leaves no byte of deleted content in any file", () =>
  inFolder((path, folder) => {
    const numbers = new SeededNumbers(9);
    const entries = new Entries();
    const archive = ArchiveDatabase.open(path, "write");
    const people = ["ann", "bob", "cem", "dee", "eve", "fay"];
    const gone = new Set<string>();
    const sentOnce = new Set<string>();
    const living = new Map<string, { readonly from: string; readonly to: string; readonly secret: string }>();
    let made = 0;
    let looks = 0;
    for (let round = 0; round < 12; round++) {
      const events: Event[] = [];
      for (let i = 0; i < 1_500; i++) {
        const [from, to] = [numbers.pick(people), numbers.pick(people)];
        const secret = `secret${made++}q`;
        const content = `${secret} ${"padding ".repeat(numbers.below(30))}`;
        const id = numbers.below(20) === 0 ? `again${numbers.below(50)}` : `m${made}`;
        // A message that was deleted stays deleted when it is sent again.
        if (living.has(id) || sentOnce.has(`${from} ${to} ${id}`)) continue;
        sentOnce.add(`${from} ${to} ${id}`);
        living.set(id, { from, to, secret });
        events.push(sent(id, from, to, content));
      }
      fold(events);
      for (const [id, { from, to, secret }] of living) {
        if (numbers.below(4) > 0) continue;
        fold([{ type: "messagesDeleted", sender: from, recipient: to, ids: [id] }]);
        gone.add(secret);
        living.delete(id);
      }
      if (round === 8) removeAccount("fay");
      while (archive.compact(1));
      assertEquals(leftIn(folder), [], `round ${round}`);
      looks += gone.size;
    }
    const text = textOfFolder(folder);
    const kept = [...living.values()].filter(({ secret }) => text.includes(secret)).length;
    assertEquals(kept, living.size);
    archive.close();
    console.log(`${gone.size} of ${made} contents deleted, ${looks} looked for`);
    assertGreater(gone.size, 5_000);

    function fold(events: readonly Event[]): void {
      archive.fold(entries.of(...events), entries.position);
    }

    function removeAccount(account: string): void {
      fold([{ type: "accountDeleted", account }]);
      people.splice(people.indexOf(account), 1);
      assertEquals(archive.answer(query(account, "secret")).messages, []);
      for (const [id, { from, to, secret }] of living) {
        if (from !== account && to !== account) continue;
        gone.add(secret);
        living.delete(id);
        const other = from === account ? to : from;
        assertEquals(archive.answer(query(other, secret)).messages, []);
      }
    }

    function leftIn(folder: string): string[] {
      return [...textOfFolder(folder).matchAll(/secret\d+q/g)].map(([secret]) => secret)
        .filter((secret) => gone.has(secret));
    }
  }));

function textOfFolder(folder: string): string {
  const decoder = new TextDecoder("latin1");
  return [...Deno.readDirSync(folder)].map(({ name }) =>
    decoder.decode(Deno.readFileSync(`${folder}/${name}`))
  )
    .join("\n");
}
