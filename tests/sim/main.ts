import { simulate } from "./simulation.ts";
import { scheduleOf } from "./swarm.ts";
import { inWords } from "./checks.ts";
const seedArg = Deno.args.find((a) => a.startsWith("--seed="));
if (seedArg) {
  const r = simulate(scheduleOf(Number(seedArg.slice(7))), { isTraced: true });
  const all = Deno.args.includes("--all");
  for (const l of all ? r.trace : r.trace.slice(-60)) console.log(l);
  console.log(r.violation ? inWords(r.violation) : "ok", r.steps, r.evaluations.join(" "));
} else {
  const from = Number(Deno.args[0] ?? 1), n = Number(Deno.args[1] ?? 20);
  const t = performance.now(); let bad = 0; const ev = new Array(11).fill(0); let steps = 0;
  for (let s = from; s < from + n; s++) {
    const r = simulate(scheduleOf(s));
    r.evaluations.forEach((x, i) => ev[i] += x); steps += r.steps;
    if (r.violation) { bad++; console.log(s, inWords(r.violation).slice(0, 300).split("\n")[0]); }
  }
  const ms = performance.now() - t;
  console.log(`${n} schedules, ${(ms / n).toFixed(1)} ms each, ${bad} bad, steps ${steps / n}, ${ev.join(" ")}`);
}
