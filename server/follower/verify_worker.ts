/**
 * The thread that verifies the segments of the log before the one at which the node has opened it.
 *
 * @module
 */

/// <reference no-default-lib="true" />
/// <reference lib="deno.worker" />

import { DenoFiles } from "../log/deno_files.ts";
import { LoadedPartRefused } from "../log/loaded_part.ts";
import { errorOf, LogDamaged } from "../log/log_errors.ts";
import { verifyBefore } from "../log/verify_log.ts";
import { PacedWork } from "./paced_work.ts";
import { stepper } from "./stepper.ts";
import type { VerifyReport, VerifyTask } from "./verify_protocol.ts";

const report = (so: VerifyReport): void => self.postMessage(so);

self.onmessage = ({ data: { data, beginning } }: MessageEvent<VerifyTask>): void => {
  const work = new PacedWork(verifyBefore(new DenoFiles(data), beginning), () => performance.now());
  stepper(() => {
    try {
      const pauseMs = work.step((bytes) => report({ type: "read", bytes }));
      if (pauseMs === undefined) report({ type: "verified" });
      return pauseMs;
    } catch (error) {
      const isDamage = error instanceof LogDamaged || error instanceof LoadedPartRefused;
      report({ type: isDamage ? "damaged" : "failed", problem: errorOf(error).message });
      return undefined;
    }
  })();
};
