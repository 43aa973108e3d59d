/**
 * The tests of the executables, which are compiled once for all of them.
 *
 * @module
 */

// In this order, each module registers its tests.
await import("./unconfigured_cases.ts");
await import("./command_cases.ts");
await import("./folder_cases.ts");
await import("./signal_cases.ts");
await import("./page_cases.ts");
await import("./written_files_cases.ts");
await import("./metrics_cases.ts");
await import("./cluster_cases.ts");
await import("./cost_cases.ts");
await import("./compile_cases.ts");
