/**
 * Reports of measurements as text for people.
 *
 * @module
 */

/** A figure, and its target if it has one. */
export interface Finding {
  /** Name of the quantity. */
  readonly what: string;
  /** The figure, with its unit. */
  readonly figure: string;
  /** The target, with its unit. */
  readonly target?: string;
  /** True if the figure meets the target; undefined beside a target if there is no figure. */
  readonly reached?: boolean;
}

/** Figures of several subjects side by side: a row for each, the first cell its name. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** Result of one measurement. */
export interface Report {
  readonly title: string;
  /** The method, one sentence each. */
  readonly notes: readonly string[];
  readonly tables?: readonly Table[];
  readonly findings: readonly Finding[];
}

/** A report as text. */
export function reportText({ title, notes, tables = [], findings }: Report): string {
  const rows = findings.map((
    finding,
  ) => [finding.what, finding.figure, finding.target ?? "", verdictOf(finding)]);
  return [
    `\n${title}`,
    ...notes.map((note) => `  ${note}`),
    ...tables.flatMap(({ columns, rows }) => ["", ...tableLines([columns, ...rows]), ""]),
    ...tableLines(rows),
  ].join("\n");
}

/** The findings with a target, one line each, and the number of those that reach it. */
export function summaryText(reports: readonly Report[]): string {
  const held = reports.flatMap(({ findings }) => findings.filter(({ target }) => target !== undefined));
  const reached = held.filter((finding) => finding.reached).length;
  const rows = held.map((
    finding,
  ) => [verdictOf(finding), finding.what, finding.figure, finding.target ?? ""]);
  return [`\n${reached} of ${held.length} targets reached`, ...tableLines(rows)].join("\n");
}

function verdictOf({ target, reached }: Finding): string {
  if (target === undefined) return "";
  if (reached === undefined) return "not measured";
  return reached ? "reached" : "NOT reached";
}

/** Lines of a table with aligned columns. */
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
