/**
 * An ordered set of ranges that finds those around a name in the logarithm of their number for each one found.
 *
 * @module
 */

/** A range of names, both ends included; `high` may change, and `RangeTree.moved` is called then. */
interface NameRange {
  readonly low: string;
  readonly high: string;
}

interface TreeNode<Range> {
  readonly range: Range;
  /** Position among ranges that begin with the same name. */
  readonly order: number;
  /** No node below has a greater one. Drawn at random, they keep the tree flat. */
  readonly priority: number;
  /** The greatest end of this range and those below. */
  high: string;
  left: TreeNode<Range> | undefined;
  right: TreeNode<Range> | undefined;
}

/** A treap of ranges by their beginnings, with the greatest end below each node. */
export class RangeTree<Range extends NameRange> {
  readonly #orders = new Map<Range, number>();
  #root: TreeNode<Range> | undefined;
  #nextOrder = 0;
  #random = 0x2545f491;

  /** Number of ranges. */
  get size(): number {
    return this.#orders.size;
  }

  /** Adds a range that is not there. */
  add(range: Range): void {
    const order = this.#nextOrder++;
    this.#orders.set(range, order);
    const node = {
      range,
      order,
      priority: this.#draw(),
      high: range.high,
      left: undefined,
      right: undefined,
    };
    this.#root = inserted(this.#root, node);
  }

  /** Removes a range; nothing happens if it is not there. */
  remove(range: Range): void {
    const order = this.#orders.get(range);
    if (order === undefined) return;
    this.#orders.delete(range);
    this.#root = removed(this.#root, range, order);
  }

  /** The end of a range has changed. */
  moved(range: Range): void {
    const order = this.#orders.get(range);
    if (order !== undefined) refresh(this.#root, range, order);
  }

  /** The ranges around a name. */
  around(name: string): Range[] {
    const found: Range[] = [];
    collect(this.#root, name, found);
    return found;
  }

  /** The next number of an xorshift generator: the order of the additions says nothing about it. */
  #draw(): number {
    let x = this.#random;
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return this.#random = x;
  }
}

type Tree<Range> = TreeNode<Range> | undefined;

/** True if a range comes before a node. */
function isBefore<Range extends NameRange>(range: Range, order: number, node: TreeNode<Range>): boolean {
  const { low } = node.range;
  return range.low === low ? order < node.order : range.low < low;
}

function summed<Range extends NameRange>(node: TreeNode<Range>): TreeNode<Range> {
  node.high = node.range.high;
  for (const child of [node.left, node.right]) {
    if (child !== undefined && child.high > node.high) node.high = child.high;
  }
  return node;
}

function inserted<Range extends NameRange>(tree: Tree<Range>, node: TreeNode<Range>): TreeNode<Range> {
  if (tree === undefined) return summed(node);
  if (node.priority > tree.priority) {
    [node.left, node.right] = split(tree, node);
    return summed(node);
  }
  if (isBefore(node.range, node.order, tree)) tree.left = inserted(tree.left, node);
  else tree.right = inserted(tree.right, node);
  return summed(tree);
}

/** The nodes before another one, and those after it. */
function split<Range extends NameRange>(
  tree: Tree<Range>,
  at: TreeNode<Range>,
): [Tree<Range>, Tree<Range>] {
  if (tree === undefined) return [undefined, undefined];
  if (isBefore(at.range, at.order, tree)) {
    const [before, after] = split(tree.left, at);
    tree.left = after;
    return [before, summed(tree)];
  }
  const [before, after] = split(tree.right, at);
  tree.right = before;
  return [summed(tree), after];
}

function removed<Range extends NameRange>(tree: Tree<Range>, range: Range, order: number): Tree<Range> {
  if (tree === undefined) return undefined;
  if (tree.range === range) return joined(tree.left, tree.right);
  if (isBefore(range, order, tree)) tree.left = removed(tree.left, range, order);
  else tree.right = removed(tree.right, range, order);
  return summed(tree);
}

function joined<Range extends NameRange>(before: Tree<Range>, after: Tree<Range>): Tree<Range> {
  if (before === undefined || after === undefined) return before ?? after;
  if (before.priority > after.priority) {
    before.right = joined(before.right, after);
    return summed(before);
  }
  after.left = joined(before, after.left);
  return summed(after);
}

function refresh<Range extends NameRange>(tree: Tree<Range>, range: Range, order: number): void {
  if (tree === undefined) return;
  if (tree.range !== range) refresh(isBefore(range, order, tree) ? tree.left : tree.right, range, order);
  summed(tree);
}

function collect<Range extends NameRange>(tree: Tree<Range>, name: string, found: Range[]): void {
  if (tree === undefined || tree.high < name) return;
  collect(tree.left, name, found);
  if (name < tree.range.low) return;
  if (name <= tree.range.high) found.push(tree.range);
  collect(tree.right, name, found);
}
