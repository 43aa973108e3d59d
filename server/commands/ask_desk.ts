/**
 * Requests of commands to the operator's desk of a running node.
 *
 * @module
 */

import type { AdminAddress } from "../admin/admin_file.ts";
import { askOperator } from "../admin/ask_node.ts";
import type { NodeChoice } from "../cli/people_command.ts";
import type { OperatorAnswer, OperatorRequest } from "../ports/operator.ts";
import { failureText, reachNode } from "./reach_node.ts";
import { fail } from "./speak.ts";

/** Time for an answer, ms: a password may wait 4 s for its hash, and an act as long for the disks of other nodes. */
const DESK_ANSWER_MS = 12_000;

/** The answers that are no refusals, by the member that each has alone. */
type Answers = {
  readonly [Name in "users" | "user" | "sessions" | "invitations" | "made" | "done"]: Extract<
    OperatorAnswer,
    { readonly [Key in Name]: unknown }
  >;
};

/** The desk of a running node. */
export class Desk {
  readonly #data: string;
  readonly #address: AdminAddress;

  private constructor(data: string, address: AdminAddress) {
    this.#data = data;
    this.#address = address;
  }

  /** Finds the desk of the chosen node. If there is none, says why, and returns the exit status. */
  static async find(choice: NodeChoice): Promise<Desk | number> {
    const reached = await reachNode(choice);
    if ("problem" in reached) return await fail(reached.problem, reached.status);
    return new Desk(reached.data, reached.address);
  }

  /** Name of the node. */
  get node(): string {
    return this.#address.node;
  }

  /**
   * Asks. If the request is refused or not answered, says why, and returns the exit status.
   *
   * @param kind of answer that belongs to the request
   */
  async ask<Kind extends keyof Answers>(
    request: OperatorRequest,
    kind: Kind,
  ): Promise<Answers[Kind] | number> {
    const address = this.#address;
    const asked = await askOperator(this.#data, address, request, DESK_ANSWER_MS);
    if ("failure" in asked) return await fail(failureText(asked, address, DESK_ANSWER_MS));
    if ("starting" in asked) {
      return await fail(
        `${address.node} is starting and serves nobody yet; chat-server status says how far it is`,
      );
    }
    const { answer } = asked;
    if ("refused" in answer) return await fail(answer.refused);
    if (isOfKind(answer, kind)) return answer;
    return await fail(
      `${address.node} has answered something else; it may be of another version. Restart it`,
    );
  }
}

function isOfKind<Kind extends keyof Answers>(answer: OperatorAnswer, kind: Kind): answer is Answers[Kind] {
  return kind in answer;
}
