import { assertEquals, assertStringIncludes } from "@std/assert";
import { importReport } from "../../../server/import/import_report.ts";
import { accounts, HASH, ImportTarget, message } from "../../testing/import_target.ts";

const OTHER_HASH = HASH.replace("12", "10");

function accountsOf(hashes: Readonly<Record<string, string>>): string {
  return JSON.stringify(hashes);
}

Deno.test("an import with renames takes accounts and messages under the new names, also the second time", () => {
  const target = new ImportTarget();
  const lines = [
    accounts("Ann Lee", "Bob", "bob"),
    message("1", { sender: "Ann Lee", recipient: "bob" }),
    message("2", { sender: "bob", recipient: "Bob" }),
  ];
  const renames = { "Ann Lee": "ann.lee", "bob": "bob-2" };
  const { problems, result, names } = target.import(lines, {}, renames);
  assertEquals([problems, names.unused, names.proposals()], [[], [], []]);
  assertEquals(result.accounts, { taken: 3, known: 0, refused: 0 });
  const { directory } = target.state;
  assertEquals(["ann.lee", "bob-2", "bob"].map((name) => directory.find(name)?.name), [
    "ann.lee",
    "bob-2",
    "Bob",
  ]);
  assertEquals(directory.find("bob-2")?.conversations.size, 2);
  const again = target.import(lines, {}, renames);
  assertEquals([again.problems, again.warnings, target.events], [[], [], []]);
});

Deno.test("every name that is refused has a proposal, and with the proposals nothing is refused", () => {
  const target = new ImportTarget();
  const lines = [
    accounts(
      "ada",
      "Ada",
      "ADA",
      "ada-2",
      "no name",
      "no-name",
      "",
      "名",
      "~",
      "x".repeat(33),
      "d'Or",
      "\u001b[31m",
    ),
  ];
  target.import([accounts("gone")]);
  target.apply({ type: "accountDeleted", account: "gone.000000000000" });
  lines.push(accounts("gone"));
  const { result, names } = target.import(lines);
  const proposals = names.proposals();
  assertEquals(result.accounts, { taken: 3, known: 0, refused: 10 });
  assertEquals(proposals.length, 10);
  const renames = Object.fromEntries(proposals.map((flag) => {
    const [, old = "", name = ""] = /^--rename='(.*)=([^=]*)'$/s.exec(flag) ?? [];
    return [old.startsWith('"') ? JSON.parse(old) : old, name];
  }));
  const second = target.import(lines, {}, renames);
  assertEquals(second.problems, []);
  assertEquals(second.result.accounts, { taken: 10, known: 3, refused: 0 });
  console.log(`${proposals.length} names refused, and taken under others`);
});

Deno.test("messages of somebody who was deleted in the original do not go to who has the name here", () => {
  const target = new ImportTarget();
  target.import([accounts("bob")]);
  const { problems, result } = target.import([accounts("ada"), message("1", { recipient: "bob" })]);
  assertEquals(result.messages, { taken: 0, known: 0, refused: 1 });
  assertStringIncludes(problems[0] ?? "", 'the recipient "bob": it is not among the accounts in the files');
  assertStringIncludes(problems[0] ?? "", "--rename='bob=bob' if they are the same");
  const same = target.import([accounts("ada"), message("1", { recipient: "bob" })], {}, { bob: "bob" });
  assertEquals([same.problems, same.result.messages.taken], [[], 1]);
});

Deno.test("an account here with another password is somebody else, who gets no messages", () => {
  const target = new ImportTarget();
  target.import([accountsOf({ ada: HASH, Bob: OTHER_HASH })]);
  const lines = [
    accountsOf({ ada: HASH, Bob: HASH }),
    message("1"),
    message("2", { sender: "Bob", recipient: "ada" }),
  ];
  const { problems, result, names } = target.import(lines);
  assertEquals(result.accounts, { taken: 0, known: 1, refused: 1 });
  assertEquals(result.messages.refused, 2);
  assertStringIncludes(
    problems[0] ?? "",
    'the account "Bob": an account of that name is here with another password',
  );
  assertStringIncludes(problems[1] ?? "", "the account of that name here is somebody else's");
  assertEquals(names.proposals(), ["--rename='Bob=Bob-2'"]);
  const renamed = target.import(lines, {}, { Bob: "Bob-2" });
  assertEquals([renamed.problems, renamed.result.messages.taken], [[], 2]);
  assertEquals(target.state.directory.find("bob")?.conversations.size, 0);
});

Deno.test("an account whose password was changed here is taken for the same person, with a warning", () => {
  const target = new ImportTarget();
  target.import([accounts("ada", "Bob")]);
  target.apply({ type: "passwordChanged", account: "bob.000000000000", hash: OTHER_HASH, generation: 1 });
  const { problems, warnings, result } = target.import([accounts("ada", "Bob"), message("1")]);
  assertEquals([problems, result.messages.taken, result.isComplete], [[], 1, true]);
  assertStringIncludes(warnings.join(), 'the account "Bob" is here, and its password was changed here');
  const said = target.import([accounts("ada", "Bob")], {}, { Bob: "Bob" });
  assertEquals(said.warnings, []);
});

Deno.test("an account with two passwords in the files is taken once, with a warning", () => {
  const target = new ImportTarget();
  const { problems, warnings, result } = target.import([
    accountsOf({ ada: HASH }),
    accountsOf({ ada: OTHER_HASH }),
  ]);
  assertEquals([problems, result.accounts], [[], { taken: 1, known: 1, refused: 0 }]);
  assertStringIncludes(warnings.join(), 'the account "ada" is in the files twice, with two passwords');
});

Deno.test("a rename does not join two people of the files", () => {
  for (const names of [["ada", "Bob"], ["Bob", "ada"]]) {
    const { result, problems } = new ImportTarget().import(
      [accountsOf({ [names[0] ?? ""]: HASH, [names[1] ?? ""]: OTHER_HASH })],
      {},
      { ada: "Bob" },
    );
    assertEquals([result.accounts.taken, result.accounts.refused, problems.length], [1, 1, 1]);
  }
});

Deno.test("the report warns of what the files do not tell, where it matters", () => {
  const target = new ImportTarget();
  const before = importReport(target.import([accounts("ada", "Bob")]).result, "d");
  assertEquals(before.includes("warning"), false);
  assertStringIncludes(
    importReport(target.import([message("1")]).result, "d"),
    "warning: no accounts are in the files",
  );
  const both = [accounts("ada", "Bob"), message("2")];
  assertStringIncludes(
    importReport(target.import(both).result, "d"),
    "warning: the files do not tell when an account",
  );
  assertEquals(importReport(target.import(both).result, "d").includes("warning"), false);
});

Deno.test("a rename of nobody is named", () => {
  const { names } = new ImportTarget().import([accounts("ada")], {}, { adda: "ann" });
  assertEquals(names.unused, ["--rename='adda=ann'"]);
});
