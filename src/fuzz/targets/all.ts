import { associationTargets } from './associations.js';
import { connectionTargets } from './connection.js';
import { engineTarget } from './engine.js';
import { messageTargets } from './messages.js';
import { storedTargets } from './stored.js';
import { textTargets } from './texts.js';
import type { Target } from '../target.js';

export const targets: readonly Target[] = [
  ...connectionTargets,
  ...messageTargets,
  ...textTargets,
  ...storedTargets,
  ...associationTargets,
  engineTarget,
];
