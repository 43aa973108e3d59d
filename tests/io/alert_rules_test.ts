import { assert, assertEquals, assertGreater, assertMatch } from "@std/assert";
import { METRICS } from "../../server/metrics/metric_table.ts";
import { processTest } from "../testing/permissions.ts";
import { PROMETHEUS_FILES, prometheusFile, whyWithout } from "../testing/prometheus.ts";

/** Judgement of promtool. */
interface Verdict {
  readonly status: number;
  readonly text: string;
}

const reason = await whyWithout("promtool");

function promtoolTest(name: string, run: () => Promise<void>): void {
  if (reason === undefined) processTest(name, run);
  else Deno.test({ name: `${name} (ignored: ${reason})`, ignore: true, fn: () => {} });
}

/** Lets promtool look at files in a folder of their own; the last one is named in its command line. */
async function judge(command: readonly string[], files: Readonly<Record<string, string>>): Promise<Verdict> {
  const folder = await Deno.makeTempDir({ prefix: "chat-rules-test-" });
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    const args = [...command, Object.keys(files).at(-1) ?? ""];
    const { code, stdout, stderr } = await new Deno.Command("promtool", { args, cwd: folder }).output();
    const decoder = new TextDecoder();
    return { status: code, text: decoder.decode(stdout) + decoder.decode(stderr) };
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}

function judgeRules(rules: string): Promise<Verdict> {
  return judge(["check", "rules", "--lint=all", "--lint-fatal"], { [PROMETHEUS_FILES.alerts]: rules });
}

promtoolTest("promtool accepts the alert rules, and finds mistakes in them", async () => {
  const rules = await prometheusFile("alerts");
  const { status, text } = await judgeRules(rules);
  assertEquals(status, 0, text);
  const count = [...rules.matchAll(/- alert: /g)].length;
  assertMatch(text, new RegExp(`SUCCESS: ${count} rules found`));
  const mistakes: readonly (readonly [string, string])[] = [
    ["expr: chat_ready == 0", "expr: chat_ready === 0"],
    ["for: 5m", "for: soon"],
    ["humanizePercentage", "humanizePercent"],
    ["- alert: ChatFork", "- alarm: ChatFork"],
  ];
  for (const [good, bad] of mistakes) {
    assert(rules.includes(good), good);
    assertGreater((await judgeRules(rules.replace(good, bad))).status, 0, bad);
  }
  console.log(`${count} rules accepted, ${mistakes.length} planted mistakes found`);
});

promtoolTest("promtool accepts the sample configuration beside the rules", async () => {
  const [configuration, alerts] = [await prometheusFile("configuration"), await prometheusFile("alerts")];
  const { status, text } = await judge(["check", "config"], {
    [PROMETHEUS_FILES.alerts]: alerts,
    [PROMETHEUS_FILES.configuration]: configuration,
  });
  assertEquals(status, 0, text);
});

/** Requests a second with an outcome, and true if they are guesses of passwords. */
const REQUESTS: readonly (readonly [string, string, boolean])[] = [
  ["finishLogin", "login-failed", true],
  ["finishLogin", "rate-limited", true],
  ["changePassword", "login-failed", true],
  ["deleteAccount", "rate-limited", true],
  ["finishLogin", "ok", false],
  ["resume", "login-failed", false],
  ["sendMessage", "rate-limited", false],
];

promtoolTest(
  "ChatGuessedPasswords counts guesses that are compared or delayed, and no dead token",
  async () => {
    const alerts = await prometheusFile("alerts");
    const tests = REQUESTS.map(([request, outcome, isGuess], i) => ({
      interval: "1m",
      input_series: [{
        series: `chat_requests_total{instance="node${i}",request="${request}",outcome="${outcome}"}`,
        values: "0+120x40",
      }],
      promql_expr_test: [{
        expr: 'count(ALERTS{alertname="ChatGuessedPasswords",alertstate="firing"})',
        eval_time: "35m",
        exp_samples: isGuess ? [{ labels: "{}", value: 1 }] : [],
      }],
    }));
    const file = JSON.stringify({ rule_files: [PROMETHEUS_FILES.alerts], tests });
    const { status, text } = await judge(["test", "rules"], {
      [PROMETHEUS_FILES.alerts]: alerts,
      "tests.yml": file,
    });
    assertEquals(status, 0, text);
    console.log(`${tests.length} kinds of requests judged`);
  },
);

processTest("the alert rules name metrics that nodes have", async () => {
  const rules = await prometheusFile("alerts");
  const named = [...rules.matchAll(/\b(?:chat|process)_\w+/g)].map(([name]) => name.replace(/_bucket$/, ""));
  assertGreater(named.length, 10);
  assertEquals(named.filter((name) => !(name in METRICS)), []);
  const labels = [...rules.matchAll(/\$labels\.(\w+)/g)].map(([, label = ""]) => label);
  const known = new Set(
    Object.values(METRICS).flatMap((metric) => "labels" in metric ? [...metric.labels] : []),
  );
  assertEquals(labels.filter((label) => label !== "instance" && !known.has(label as never)), []);
  console.log(`${named.length} metrics and ${labels.length} labels named`);
});
