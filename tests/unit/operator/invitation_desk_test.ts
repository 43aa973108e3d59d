import { assert, assertEquals, assertMatch } from "@std/assert";
import type { InvitationDone, InvitationRow, OperatorRequest } from "../../../server/ports/operator.ts";
import { NodeHarness, passwordOf, START_MS } from "../../testing/node_harness.ts";

const DAY_MS = 86_400_000;

function invited(): NodeHarness {
  return new NodeHarness({}, undefined, undefined, undefined, "invite");
}

function invite(harness: NodeHarness, uses = 1, forMs = DAY_MS): InvitationDone {
  const answer = harness.operate({ act: "invite", uses, forMs });
  assert("made" in answer, JSON.stringify(answer));
  return answer.made;
}

function listed(harness: NodeHarness, after = ""): { rows: readonly InvitationRow[]; more: boolean } {
  const answer = harness.operate({ act: "listInvitations", after });
  assert("invitations" in answer);
  return { rows: answer.invitations, more: answer.more };
}

function refused(harness: NodeHarness, request: OperatorRequest): string {
  const answer = harness.operate(request);
  assert("refused" in answer, JSON.stringify(answer));
  return answer.refused;
}

function register(harness: NodeHarness, name: string, invitation: string): string {
  const client = harness.connect();
  client.tell("startLogin", { name });
  return client.tell("finishLogin", { password: passwordOf(name), invitation });
}

Deno.test("invite gives a code that admits, and the log has its hash alone", () => {
  const harness = invited();
  const { code, link, registration, untilMs, copies, nodes } = invite(harness);
  assertMatch(code, /^([0-9a-f]{8}-){3}[0-9a-f]{8}$/);
  assertEquals([link, registration, untilMs, copies, nodes], [null, "invite", START_MS + DAY_MS, 1, 3]);
  const [made] = harness.log.synced;
  assertEquals(made?.type === "invitationMade" && made.invitation, `digest of ${code.replaceAll("-", "")}`);
  assertEquals(register(harness, "ann", code), "loginSuccess");
  assertEquals(register(harness, "bob", code), "invitation-invalid");
});

Deno.test("invite names the address of the page with the code", () => {
  const harness = invited();
  const { nodes, clusterSize } = harness.node.settings;
  const web = (name: string): object => ({ web: `https://${name}.example.org/` });
  harness.node.reconfigure({
    nodes: nodes.map((node) => node.name === "node1" ? node : { ...node, ...web(node.name) }),
    clusterSize,
  });
  const elsewhere = invite(harness);
  assertEquals(elsewhere.link, `https://node2.example.org/#/invite/${elsewhere.code}`);
  harness.node.reconfigure({ nodes: nodes.map((node) => ({ ...node, ...web(node.name) })), clusterSize });
  const here = invite(harness);
  assertEquals(here.link, `https://node1.example.org/#/invite/${here.code}`);
});

Deno.test("invite refuses what the rules refuse, and a full disk", () => {
  const harness = invited();
  assertMatch(
    refused(harness, { act: "invite", uses: 0, forMs: DAY_MS }),
    /1 to 1000 accounts, and not for 0/,
  );
  assertMatch(refused(harness, { act: "invite", uses: 1, forMs: 1 }), /a minute to 365 days/);
  harness.log.readOnly = true;
  assertMatch(refused(harness, { act: "invite", uses: 1, forMs: DAY_MS }), /disk of this node is full/);
  assertEquals(listed(harness).rows, []);
});

Deno.test("listInvitations has all in pages of 500, with state and uses", () => {
  const harness = invited();
  for (let i = 0; i < 501; i++) {
    const until = (START_MS + DAY_MS) * 1_000;
    const at = START_MS * 1_000;
    const hash = i.toString(16).padStart(64, "0").split("").reverse().join("");
    harness.node.apply([{ type: "invitationMade", invitation: hash, uses: 2, until, at }]);
  }
  harness.settle();
  const first = listed(harness);
  const second = listed(harness, first.rows.at(-1)?.id);
  assertEquals([first.rows.length, first.more, second.rows.length, second.more], [500, true, 1, false]);
  assertEquals(new Set([...first.rows, ...second.rows].map(({ id }) => id)).size, 501);
  const [row] = first.rows;
  assertEquals({ ...row, id: "" }, {
    id: "",
    state: "open",
    used: 0,
    uses: 2,
    madeMs: START_MS,
    untilMs: START_MS + DAY_MS,
    revokedMs: null,
  });
  harness.pass(DAY_MS);
  assert(listed(harness).rows.every(({ state }) => state === "expired"));
  console.log("501 invitations in 2 pages");
});

Deno.test("revokeInvitation ends an invitation once, and names one that is not there", () => {
  const harness = invited();
  harness.node.apply([{
    type: "invitationMade",
    invitation: "2c26b46b68ffc68f",
    uses: 2,
    until: (START_MS + DAY_MS) * 1_000,
  }]);
  const request = { act: "revokeInvitation", id: "2c26b46b68ff" } as const;
  const copies = [0, 1].map(() => {
    const answer = harness.operate(request);
    assert("done" in answer);
    return answer.done.copies;
  });
  assertEquals(copies, [1, 0]);
  assertEquals(listed(harness).rows.map(({ state }) => state), ["revoked"]);
  assertMatch(
    refused(harness, { ...request, id: "none" }),
    /there is no invitation "none"; chat-server invites/,
  );
  const acts = harness.diagnostics.filter(({ event }) => event === "operatorAct").map(({ fields }) => fields);
  assertEquals(acts[0], { act: "revokeInvitation", invitation: "2c26b46b68ff", sessions: 0 });
});
