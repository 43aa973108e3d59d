/**
 * The memory of the process, as the node uses it.
 *
 * @module
 */

/** The room for the state in the heap of the process. */
export interface Memory {
  /** True while the heap is nearly full: nothing that grows may be committed or absorbed. */
  readonly isShort: boolean;
  /** An entry has come into the state, with so many bytes of JSON. */
  took(bytes: number): void;
}

/** The room for connections in the heap of the process. */
export interface ConnectionMemory {
  /** Upper bound of the connections without a login: `Infinity`, or few or none once the heap is nearly exhausted. */
  readonly strangersMax: number;
  /** A connection has come, or its TLS, with so many bytes. */
  took(bytes: number): void;
}
