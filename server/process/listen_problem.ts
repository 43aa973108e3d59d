/**
 * The error of a port that this node cannot listen on.
 *
 * @module
 */

/** The callers that a port is for. */
export type Callers = "clients" | "TLS clients" | "browsers" | "peers" | "scrapers";

/** The address in the middle of the sentence, and where another port can be chosen. */
const WORDING: { readonly [Each in Callers]: { readonly on: string; readonly where: string } } = {
  clients: { on: "on", where: "with --port PORT, or in the configuration" },
  "TLS clients": { on: "on", where: 'for "tls" in the configuration' },
  browsers: {
    on: "for browsers on",
    where: 'with --web-port PORT, or for "web" in the configuration; --no-web leaves the page out',
  },
  peers: { on: "for peers on", where: 'for "grpc" in the configuration' },
  scrapers: { on: "for metrics on", where: 'for "metrics" in the configuration' },
};

/** Sections of the configuration that name a certificate. */
const SECTIONS: { readonly [Each in Callers]?: string } = { "TLS clients": "tls", browsers: "web" };

/** True for the error that another program has the port. */
export function isTaken(cause: unknown): boolean {
  return cause instanceof Deno.errors.AddrInUse;
}

/**
 * Says which address, for which reason, and the way out.
 *
 * @param cause the error of the runtime
 */
export function cannotListen(callers: Callers, host: string, port: number, cause: unknown): Error {
  const { on, where } = WORDING[callers];
  return new Error(`cannot listen ${on} ${host} port ${port}${reason(callers, cause, where)}`, { cause });
}

function reason(callers: Callers, cause: unknown, where: string): string {
  if (isTaken(cause)) {
    return `, which another program has: stop that program, or choose another port ${where}`;
  }
  if (cause instanceof Deno.errors.AddrNotAvailable) {
    return ", which is no address of this machine: if another node is meant, name it with --node NAME";
  }
  if (cause instanceof Deno.errors.PermissionDenied) {
    return ", which the system does not let this user do: choose a port above 1023, or give it the right to";
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  // The runtime has no error class for an unusable certificate.
  const section = SECTIONS[callers];
  const files = section === undefined ? "" : `; check the files that "${section}" names in the configuration`;
  return `: ${message}${files}`;
}
