import { assertEquals } from "@std/assert";
import { certificateHint, plainCause } from "../../../server/grpc/end_reason.ts";

Deno.test("plainCause() leaves what people need of what the library says", () => {
  const cases = [
    [
      "No connection established. Last error: connect ECONNREFUSED 127.0.0.1:1 (2026-01-02T03:04:05.678Z). Resolution note: ",
      "connect ECONNREFUSED 127.0.0.1:1",
    ],
    [
      "No connection established. Last error: Error: self-signed certificate. Resolution note: none",
      "self-signed certificate",
    ],
    ["Connection dropped", "Connection dropped"],
  ] as const;
  for (const [details, cause] of cases) assertEquals(plainCause(details), cause);
});

Deno.test("certificateHint() hints at certificates where they may be the cause, and nowhere else", () => {
  const ofTls = (cause: string, isSecure: boolean): string =>
    certificateHint(cause, isSecure) ? "hint" : "none";
  assertEquals(ofTls("Failed to connect", true), "hint");
  assertEquals(ofTls("Failed to connect", false), "hint");
  assertEquals(ofTls("connect ECONNREFUSED 127.0.0.1:1", true), "none");
  assertEquals(ofTls("Name resolution failed for target dns:node2:1", false), "none");
});
