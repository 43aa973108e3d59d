import { assertEquals } from "@std/assert";
import { type Callers, cannotListen } from "../../../server/process/listen_problem.ts";

const TAKEN = new Deno.errors.AddrInUse("os error 98");

const CASES: readonly (readonly [Callers, Error, string])[] = [
  [
    "clients",
    TAKEN,
    "cannot listen on 127.0.0.1 port 80, which another program has: stop that program, or choose another port " +
    "with --port PORT, or in the configuration",
  ],
  [
    "TLS clients",
    TAKEN,
    "cannot listen on 127.0.0.1 port 80, which another program has: stop that program, or choose another port " +
    'for "tls" in the configuration',
  ],
  [
    "browsers",
    TAKEN,
    "cannot listen for browsers on 127.0.0.1 port 80, which another program has: stop that program, or choose " +
    'another port with --web-port PORT, or for "web" in the configuration; --no-web leaves the page out',
  ],
  [
    "browsers",
    new Error("no certificate in it"),
    'cannot listen for browsers on 127.0.0.1 port 80: no certificate in it; check the files that "web" names in ' +
    "the configuration",
  ],
  [
    "peers",
    TAKEN,
    "cannot listen for peers on 127.0.0.1 port 80, which another program has: stop that program, or choose " +
    'another port for "grpc" in the configuration',
  ],
  [
    "scrapers",
    TAKEN,
    "cannot listen for metrics on 127.0.0.1 port 80, which another program has: stop that program, or choose " +
    'another port for "metrics" in the configuration',
  ],
  [
    "clients",
    new Deno.errors.AddrNotAvailable(""),
    "cannot listen on 127.0.0.1 port 80, which is no address of this machine: if another node is meant, name it " +
    "with --node NAME",
  ],
  [
    "clients",
    new Deno.errors.PermissionDenied(""),
    "cannot listen on 127.0.0.1 port 80, which the system does not let this user do: choose a port above 1023, " +
    "or give it the right to",
  ],
  ["clients", new Error("no route"), "cannot listen on 127.0.0.1 port 80: no route"],
  [
    "TLS clients",
    new Error("no certificate in it"),
    'cannot listen on 127.0.0.1 port 80: no certificate in it; check the files that "tls" names in the ' +
    "configuration",
  ],
];

for (const [callers, cause, message] of CASES) {
  Deno.test(`cannotListen() says of ${callers} and ${cause.name} the reason and the way out`, () => {
    const error = cannotListen(callers, "127.0.0.1", 80, cause);
    assertEquals([error.message, error.cause], [message, cause]);
  });
}
