/**
 * The server's TLS against that of `Deno.listenTls`: ping-pong over 50 connections, in turns of a tenth of a second
 * so that other load on the machine meets both alike.
 *
 * @module
 */

import {
  makeAuthorityCertificate,
  makeKey,
  makeNodeCertificate,
} from "../server/certificates/certificate_issuer.ts";
import { processorMs } from "./process_figures.ts";
import type { Report } from "./report.ts";
import { startTlsEcho, type Subject } from "./subject.ts";

const CONNECTIONS = 50;
const MESSAGE_BYTES = 100;
const SLICE_MS = 100;
const SLICES = 80;
const TARGET = 0.9;

/** One side of the comparison. */
interface Side {
  readonly subject: Subject;
  readonly connections: readonly Deno.Conn[];
  answers: number;
  wallMs: number;
  processorMs: number;
}

/** Measures both. @param folder for the certificate */
export async function measureTls(folder: string): Promise<Report> {
  const { files, authority } = await makeCertificate(folder);
  const runtime = await open("runtime", files, authority);
  const ours = await open("ours", files, authority);
  const sides = [runtime, ours];
  for (const side of [...sides, ...sides]) await exchange(side, 5 * SLICE_MS);
  for (const side of sides) Object.assign(side, { answers: 0, wallMs: 0, processorMs: 0 });
  for (let slice = 0; slice < SLICES; slice++) {
    for (const side of sides) await exchange(side, SLICE_MS);
  }
  for (const { subject, connections } of sides) {
    for (const connection of connections) connection.close();
    await subject.stop();
  }
  const ratio = rate(ours) / rate(runtime);
  return {
    title: "TLS",
    notes: [
      `${CONNECTIONS} connections, ${MESSAGE_BYTES} bytes there and back on each, ${SLICES} turns of ` +
      `${SLICE_MS} ms; the client is the same program for both.`,
    ],
    tables: [{
      columns: ["", "answers/s", "processor time of the server, us an answer"],
      rows: [row("Deno.listenTls", runtime), row("the server's", ours)],
    }],
    findings: [{
      what: "TLS of the server, of Deno.listenTls",
      figure: ratio.toFixed(2),
      target: `at least ${TARGET}`,
      reached: ratio >= TARGET,
    }],
  };
}

function row(name: string, side: Side): string[] {
  return [name, rate(side).toFixed(0), (side.processorMs / side.answers * 1_000).toFixed(1)];
}

function rate({ answers, wallMs }: Side): number {
  return answers / wallMs * 1_000;
}

async function open(kind: "ours" | "runtime", files: readonly string[], authority: string): Promise<Side> {
  const subject = await startTlsEcho(kind, files);
  const place = { hostname: "localhost", port: subject.port, caCerts: [authority] };
  const connections = await Promise.all(Array.from({ length: CONNECTIONS }, () => Deno.connectTls(place)));
  return { subject, connections, answers: 0, wallMs: 0, processorMs: 0 };
}

async function exchange(side: Side, ms: number): Promise<void> {
  const startMs = performance.now();
  const before = processorMs(side.subject.pid);
  await Promise.all(side.connections.map((connection) => pingPong(side, connection, startMs + ms)));
  side.wallMs += performance.now() - startMs;
  side.processorMs += processorMs(side.subject.pid) - before;
}

async function pingPong(side: Side, connection: Deno.Conn, endMs: number): Promise<void> {
  const message = new Uint8Array(MESSAGE_BYTES);
  while (performance.now() < endMs) {
    await connection.write(message);
    for (let left = MESSAGE_BYTES; left > 0;) {
      const count = await connection.read(message);
      if (count === null) throw new Error("the echo has closed a connection");
      left -= count;
    }
    side.answers++;
  }
}

/** Makes a certificate for localhost and its authority. */
async function makeCertificate(folder: string): Promise<{ files: readonly string[]; authority: string }> {
  const keyPem = await makeKey();
  const certificatePem = await makeAuthorityCertificate("bench", keyPem, Date.now());
  const nodeKey = await makeKey();
  const subject = { name: "localhost", alternativeNames: [{ type: "dns", value: "localhost" }] } as const;
  const nodeCertificate = await makeNodeCertificate({ keyPem, certificatePem }, subject, nodeKey, Date.now());
  const files = [`${folder}/cert.pem`, `${folder}/key.pem`] as const;
  await Deno.writeTextFile(files[0], nodeCertificate);
  await Deno.writeTextFile(files[1], nodeKey);
  return { files, authority: certificatePem };
}
