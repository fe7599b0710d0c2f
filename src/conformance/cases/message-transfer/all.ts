/** P1: MTA-bind, messages, probes, reports, trace (X.411, X.419). */
import type { TestCase } from '../../script/test-case.js';
import { addressCases } from './addresses.js';
import { bindCases } from './bind.js';
import { criticalityCases } from './criticality.js';
import { deliveryCases } from './delivery.js';
import { encodingCases } from './encodings.js';
import { expiryCases } from './expiry.js';
import { interworking1984Cases } from './interworking-1984.js';
import { loopCases } from './loops.js';
import { originationCases } from './origination.js';
import { probeCases } from './probes.js';
import { relayCases } from './relaying.js';
import { relayedReportCases } from './relayed-reports.js';
import { reportCases } from './reports.js';
import { traceCases } from './trace.js';

export const messageTransferCases: readonly TestCase[] = [
  ...bindCases,
  ...deliveryCases,
  ...encodingCases,
  ...originationCases,
  ...relayCases,
  ...traceCases,
  ...loopCases,
  ...criticalityCases,
  ...addressCases,
  ...reportCases,
  ...relayedReportCases,
  ...probeCases,
  ...expiryCases,
  ...interworking1984Cases,
];
