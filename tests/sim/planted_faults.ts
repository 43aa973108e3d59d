import type { Mutation } from "./mutation.ts";
export const PLANTED_FAULTS: readonly { readonly name: string; readonly mutation: Mutation }[] = [];
