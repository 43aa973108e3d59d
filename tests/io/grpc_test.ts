/**
 * The tests of gRPC itself. Its library reads the environment at its load, which a bare `deno test` may not.
 *
 * @module
 */

const { state } = await Deno.permissions.query({ name: "env" });

if (state === "granted") {
  await import("./grpc_transport_cases.ts");
  await import("./grpc_door_cases.ts");
  await import("./grpc_tls_cases.ts");
  await import("./grpc_compatibility_cases.ts");
  await import("./grpc_version_before_cases.ts");
} else {
  Deno.test({
    name: "GrpcNetwork and GrpcListener (ignored: needs the permission env, which deno task test gives)",
    ignore: true,
    fn: () => {},
  });
}
