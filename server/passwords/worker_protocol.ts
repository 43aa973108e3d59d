/**
 * What is said between the pool and a worker: one task, one answer.
 *
 * @module
 */

/** A password to hash at a cost, or, where there is a hash, to compare with it. */
export type WorkerTask =
  | { readonly password: string; readonly cost: number; readonly hash?: undefined }
  | { readonly password: string; readonly hash: string };

/** The hash, or whether the password fits. */
export type WorkerAnswer = { readonly hash: string } | { readonly fits: boolean };
