/**
 * Features: additions to version 2 of the confirmed dialect that a client has to ask for (client protocol,
 * section 4.6).
 *
 * @module
 */

/** Names of all features of this version. */
export const FEATURES = [
  "account-ids",
  "block",
  "cluster-state",
  "invitations",
  "nodes",
  "search",
  "web",
  "watch",
] as const;

/** One of `FEATURES`. */
export type Feature = (typeof FEATURES)[number];

/** A set of features: one bit each, in the order of `FEATURES`. */
export type FeatureSet = number;

/** The features of a session that has not sent FEATURES, and of the original dialect. */
export const NO_FEATURES: FeatureSet = 0;

/** The set with these features. */
export function featureSet(features: readonly Feature[]): FeatureSet {
  return features.reduce((set, feature) => set | (1 << FEATURES.indexOf(feature)), NO_FEATURES);
}

/** True if every feature of `some` is in `set`. */
export function includesFeatures(set: FeatureSet, some: FeatureSet): boolean {
  return (set & some) === some;
}

/**
 * `client` in the HELLO of the first console clients. They refuse a WELCOME with a field that they do not know, and an
 * ERROR with a code that they do not know. So their WELCOME has no `features`, and their ERROR only codes of that time.
 */
const FIRST_RELEASE = "chat-client/1.0.0";

/** True if a client, by its HELLO, is one of the first release. */
export function isFirstRelease(client: string): boolean {
  return client === FIRST_RELEASE;
}
