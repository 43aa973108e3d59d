import { assertEquals, assertGreater } from "@std/assert";

/** Counts the formatters that are made from now on, by their kind. */
function countFormatters(): Map<string, number> {
  const made = new Map<string, number>();
  for (const kind of ["DateTimeFormat", "NumberFormat", "PluralRules", "RelativeTimeFormat"] as const) {
    const counting = new Proxy(Intl[kind], {
      construct(target, args, newTarget): object {
        made.set(kind, (made.get(kind) ?? 0) + 1);
        return Reflect.construct(target, args, newTarget);
      },
    });
    Object.defineProperty(Intl, kind, { value: counting });
  }
  return made;
}

Deno.test("a page that asks for a login makes no formatter, which takes a browser long", async () => {
  const made = countFormatters();
  // Not before: a module could make one while it loads.
  const { FakePage } = await import("../page/fake_page.ts");
  const { drawn } = await import("./rendered.ts");
  const { talking } = await import("./talking_page.ts");
  const page = new FakePage();
  page.act({ kind: "went", hash: "" });
  drawn(page);
  assertEquals([...made], []);
  drawn(talking());
  assertGreater(made.get("DateTimeFormat") ?? 0, 0);
  console.log(`${[...made.values()].reduce((sum, count) => sum + count, 0)} formatters made for a chat`);
});
