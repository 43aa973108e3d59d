/**
 * The end of a connection to a node, and answers of nodes that make no sense. They are values: each face of the
 * client has words of its own for them.
 *
 * @module
 */

/** The reason for which a connection ends. */
export type LossReason =
  /** It broke; `text` in the words of the transport. */
  | { readonly kind: "broken"; readonly text: string }
  /** The node is closing, or cannot serve at present; `text` in its own words. */
  | { readonly kind: "leftUs"; readonly text: string }
  /** The person goes on with that node. */
  | { readonly kind: "movedTo"; readonly node: string }
  /** The node is not in the cluster any more. */
  | { readonly kind: "removed" }
  | { readonly kind: "nonsense"; readonly nonsense: Nonsense };

/** An answer that a node cannot have meant. */
export type Nonsense =
  | { readonly kind: "wrongReply"; readonly request: string; readonly reply: string }
  /** A message was answered with the id of another one. */
  | { readonly kind: "wrongId" }
  /** A page without messages says that more follow. */
  | { readonly kind: "emptyPage" }
  /** A page of the messages with one user has a message between others; `found` by a search. */
  | {
    readonly kind: "strangeMessage";
    readonly with: string;
    readonly sender: string;
    readonly recipient: string;
    readonly found: boolean;
  }
  /** A page has a message of the page before, or of itself. */
  | { readonly kind: "repeatedMessage"; readonly found: boolean }
  | { readonly kind: "unorderedPage"; readonly found: boolean }
  /** A page has messages that are newer than the page before. */
  | { readonly kind: "newerPage" };
