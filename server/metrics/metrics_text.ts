/**
 * Figures in the text format of Prometheus.
 *
 * @module
 */

import { Counter, Gauge, Histogram, Registry } from "prom-client";
import {
  type Figures,
  type HistogramName,
  metricOf,
  METRICS,
  type Sample,
  type SampledName,
} from "./metric_table.ts";

/** Media type of the text. */
export const METRICS_TYPE = Registry.PROMETHEUS_CONTENT_TYPE;

/** Keeps the histograms, and writes them down together with the other figures. */
export class MetricsText {
  readonly #histograms: Readonly<Record<HistogramName, Histogram>> = {
    chat_turn_seconds: histogramOf("chat_turn_seconds"),
    chat_sync_seconds: histogramOf("chat_sync_seconds"),
    chat_event_loop_delay_seconds: histogramOf("chat_event_loop_delay_seconds"),
  };

  /** Takes a value into a histogram. */
  observe(name: HistogramName, seconds: number): void {
    this.#histograms[name].observe(seconds);
  }

  /** The text. Metrics without a value are left out. */
  async of(figures: Partial<Figures>): Promise<string> {
    // Made anew each time: what is gone since the last time, such as a peer, must not stay.
    const registry = new Registry();
    for (const name of Object.keys(METRICS) as (keyof typeof METRICS)[]) {
      if (isHistogram(name)) registry.registerMetric(this.#histograms[name]);
      else add(registry, name, figures[name] ?? []);
    }
    return await registry.metrics();
  }
}

function isHistogram(name: keyof typeof METRICS): name is HistogramName {
  return metricOf(name).type === "histogram";
}

function histogramOf(name: HistogramName): Histogram {
  const { help, buckets } = METRICS[name];
  return new Histogram({ name, help, buckets: [...buckets], registers: [] });
}

function add(registry: Registry, name: SampledName, samples: readonly Sample[]): void {
  if (samples.length === 0) return;
  const { type, help, labels: labelNames = [] } = metricOf(name);
  const configuration = { name, help, labelNames: [...labelNames], registers: [registry] };
  if (type === "gauge") {
    const gauge = new Gauge(configuration);
    for (const { labels, value } of samples) gauge.set(labels, value);
  } else {
    const counter = new Counter(configuration);
    for (const { labels, value } of samples) counter.inc(labels, value);
  }
}
