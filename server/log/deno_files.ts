/**
 * The files of a data folder on a real disk.
 *
 * @module
 */

import { dirname, resolve } from "node:path";
import { type Descriptors, NO_SPARE_DESCRIPTORS } from "../ports/descriptors.ts";
import type { Done, FileStore, SequentialReader } from "../ports/files.ts";
import { Opener } from "./opener.ts";
import { syncFolder, syncFolderNow } from "./folder_sync.ts";

/** Bytes that `fill` writes at once. */
const FILL_CHUNK_BYTES = 65_536;

/** Messages and password hashes are nobody else's business. */
const FILE_MODE = 0o600;
const FOLDER_MODE = 0o700;

const TO_APPEND: Deno.OpenOptions = { append: true, create: true, mode: FILE_MODE };

/** A data folder. */
export class DenoFiles implements FileStore {
  readonly #folder: string;
  readonly #opener: Opener;
  /** Files that are being appended to. */
  readonly #handles = new Map<string, Deno.FsFile>();

  /**
   * @param folder path of the data folder, which is made if it does not exist
   * @param descriptors those that are put aside for it
   */
  constructor(folder: string, descriptors: Descriptors = NO_SPARE_DESCRIPTORS) {
    this.#folder = folder;
    this.#opener = new Opener(descriptors);
    makeDurably(resolve(folder));
  }

  list(folder: string): string[] {
    if (!exists(this.#path(folder))) return [];
    return Array.from(Deno.readDirSync(this.#path(folder))).filter((item) => item.isFile).map(({ name }) =>
      name
    )
      .sort();
  }

  size(path: string): number | undefined {
    try {
      return Deno.statSync(this.#path(path)).size;
    } catch (error) {
      if (error instanceof Deno.errors.NotFound) return undefined;
      throw error;
    }
  }

  read(path: string, offset: number, into: Uint8Array): number {
    if (into.length === 0) return 0;
    using file = this.#opener.now(() => Deno.openSync(this.#path(path), { read: true }));
    file.seekSync(offset, Deno.SeekMode.Start);
    return file.readSync(into) ?? 0;
  }

  reader(path: string, offset = 0): SequentialReader {
    return new DenoReader(this.#path(path), offset, this.#opener);
  }

  append(path: string, bytes: Uint8Array): number {
    const handle = this.#handle(path);
    return bytes.length === 0 ? 0 : handle.writeSync(bytes);
  }

  appendLater(path: string, bytes: Uint8Array, done: Done): void {
    this.#appendLater(path, bytes).then(() => done(), done);
  }

  async #appendLater(path: string, bytes: Uint8Array): Promise<void> {
    let handle = this.#handles.get(path);
    if (handle === undefined) {
      handle = await this.#opener.later(() => Deno.open(this.#path(path), TO_APPEND));
      this.#handles.set(path, handle);
    }
    for (let written = 0; written < bytes.length;) written += await handle.write(bytes.subarray(written));
  }

  sync(path: string, done: Done): void {
    this.#handle(path).syncData().then(() => done(), done);
  }

  syncNow(path: string): void {
    this.#handle(path).syncDataSync();
  }

  truncate(path: string, bytes: number): void {
    // Windows cuts no file through a handle that may only append (https://github.com/rust-lang/rust/issues/105437).
    this.#opener.now(() => Deno.truncateSync(this.#path(path), bytes));
  }

  rename(from: string, to: string): void {
    this.close(from);
    this.close(to);
    Deno.renameSync(this.#path(from), this.#path(to));
  }

  renameLater(from: string, to: string, done: Done): void {
    this.close(from);
    this.close(to);
    Deno.rename(this.#path(from), this.#path(to)).then(() => done(), done);
  }

  removeLater(path: string, done: Done): void {
    this.close(path);
    Deno.remove(this.#path(path)).then(
      () => done(),
      (error: Error) => error instanceof Deno.errors.NotFound ? done() : done(error),
    );
  }

  remove(path: string): void {
    this.close(path);
    try {
      Deno.removeSync(this.#path(path));
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  }

  syncFolder(folder: string, done: Done): void {
    this.#opener.later(() => syncFolder(this.#path(folder))).then(() => done(), done);
  }

  syncFolderNow(folder: string): void {
    syncFolderNow(this.#path(folder));
  }

  makeFolder(folder: string): void {
    Deno.mkdirSync(this.#path(folder), { recursive: true, mode: FOLDER_MODE });
  }

  close(path: string): void {
    this.#handles.get(path)?.close();
    this.#handles.delete(path);
  }

  fill(path: string, bytes: number, done: Done): void {
    this.#opener.later(() => fillLater(this.#path(path), bytes)).then(() => done(), done);
  }

  #path(path: string): string {
    return path === "" ? this.#folder : `${this.#folder}/${path}`;
  }

  #handle(path: string): Deno.FsFile {
    const open = this.#handles.get(path);
    if (open !== undefined) return open;
    const handle = this.#opener.now(() => Deno.openSync(this.#path(path), TO_APPEND));
    this.#handles.set(path, handle);
    return handle;
  }
}

/** A file that is read on and on. */
class DenoReader implements SequentialReader {
  #file: Deno.FsFile | undefined;
  #isClosed = false;
  readonly #path: string;
  readonly #offset: number;
  readonly #opener: Opener;

  constructor(path: string, offset: number, opener: Opener) {
    this.#path = path;
    this.#offset = offset;
    this.#opener = opener;
  }

  read(into: Uint8Array): number {
    this.#file ??= this.#open();
    return this.#file.readSync(into) ?? 0;
  }

  readLater(into: Uint8Array, done: (outcome: number | Error) => void): void {
    this.#readLater(into).then(done, done);
  }

  async #readLater(into: Uint8Array): Promise<number> {
    this.#file ??= await this.#openLater();
    return await this.#file.read(into) ?? 0;
  }

  close(): void {
    this.#isClosed = true;
    this.#file?.close();
    this.#file = undefined;
  }

  #open(): Deno.FsFile {
    const file = Deno.openSync(this.#path);
    file.seekSync(this.#offset, Deno.SeekMode.Start);
    return file;
  }

  async #openLater(): Promise<Deno.FsFile> {
    const file = await this.#opener.later(() => Deno.open(this.#path));
    await file.seek(this.#offset, Deno.SeekMode.Start);
    if (!this.#isClosed) return file;
    // Nobody else would close a file that was opened too late.
    file.close();
    throw new Error(`${this.#path} is not read any more`);
  }
}

/** Every missing folder on the way: its content is kept only if its own name is. */
function makeDurably(folder: string): void {
  if (exists(folder)) return;
  const outer = dirname(folder);
  makeDurably(outer);
  // Other nodes that start at the same moment may make the outer ones as well.
  Deno.mkdirSync(folder, { recursive: true, mode: FOLDER_MODE });
  syncFolderNow(outer);
}

function exists(path: string): boolean {
  try {
    Deno.statSync(path);
    return true;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Under its name only when it is whole; nothing is left of it when there is no room. */
async function fillLater(path: string, bytes: number): Promise<void> {
  const unfinished = `${path}.new`;
  try {
    await writeFilling(unfinished, bytes);
    await Deno.rename(unfinished, path);
  } catch (error) {
    await Deno.remove(unfinished).catch(() => {});
    throw error;
  }
}

async function writeFilling(path: string, bytes: number): Promise<void> {
  using file = await Deno.open(path, { write: true, create: true, truncate: true, mode: FILE_MODE });
  // A file system that compresses would keep no room for zeros.
  const chunk = crypto.getRandomValues(new Uint8Array(FILL_CHUNK_BYTES));
  for (let written = 0; written < bytes;) {
    written += await file.write(chunk.subarray(0, Math.min(chunk.length, bytes - written)));
  }
  await file.sync();
}
