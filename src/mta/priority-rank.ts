import type { PriorityRank } from '../queue/store.js';

/** Order of transfer for a priority of X.411: urgent (2) first, then normal (0), then non-urgent (1); unknown ones as normal. */
export function priorityRank(priority: number): PriorityRank {
  if (priority === 2) return 0;
  return priority === 1 ? 2 : 1;
}
