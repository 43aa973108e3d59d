/**
 * The words of the console for the end of a connection.
 *
 * @module
 */

import type { LossReason, Nonsense } from "../../core/loss.ts";

/** The reason for which a connection ended, in words. */
export function lossText(reason: LossReason): string {
  switch (reason.kind) {
    case "broken":
    case "leftUs":
      return reason.text;
    case "movedTo":
      return `going on with ${reason.node}`;
    case "removed":
      return "it is not in the cluster any more";
    case "nonsense":
      return `its answers make no sense: ${nonsenseText(reason.nonsense)}`;
  }
}

/** An answer that makes no sense, in words. */
export function nonsenseText(nonsense: Nonsense): string {
  switch (nonsense.kind) {
    case "wrongReply":
      return `it answers ${nonsense.request} with ${nonsense.reply}`;
    case "wrongId":
      return "it answers a message with the id of another one";
    case "emptyPage":
      return "an empty page says that more messages follow";
    case "strangeMessage": {
      const { with: name, sender, recipient, found } = nonsense;
      const page = found ? `a search with ${name} finds` : `a page of ${name} has`;
      return `${page} a message from ${sender} to ${recipient}`;
    }
    case "repeatedMessage":
      return nonsense.found ? "a search finds a message twice" : "a page has a message of the page before";
    case "unorderedPage":
      return nonsense.found ? "a page of a search is not in order" : "a page is not in order";
    case "newerPage":
      return "a page has messages that are newer than the page before";
  }
}
