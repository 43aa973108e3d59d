/**
 * Two ends that talk over gRPC with certificates: prints the greeting, or the error. A process of its own, as
 * the library's timers go on for a while after a failure.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import {
  credentials,
  type handleUnaryCall,
  makeGenericClientConstructor,
  Server,
  ServerCredentials,
  type ServiceError,
} from "@grpc/grpc-js";
import { type PeerCertificates, peerCertificates } from "../../server/config/peer_certificates.ts";

const DEADLINE_MS = 5_000;

const asItIs = (bytes: Buffer): Buffer => bytes;

const SERVICE = {
  greet: {
    path: "/test/greet",
    requestStream: false,
    responseStream: false,
    requestSerialize: asItIs,
    requestDeserialize: asItIs,
    responseSerialize: asItIs,
    responseDeserialize: asItIs,
  },
} as const;

/** Greets every caller by the name in its certificate. */
const greet: handleUnaryCall<Buffer, Buffer> = (call, reply) => {
  const name = call.getAuthContext().sslPeerCertificate?.subject.CN;
  reply(null, Buffer.from(`hello, ${name}`));
};

async function listen(server: Server, { caFile, certFile, keyFile }: PeerCertificates): Promise<number> {
  const [ca, certificate, key] = await Promise.all([caFile, certFile, keyFile].map(read));
  const pair = { cert_chain: certificate ?? Buffer.of(), private_key: key ?? Buffer.of() };
  const secure = ServerCredentials.createSsl(ca ?? null, [pair], true);
  return await new Promise((resolve, reject) =>
    server.bindAsync("127.0.0.1:0", secure, (error, port) => error ? reject(error) : resolve(port))
  );
}

async function call(port: number, serverName: string, files: PeerCertificates): Promise<string> {
  const { caFile, certFile, keyFile } = files;
  const [ca, certificate, key] = await Promise.all([caFile, certFile, keyFile].map(read));
  const Client = makeGenericClientConstructor(SERVICE, "test");
  const client = new Client(`127.0.0.1:${port}`, credentials.createSsl(ca, key, certificate), {
    "grpc.ssl_target_name_override": serverName,
    "grpc.enable_http_proxy": 0,
  });
  return await new Promise((resolve) =>
    client["greet"]?.(
      Buffer.of(),
      { deadline: Date.now() + DEADLINE_MS },
      (error: ServiceError | null, greeting: Buffer) => resolve(error ? error.message : greeting.toString()),
    )
  );
}

async function read(file: string): Promise<Buffer> {
  return Buffer.from(await Deno.readFile(file));
}

/**
 * Folder and name of the called end, the name that its certificate must have, and folder and name of the
 * caller.
 */
const [serverFolder = "", server = "", expected = "", clientFolder = "", client = ""] = Deno.args;
const listening = new Server();
listening.addService(SERVICE, { greet });
const port = await listen(listening, peerCertificates(serverFolder, server));
console.log(await call(port, expected, peerCertificates(clientFolder, client)));
Deno.exit();
