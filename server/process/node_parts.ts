/**
 * The parts of a running node that are there before it is.
 *
 * @module
 */

import type { AdminService } from "../admin/admin_service.ts";
import type { DataLock } from "../log/lock.ts";
import type { DenoFiles } from "../log/deno_files.ts";
import type { LogVerification } from "../follower/log_verification.ts";
import type { OpenLog } from "../log/open_log.ts";
import type { State } from "../core/state.ts";
import type { MetricsService } from "../metrics/metrics_service.ts";
import type { ClientCertificates } from "./certificate_files.ts";
import type { ClusterMember } from "./cluster_member.ts";
import type { Draining } from "./draining.ts";
import type { HeapWatch } from "./heap_watch.ts";
import type { PageFiles } from "./page_port.ts";
import type { SpareDescriptors } from "./spare_descriptors.ts";

/** Parts that are there before the node is. It lets them go when it is stopped. */
export interface NodeParts {
  /** The data folder, and what is open of it. */
  readonly data: string;
  readonly files: DenoFiles;
  readonly lock: DataLock;
  readonly descriptors: SpareDescriptors;
  readonly log: OpenLog;
  /** The fold of the log. */
  readonly state: State;
  readonly memory: HeapWatch;
  readonly admin: AdminService;
  /** Ends the node once its clients are elsewhere. */
  readonly draining: Draining;
  /** The port for metrics; `undefined` if none is configured. */
  readonly metrics: MetricsService | undefined;
  readonly verification: LogVerification;
  /** Number of entries that the archive had when memory was loaded from it; 0 if it was not. */
  readonly loaded: number;
  /** Damage of the archive that the start has met; `undefined` if it has not. */
  readonly damage: string | undefined;
  readonly certificates: ClientCertificates;
  readonly page: PageFiles;
  /** True if the node serves without its page where another program has the port for it. */
  readonly isPageOptional: boolean;
  readonly cluster: ClusterMember;
  /** Resolves with the first fault that the node cannot survive. */
  readonly fault: PromiseWithResolvers<Error>;
}
