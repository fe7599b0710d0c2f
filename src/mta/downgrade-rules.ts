import type { DowngradeRules } from '../p1/downgrade-1984.js';

/** 1984 systems take content type 2 only; some end the transfer in the middle on any other. */
export const downgradeRules: DowngradeRules = { contentTypes: [2], redirectedTrace: 'keep' };
