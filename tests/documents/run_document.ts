/**
 * Runs the marked blocks of a document in their order, as a reader would.
 *
 * @module
 */

import type { Executables } from "../testing/executables.ts";
import { CommandGroup } from "./command_group.ts";
import { DocumentFolder } from "./document_folder.ts";
import type { FolderName } from "./marker.ts";
import { commandLines, type RunnableBlock } from "./runnable_blocks.ts";
import { TerminalProgram } from "./terminal_program.ts";

/** What a server says once it can be talked to. */
const READY = "listens on";

/** What there is to run a document with. */
export interface Provisions {
  readonly executables?: Executables | undefined;
  /** Why a block cannot be run here; undefined where it can. */
  readonly obstacle: (block: RunnableBlock) => Promise<string | undefined>;
  /** How long a command may take, ms. */
  readonly patienceMs: number;
}

/** How much of a document was run. */
export interface Tally {
  readonly ran: number;
  /** Blocks that could not be run here: line and reason. */
  readonly left: readonly string[];
}

/**
 * Runs a document. Nothing of it is left afterwards, whatever happens.
 *
 * @param name its path, for messages
 * @throws {Error} with line, text and output of the first block that does not do what its marker says
 */
export async function runDocument(
  name: string,
  blocks: readonly RunnableBlock[],
  provisions: Provisions,
): Promise<Tally> {
  await using run = new DocumentRun(name, provisions);
  for (const block of blocks) await run.block(block);
  await run.stopBackground();
  return { ran: run.ran, left: run.left };
}

/** A block, or a line of it, that was started. */
interface Started {
  readonly block: RunnableBlock;
  readonly group: CommandGroup;
}

class DocumentRun implements AsyncDisposable {
  ran = 0;
  readonly left: string[] = [];
  readonly #resources = new AsyncDisposableStack();
  readonly #folders = new Map<FolderName, DocumentFolder>();
  #background: Started[] = [];

  constructor(readonly name: string, readonly provisions: Provisions) {}

  async block(block: RunnableBlock): Promise<void> {
    if (this.#background.some((other) => other.block.section !== block.section)) await this.stopBackground();
    const obstacle = await this.provisions.obstacle(block);
    if (obstacle !== undefined) {
      this.left.push(`${this.name}:${block.line}: ${obstacle}`);
      return;
    }
    const { path } = await this.#folder(block.folder);
    if (block.manner === "in the background") await this.#start(block, path);
    else if (block.manner === "in a terminal") await this.#show(block, path);
    else await this.#finish(block, path);
    this.ran++;
  }

  /** Ends everything in the background, all at once. */
  async stopBackground(): Promise<void> {
    const stopped = this.#background.splice(0);
    const early = stopped.find(({ group }) => group.hasEnded);
    if (early !== undefined) await this.#fail(early, "ended before it was told to");
    for (const { group } of stopped) group.signal("SIGTERM");
    for (const started of stopped) await this.#expectStatus(started, "SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #folder(name: FolderName): Promise<DocumentFolder> {
    const folder = this.#folders.get(name) ??
      this.#resources.use(await DocumentFolder.make(name, this.provisions.executables));
    this.#folders.set(name, folder);
    return folder;
  }

  async #finish(block: RunnableBlock, folder: string): Promise<void> {
    await using group = new CommandGroup(block.text, folder);
    await this.#expectStatus({ block, group }, "its start");
    if (group.output.includes(block.shown ?? "")) return;
    await this.#fail({ block, group }, `it does not say what is shown below:\n${block.shown}`);
  }

  async #start(block: RunnableBlock, folder: string): Promise<void> {
    for (const line of commandLines(block.text)) {
      const group = this.#resources.use(new CommandGroup(line, folder));
      const ready = await group.says(READY, this.provisions.patienceMs);
      if (!ready) await this.#fail({ block, group }, `"${line}" has ended or does not say "${READY}"`);
      this.#background.push({ block, group });
      const isShown = await group.says(block.shown ?? READY, this.provisions.patienceMs);
      if (!isShown) {
        await this.#fail({ block, group }, `"${line}" does not say what is shown below:\n${block.shown}`);
      }
    }
  }

  async #show(block: RunnableBlock, folder: string): Promise<void> {
    for (const line of commandLines(block.text)) {
      await using program = await TerminalProgram.open(line, folder);
      const problem = await program.answers(this.provisions.patienceMs);
      if (problem !== undefined) throw this.#failure(block, `"${line}" ${problem}`, await program.screen());
    }
  }

  async #expectStatus({ block, group }: Started, since: string): Promise<void> {
    const { patienceMs } = this.provisions;
    const status = await group.ends(patienceMs);
    if (status === block.status) return;
    const problem = status === undefined
      ? `has not ended within ${patienceMs} ms from ${since}`
      : `ended with status ${status}, and ${block.status} was expected`;
    await this.#fail({ block, group }, problem);
  }

  /** @throws {Error} once everything that it said is there */
  async #fail({ block, group }: Started, problem: string): Promise<never> {
    await group[Symbol.asyncDispose]();
    throw this.#failure(block, problem, group.output);
  }

  #failure({ line, text }: RunnableBlock, problem: string, output: string): Error {
    return new Error(`${this.name}:${line}: ${problem}\n--- the block\n${text}\n--- what it said\n${output}`);
  }
}
