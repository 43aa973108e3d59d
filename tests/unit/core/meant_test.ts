import { assertEquals } from "@std/assert";
import { accountMeant, isUnheardOf } from "../../../server/core/accounts/meant.ts";
import { isRefusal } from "../../../server/core/decision.ts";
import { FoldedState } from "../../testing/folded_state.ts";

/** `bob.1` of node2, and an earlier `bob.2` of node1, which has the name. */
function split(): FoldedState {
  const folded = new FoldedState();
  const created = (account: string, origin: string, stamp: number): void =>
    void folded.apply({ type: "accountCreated", account, name: "Bob", hash: "" }, { origin, stamp });
  created("bob.1", "Node2#bbbbbbbbbbbb", 5);
  created("bob.2", "node1#aaaaaaaaaaaa", 3);
  return folded;
}

function meant({ state }: FoldedState, id: string, name: string): string {
  const outcome = accountMeant(state, id, name);
  return isRefusal(outcome) ? outcome.code : outcome.name;
}

Deno.test("accountMeant() goes by the id, under each name that the account may have had", () => {
  const folded = split();
  const names = ["bob", "BOB", "Bob~Node2", "bob~node2", "bob~node2~2", "bob~node2~17"];
  assertEquals(names.map((name) => meant(folded, "bob.1", name)), names.map(() => "Bob~Node2"));
  assertEquals(meant(folded, "bob.2", "bob"), "Bob");
});

Deno.test("accountMeant() refuses a name that the account never had", () => {
  const folded = split();
  folded.register("ann");
  const names = [
    "",
    "ann",
    "bo",
    "bob~",
    "bob~node1",
    "bob~node2~",
    "bob~node2~x",
    "bob~node22",
    "bob~node2 ",
  ];
  assertEquals(names.map((name) => meant(folded, "bob.1", name)), names.map(() => "recipient-changed"));
  assertEquals(meant(folded, "bob.2", "bob~node2"), "recipient-changed");
});

Deno.test("accountMeant() refuses an account that is gone or was never there", () => {
  const folded = split();
  folded.apply({ type: "accountDeleted", account: "bob.1" });
  assertEquals(meant(folded, "bob.1", "bob"), "recipient-changed");
  assertEquals(meant(folded, "bob.9", "bob"), "recipient-changed");
  assertEquals(meant(folded, "", "bob"), "recipient-changed");
});

Deno.test("isUnheardOf() is true until an entry about the account itself has arrived", () => {
  const folded = split();
  assertEquals(isUnheardOf(folded.state, "bob.1"), false);
  assertEquals(isUnheardOf(folded.state, "cy.1"), true);
  folded.apply({ type: "messageSent", id: "m1", from: "cy.1", to: "bob.1", content: "hey" });
  assertEquals(isUnheardOf(folded.state, "cy.1"), true);
  folded.apply({ type: "accountDeleted", account: "cy.1" });
  assertEquals(isUnheardOf(folded.state, "cy.1"), false);
});
