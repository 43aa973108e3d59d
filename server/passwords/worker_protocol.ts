/**
 * The messages between the pool and a worker: one task, one answer.
 *
 * @module
 */

/** A password to hash at a cost, or to compare with a hash. */
export type WorkerTask =
  | { readonly password: string; readonly cost: number; readonly hash?: undefined }
  | { readonly password: string; readonly hash: string };

/** The hash, or true in `fits` if the password fits. */
export type WorkerAnswer = { readonly hash: string } | { readonly fits: boolean };
