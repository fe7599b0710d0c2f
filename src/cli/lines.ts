import type { DisplayLine } from '../ipms/display-heading.js';

/** One `label: value` a line. */
export function linesText(lines: readonly DisplayLine[]): string {
  return lines.map(({ label, value }) => `${label}: ${value}\n`).join('');
}
