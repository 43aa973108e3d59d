/**
 * A proxy of a port, with some of its methods replaced.
 *
 * @module
 */

/** Forwards everything to `target`, except the members of `instead`. */
export function forwarding<Port extends object>(target: Port, instead: Partial<Port>): Port {
  return new Proxy(target, {
    get: (_, key) => {
      if (key in instead) return Reflect.get(instead, key, instead);
      const value = Reflect.get(target, key, target) as unknown;
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}
