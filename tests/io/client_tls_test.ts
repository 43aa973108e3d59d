import { assertEquals, assertStringIncludes } from "@std/assert";
import { freePort } from "../testing/free_port.ts";
import { ServerProcess } from "../testing/server_process.ts";
import { PASSWORD, runClient } from "./client_process.ts";
import { makeCertificate } from "./net_harness.ts";

const certificate = await makeCertificate();
const noted = certificate === undefined ? " (ignored: needs openssl and the permission to run it)" : "";

Deno.test({
  name: `--tls trusts the authority of --ca, and nobody else${noted}`,
  ignore: certificate === undefined,
  fn: async () => {
    const folder = await Deno.makeTempDir();
    const [cert, key, password] = [`${folder}/cert.pem`, `${folder}/key.pem`, `${folder}/password`];
    await Deno.writeTextFile(cert, certificate?.cert ?? "");
    await Deno.writeTextFile(key, certificate?.key ?? "");
    await Deno.writeTextFile(password, PASSWORD, { mode: 0o600 });
    const port = freePort();
    try {
      await using server = await ServerProcess.start({ node: { tls: { port, cert, key } } });
      const flags = [
        "--user",
        "alice",
        "--password-file",
        password,
        "--timeout",
        "10s",
        "--tls",
        "--register",
      ];
      const config = `${server.folder}/cluster_config.json`;
      const trusted = await runClient("/status\n", "--config", config, "--ca", cert, ...flags);
      assertEquals([trusted.code, trusted.stdout.includes("account: alice")], [0, true], trusted.stderr);
      const strange = await runClient("/status\n", "--server", `localhost:${port}`, ...flags);
      assertEquals([strange.code, strange.stdout], [3, ""]);
      assertStringIncludes(
        strange.stderr,
        "its certificate is of an authority that is not known here: --ca FILE",
      );
      const plain = await runClient("/status\n", "--server", `localhost:${server.port}`, ...flags);
      assertEquals([plain.code, plain.stdout], [3, ""]);
      assertStringIncludes(plain.stderr, "no TLS there: leave out --tls, or name its TLS port");
    } finally {
      await Deno.remove(folder, { recursive: true });
    }
  },
});
