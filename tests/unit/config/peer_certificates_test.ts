import { assertEquals, assertStringIncludes } from "@std/assert";
import { certificateNameProblem } from "../../../server/config/peer_certificates.ts";

Deno.test("certificateNameProblem() takes the names that peers can call each other by", () => {
  for (const name of ["node1", "NODE-1", "a_b", "7", "x.y", "1.a", "cab", "x".repeat(32)]) {
    assertEquals(certificateNameProblem(name), undefined, name);
  }
});

Deno.test("certificateNameProblem() refuses the others", () => {
  for (const name of ["ca", "Ca"]) {
    assertStringIncludes(certificateNameProblem(name) ?? "", "of the authority's own files", name);
  }
  for (const name of ["10.0.0.1", "999.1.1.1", "a..b", "a.", "a.7", "a.0x7", "xn--a"]) {
    assertStringIncludes(certificateNameProblem(name) ?? "", `"${name}" cannot be in a certificate`, name);
  }
});
