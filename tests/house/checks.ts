/**
 * All rules of the house.
 *
 * @module
 */

import { NO_CIRCLES, NO_CIRCLES_OF_ROOMS } from "./circles.ts";
import { EXPORTS, MODULES, SHORT, SNAKE_CASE, TELLING, WORDLESS } from "./file_checks.ts";
import type { Check } from "./house.ts";
import { KNOWN_LOADING, NO_LOADING_COMMENTS } from "./loading_checks.ts";
import { PURITY } from "./purity_check.ts";
import {
  DOORS,
  EVERY_FILE_HAS_A_ROOM,
  NO_IDLE_DOORS,
  PRODUCT_APART,
  SIDES_APART,
  THIN_APART,
} from "./room_checks.ts";
import { NO_DEAD_FILES, REAL_TARGETS, ROOMS_RUN, SOURCES_ALONE } from "./source_checks.ts";
import { NO_UNUSED_EXPORTS } from "./unused_exports.ts";

/** Every check, in the order in which they run. */
export const CHECKS: readonly Check[] = [
  EVERY_FILE_HAS_A_ROOM,
  DOORS,
  NO_IDLE_DOORS,
  THIN_APART,
  SIDES_APART,
  PRODUCT_APART,
  SOURCES_ALONE,
  REAL_TARGETS,
  NO_DEAD_FILES,
  KNOWN_LOADING,
  NO_LOADING_COMMENTS,
  PURITY,
  ROOMS_RUN,
  NO_CIRCLES,
  NO_CIRCLES_OF_ROOMS,
  NO_UNUSED_EXPORTS,
  SHORT,
  SNAKE_CASE,
  MODULES,
  EXPORTS,
  TELLING,
  WORDLESS,
];
