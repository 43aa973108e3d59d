/**
 * Holds the house up: imports between rooms, purity, dead files, circles, unused exports, docstrings and lengths;
 * and tests each check on planted offences. The compiler that reads the sources looks at environment
 * variables while it loads, so nothing of `house/` is loaded without that permission.
 *
 * @module
 */

const missing = (["read", "env"] as const).filter((name) =>
  Deno.permissions.querySync({ name }).state !== "granted"
);

if (missing.length === 0) {
  await import("./house/house_cases.ts");
  await import("./house/planted_cases.ts");
  await import("./house/coverage_cases.ts");
  await import("./house/types_cases.ts");
} else {
  const reason = `needs the permissions ${missing.join(", ")}, which deno task test gives`;
  Deno.test({ name: `the house (ignored: ${reason})`, ignore: true, fn: () => {} });
}
