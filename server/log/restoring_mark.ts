/**
 * A file that is there while a backup is being restored into the data folder: a start takes it for the trace of an
 * earlier run, so that no node begins a new log beside it.
 *
 * @module
 */

/** Path in the data folder. */
export const RESTORING_FILE = "restoring";
