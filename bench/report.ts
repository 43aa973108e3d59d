/**
 * What was measured, as a table for people.
 *
 * @module
 */

/** One line of a table: a figure, and the target that it is held against, if there is one. */
export interface Finding {
  /** What was measured. */
  readonly what: string;
  /** The figure, with its unit. */
  readonly figure: string;
  /** What is wanted, with its unit. */
  readonly target?: string;
  /** Whether the figure is what is wanted; given together with `target`. */
  readonly reached?: boolean;
}

/** What one measurement found. */
export interface Report {
  readonly title: string;
  /** How it was measured, one sentence each. */
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

/** A report as text. */
export function reportText({ title, notes, findings }: Report): string {
  const rows = findings.map(({ what, figure, target = "", reached }) => [
    what,
    figure,
    target,
    reached === undefined ? "" : reached ? "reached" : "NOT reached",
  ]);
  return [`\n${title}`, ...notes.map((note) => `  ${note}`), ...tableLines(rows)].join("\n");
}

/** The findings that have a target, one line each, and how many of them were reached. */
export function summaryText(reports: readonly Report[]): string {
  const held = reports.flatMap(({ findings }) => findings.filter(({ target }) => target !== undefined));
  const reached = held.filter((finding) => finding.reached).length;
  const rows = held.map(({ what, figure, target = "", reached }) => [
    reached ? "reached" : "NOT reached",
    what,
    figure,
    target,
  ]);
  return [`\n${reached} of ${held.length} targets reached`, ...tableLines(rows)].join("\n");
}

/** Rows with their cells below one another. */
function tableLines(rows: readonly (readonly string[])[]): string[] {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [column, cell] of row.entries()) {
      widths[column] = Math.max(widths[column] ?? 0, cell.length);
    }
  }
  return rows.map((row) =>
    `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ")}`.trimEnd()
  );
}
