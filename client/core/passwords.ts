/**
 * Passwords that are new.
 *
 * @module
 */

import { CLIENT_LIMITS } from "../../common/client_limits.ts";
import { utf8Bytes } from "../../common/wire/bytes.ts";
import type { Failure } from "./failures.ts";

/** The problem of a new password that no server takes; undefined if there is none. */
export function passwordFailure(text: string): Failure | undefined {
  const { passwordBytesMin: bytesMin, passwordBytesMax: bytesMax } = CLIENT_LIMITS;
  const bytes = utf8Bytes(text);
  const fits = bytes >= bytesMin && bytes <= bytesMax && !text.includes("\0");
  return fits ? undefined : { kind: "passwordLength", bytes, bytesMin, bytesMax };
}
