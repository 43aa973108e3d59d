/**
 * The format of bcrypt hashes: `$2b$`, two digits of cost, `$`, 22 characters of salt, 31 of hash.
 *
 * @module
 */

const COST_MIN = 4;
/** A hash of cost 31 occupies a core for days: an attacker able to plant one would stop all logins. */
const COST_MAX = 14;

const BCRYPT = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/;

/** The reason why passwords cannot be compared with a hash; `undefined` if they can. */
export function hashDamage(hash: string): string | undefined {
  const cost = BCRYPT.exec(hash)?.[1];
  if (cost === undefined) return `it is no bcrypt hash of 60 characters (it has ${hash.length})`;
  if (Number(cost) >= COST_MIN && Number(cost) <= COST_MAX) return undefined;
  return `its cost is ${Number(cost)} and the limits are ${COST_MIN} and ${COST_MAX}`;
}

/**
 * A hash that no password fits. A login to an unknown name is compared with it, so that every login costs one
 * bcrypt.
 *
 * @param cost bcrypt cost, 4 to 14
 */
export function dummyHash(cost: number): string {
  return `$2b$${String(cost).padStart(2, "0")}$${".".repeat(22 + 31)}`;
}

/** Cost of a bcrypt hash; 0 if `hash` is not one. */
export function hashCost(hash: string): number {
  return Number(/^\$2[aby]\$(\d\d)\$/.exec(hash)?.[1] ?? 0);
}
