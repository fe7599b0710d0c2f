import type { Cell } from './cell.js';
import { associationCells } from './cells/associations.js';
import { bulkCells } from './cells/bulk.js';
import { cutCells } from './cells/cuts.js';
import { drainCells } from './cells/drain.js';
import { growthCells } from './cells/growth.js';
import { latencyCells } from './cells/latency.js';
import { machineCells } from './cells/machine.js';
import { memoryCells } from './cells/memory.js';
import { smallCells } from './cells/small.js';
import { smokeCells } from './cells/smoke.js';
import { startCells } from './cells/start.js';
import { switchCells } from './cells/switches.js';

/** Every cell, in the order in which they run. */
export const cells: readonly Cell[] = [
  ...machineCells,
  ...bulkCells,
  ...smallCells,
  ...drainCells,
  ...cutCells,
  ...memoryCells,
  ...associationCells,
  ...startCells,
  ...latencyCells,
  ...growthCells,
  ...switchCells,
  ...smokeCells,
];
