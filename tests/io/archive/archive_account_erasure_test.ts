import { assertEquals, assertGreater } from "@std/assert";
import { ArchiveDatabase } from "../../../server/archive/archive_database.ts";
import type { Event } from "../../../server/core/events.ts";
import { processTest } from "../../testing/permissions.ts";
import { SeededNumbers } from "../../testing/seeded_numbers.ts";
import { Entries, inFolder, ORIGIN } from "./archive_folder.ts";

const ACCOUNTS = 300;
const ROUNDS = 8;
const DAY_MS = 86_400_000;

/** Secrets of an account, by what they are. */
interface Person {
  readonly id: string;
  name: string;
  hash: string;
  readonly keys: string[];
  readonly tokens: Map<string, string>;
}

processTest(
  "compact() leaves no byte of replaced hashes, deleted accounts and revoked tokens that are over in any file",
  () =>
    inFolder((path, folder) => {
      const numbers = new SeededNumbers(11);
      const entries = new Entries();
      const archive = ArchiveDatabase.open(path, "write");
      const gone = new Set<string>();
      let made = 0;
      const secret = (): string => `secret${made++}q`;
      const fold = (...events: readonly Event[]): void =>
        archive.fold(entries.of(...events), entries.position);
      const keyOfLast = (): string => `${ORIGIN}/${entries.position}`;

      const people: Person[] = Array.from({ length: ACCOUNTS }, (_, i) => {
        const person: Person = {
          id: `p${i}`,
          name: secret(),
          hash: secret(),
          keys: [secret(), secret()],
          tokens: new Map(),
        };
        const { id: account, name, hash, keys: [key = "", other = ""] } = person;
        fold({ type: "accountCreated", account, name, hash });
        fold({ type: "fingerprintKeyMade", account, key }, { type: "addressKeyMade", account, key: other });
        return person;
      });
      for (let round = 0; round < ROUNDS; round++) {
        for (const person of [...people]) change(person, round);
        while (archive.compact(1, 0, Infinity));
        const text = textOfFolder(folder);
        const left = [...text.matchAll(/secret\d+q/g)].map(([found]) => found).filter((found) =>
          gone.has(found)
        );
        assertEquals(left, [], `round ${round}`);
        for (const { name, hash, keys, tokens } of people) {
          for (const kept of [name, hash, ...keys, ...tokens.keys()]) {
            assertEquals(text.includes(kept), true, kept);
          }
        }
      }
      archive.close();
      console.log(
        `${gone.size} of ${made} secrets are gone, ${people.length} of ${ACCOUNTS} accounts are left`,
      );
      assertGreater(gone.size, 1_000);

      function change(person: Person, round: number): void {
        const { id: account } = person;
        switch (numbers.below(8)) {
          case 0:
          case 1:
            gone.add(person.hash);
            person.hash = secret();
            return fold({ type: "passwordChanged", account, hash: person.hash, generation: round + 1 });
          case 2:
          case 3: {
            const token = secret();
            fold({ type: "tokenIssued", account, token, password: `${ORIGIN}/1` });
            person.tokens.set(token, keyOfLast());
            return fold({ type: "tokensUsed", account, tokens: [token] });
          }
          case 4:
          case 5:
            for (const [token, issued] of person.tokens) {
              fold({ type: "tokenRevoked", account, token, issued });
              gone.add(token);
            }
            return person.tokens.clear();
          case 6:
            if (numbers.below(3) > 0) {
              return;
            }
            fold({ type: "accountDeleted", account }, { type: "nameForgotten", account });
            for (const each of [person.name, person.hash, ...person.keys, ...person.tokens.keys()]) {
              gone.add(each);
            }
            people.splice(people.indexOf(person), 1);
        }
      }
    }),
);

processTest("compact() erases known addresses after 97 days", () =>
  inFolder((path, folder) => {
    const entries = new Entries();
    const archive = ArchiveDatabase.open(path, "write");
    const login = (address: string, day: number): Event => {
      return { type: "addressKnown", account: "p1", address, at: day * DAY_MS * 1_000 };
    };
    archive.fold(
      entries.of(login("address1q", 100), login("address2q", 150), login("address3q", 190)),
      entries.position,
    );
    const left = (): string[] => [...new Set(textOfFolder(folder).match(/address\dq/g))].sort();
    while (archive.compact(190 * DAY_MS));
    assertEquals(left(), ["address1q", "address2q", "address3q"]);
    while (archive.compact(197 * DAY_MS));
    assertEquals(left(), ["address2q", "address3q"]);
    while (archive.compact(300 * DAY_MS));
    assertEquals(left(), []);
    archive.close();
  }));

function textOfFolder(folder: string): string {
  const decoder = new TextDecoder("latin1");
  return [...Deno.readDirSync(folder)]
    .map(({ name }) => decoder.decode(Deno.readFileSync(`${folder}/${name}`)))
    .join("\n");
}
