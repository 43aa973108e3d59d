/**
 * The log that a node finds at its first start.
 *
 * @module
 */

import type { EncodedEntry } from "../../server/core/encoded_entry.ts";
import { BatchEncoder } from "../../server/log/batch_encoder.ts";
import { encodeMark } from "../../server/log/log_record.ts";
import { segmentOpened } from "../../server/log/recover_log.ts";
import { EMPTY_LOG, segmentPath } from "../../server/log/segments.ts";
import type { ClusterNode } from "./cluster_node.ts";

/** Writes a log of these entries for a node that has never run. */
export async function writeFirstSegment(
  { name, data }: ClusterNode,
  entries: readonly EncodedEntry[],
): Promise<void> {
  const records = [encodeMark(segmentOpened(name, 1)), ...entries.map(({ json }) => json)];
  await Deno.mkdir(`${data}/log`, { recursive: true });
  await Deno.writeFile(`${data}/${segmentPath(1)}`, new BatchEncoder().encode(EMPTY_LOG, records).bytes);
}
