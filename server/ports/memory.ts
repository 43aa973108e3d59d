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
