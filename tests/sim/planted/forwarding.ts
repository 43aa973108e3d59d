/**
 * Something that does what another does, but for what is given.
 *
 * @module
 */

/** Forwards everything to `target`, but for what `instead` has. */
export function forwarding<Port extends object>(target: Port, instead: Partial<Port>): Port {
  return new Proxy(target, {
    get: (_, key) => {
      if (key in instead) return Reflect.get(instead, key, instead);
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
