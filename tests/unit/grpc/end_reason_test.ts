import { assertEquals, assertMatch } from "@std/assert";
import { certificateCause, endReason, type StreamEnd } from "../../../server/grpc/end_reason.ts";

const TARGET = "10.0.0.2:50051";

function reasonOf(details: string, known: Partial<StreamEnd> = {}): string {
  const unknown = { status: "UNAVAILABLE", target: TARGET, hasWorked: false, isSecure: true };
  return endReason({ ...unknown, details, ...known });
}

/** The details in grpc-js's own words. */
function lastError(cause: string): string {
  return `No connection established. Last error: ${cause} (2026-01-02T03:04:05.678Z). Resolution note: `;
}

Deno.test("endReason() says it where nothing went wrong, and what the library says of other statuses", () => {
  assertEquals(reasonOf("", { status: "OK" }), "the other end has closed the stream");
  assertEquals(
    reasonOf("Received message larger than max (5 vs 4)", { status: "RESOURCE_EXHAUSTED" }),
    "Received message larger than max (5 vs 4) (gRPC status RESOURCE_EXHAUSTED)",
  );
});

Deno.test("endReason() says where nothing listens", () => {
  assertEquals(reasonOf(lastError("connect ECONNREFUSED 10.0.0.2:50051")), `nothing listens on ${TARGET}`);
});

Deno.test("endReason() says that a connection broke which had worked, and does not guess", () => {
  for (const details of ["Connection dropped", "read ECONNRESET", lastError("write EPIPE")]) {
    for (const isSecure of [true, false]) {
      assertEquals(reasonOf(details, { hasWorked: true, isSecure }), "the connection broke");
    }
  }
});

Deno.test("endReason() hints at certificates where they may be the cause, and nowhere else", () => {
  assertMatch(
    reasonOf("Failed to connect"),
    /^Failed to connect; unless .* that both use TLS with certificates/,
  );
  assertMatch(
    reasonOf("Failed to connect", { isSecure: false }),
    /^Failed to connect; unless .* that it does not use TLS either/,
  );
  for (const cause of ["connect EHOSTUNREACH 10.0.0.2:1", "Name resolution failed for target dns:node2:1"]) {
    assertEquals(reasonOf(lastError(`Error: ${cause}`)), cause);
  }
});

Deno.test("endReason() says what is wrong with the certificate of the other end", () => {
  const another = "the other end has a certificate of another authority";
  assertEquals(
    reasonOf(lastError("Error: unable to get local issuer certificate")),
    `${another} (unable to get local issuer certificate)`,
  );
  assertEquals(
    reasonOf(lastError("unable to verify the first certificate")),
    `${another}, or one out of date (unable to verify the first certificate)`,
  );
});

Deno.test("certificateCause() knows what alerts mean", () => {
  for (const alert of ["DecryptError", "UnknownCA"]) {
    const text = `received fatal alert: ${alert}`;
    assertEquals(certificateCause(text), `the other end has a certificate of another authority (${text})`);
  }
  assertMatch(
    certificateCause("received fatal alert: CertificateExpired") ?? "",
    /out of date; look at both clocks/,
  );
  assertEquals(certificateCause("read ECONNRESET"), undefined);
});
