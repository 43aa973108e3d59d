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

/** Words of a server that accepts connections. */
const READY = "listens on";

/** Names that readers give themselves: those of the people in the documents. */
const NAMES = ["alice", "bob"] as const;

/** Means to run a document. */
export interface Provisions {
  readonly executables?: Executables | undefined;
  /** Returns the reason why a block cannot run on this machine; `undefined` if it can. */
  readonly obstacle: (block: RunnableBlock) => Promise<string | undefined>;
  /** Time limit of a command, ms. */
  readonly patienceMs: number;
}

/** Count of the blocks of a document that ran, and the list of those that did not. */
export interface Tally {
  readonly ran: number;
  /** Line and reason of each block that cannot run on this machine. */
  readonly left: readonly string[];
}

/**
 * Runs the blocks of a document, and removes every process and file of theirs, even after a failure.
 *
 * @param name path of the document, for messages
 * @throws {Error} with line, text and output of the first block that fails its marker
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

/** A running block, or a line of one. */
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
  /** Number of people who have used a terminal. */
  #people = 0;

  constructor(readonly name: string, readonly provisions: Provisions) {}

  async block(block: RunnableBlock): Promise<void> {
    if (this.#background.some((other) => other.block.section !== block.section)) await this.stopBackground();
    const obstacle = await this.provisions.obstacle(block);
    if (obstacle !== undefined) {
      this.left.push(`${this.name}:${block.line}: ${obstacle}`);
      return;
    }
    const folder = await this.#folder(block.folder);
    if (block.manner === "in a terminal") await this.#show(block, folder);
    else if (block.manner === "to its end") await this.#finish(block, folder);
    else await this.#start(block, folder);
    this.ran++;
  }

  /** Ends all background programs at once. */
  async stopBackground(): Promise<void> {
    const stopped = this.#background.splice(0);
    const staying = stopped.filter(({ block }) => block.manner === "in the background");
    for (const started of stopped) {
      if (!staying.includes(started)) await this.#expectStatus(started, "the last command of its section");
    }
    const early = staying.find(({ group }) => group.hasEnded);
    if (early !== undefined) await this.#fail(early, "ended before it was told to");
    for (const { group } of staying) group.signal("SIGTERM");
    for (const started of staying) await this.#expectStatus(started, "SIGTERM");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#resources.disposeAsync();
  }

  async #folder(name: FolderName): Promise<DocumentFolder> {
    const folder = this.#folders.get(name) ??
      this.#resources.use(
        await DocumentFolder.make(name, this.provisions.executables, this.#folders.get("project")?.path),
      );
    this.#folders.set(name, folder);
    return folder;
  }

  async #finish(block: RunnableBlock, folder: DocumentFolder): Promise<void> {
    await using group = new CommandGroup(block.text, folder);
    await this.#expectStatus({ block, group }, "its start");
    if (group.output.includes(block.shown ?? "")) return;
    await this.#fail({ block, group }, `it does not say what is shown below:\n${block.shown}`);
  }

  async #start(block: RunnableBlock, folder: DocumentFolder): Promise<void> {
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

  async #show(block: RunnableBlock, folder: DocumentFolder): Promise<void> {
    for (const line of commandLines(block.text)) {
      await using program = await TerminalProgram.open(line, folder);
      const name = NAMES[this.#people++] ?? `reader${this.#people}`;
      const problem = await program.serves(name, this.provisions.patienceMs);
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

  /** @throws {Error} with the complete output */
  async #fail({ block, group }: Started, problem: string): Promise<never> {
    await group[Symbol.asyncDispose]();
    throw this.#failure(block, problem, group.output);
  }

  #failure({ line, text }: RunnableBlock, problem: string, output: string): Error {
    return new Error(`${this.name}:${line}: ${problem}\n--- the block\n${text}\n--- what it said\n${output}`);
  }
}
