/**
 * The port for metrics, as the configuration names it.
 *
 * @module
 */

import type { NodeConfiguration } from "../config/node_configuration.ts";
import type { MetricsService } from "../metrics/metrics_service.ts";
import type { Descriptors } from "../ports/descriptors.ts";
import type { Logger } from "../ports/outside.ts";
import { DiskWatch, readDiskSizes } from "./disk_sizes.ts";
import { cannotListen } from "./listen_problem.ts";
import { figuresOf, problemOf } from "./node_figures.ts";
import type { ObservedNode } from "./observed_node.ts";
import { systemClock } from "./system_ports.ts";

/** What the port needs of its node. */
interface MetricsParts {
  /** The data folder. */
  readonly data: string;
  readonly descriptors: Descriptors;
  readonly logger: Logger;
  /** The node; `undefined` while it reads its log. */
  observed(): ObservedNode | undefined;
  /** True once it has opened its ports. */
  isOpen(): boolean;
}

/**
 * Listens, if the configuration names a port.
 *
 * @throws {Error} with the way out, if the port is taken
 */
export async function openMetrics(
  configuration: NodeConfiguration,
  { data, descriptors, logger, observed, isOpen }: MetricsParts,
): Promise<MetricsService | undefined> {
  if (configuration.metrics === undefined) return undefined;
  const { host: hostname, port } = configuration.metrics;
  // Loaded only if it is needed: a node without metrics starts sooner.
  const { MetricsService } = await import("../metrics/metrics_service.ts");
  const source = {
    configuration,
    get observed() {
      return observed();
    },
    get isOpen() {
      return isOpen();
    },
  };
  const { monotonicMs } = systemClock;
  const disk = new DiskWatch(() => readDiskSizes(data));
  try {
    return new MetricsService({
      hostname,
      port,
      monotonicMs,
      figures: async () => figuresOf(source, await disk.sizes()),
      problem: () => problemOf(source),
      descriptors,
      logger,
    });
  } catch (error) {
    throw cannotListen("scrapers", hostname, port, error);
  }
}
