import type { ProcessingContext } from '../../../src/mta/context.js';
import type { Arrival } from '../../../src/mta/processing.js';
import { RoutingTable } from '../../../src/mta/routing.js';
import { submissionOf } from '../../../src/mta/submission.js';
import { anna, makePair } from '../../simulation/pair.js';

/** Beta's view of the world, at one moment, with identifiers that count from 1. */
export function contextOfBeta(): ProcessingContext {
  const { site } = makePair().beta;
  let last = 0;
  const next = (): string => String((last += 1));
  return { site, routing: new RoutingTable(site), now: 1_000_000, nextId: next, nextLocalIdentifier: next };
}

/** A message that alpha has sent to beta for these recipients. */
export function arrivalFromAlpha(to: readonly string[]): Arrival {
  const { site } = makePair().alpha;
  const order = {
    from: anna,
    to,
    contentType: '22',
    contentOctets: 3,
    priority: 'normal',
    reports: 'non-delivery',
    encodedInformationTypes: { builtIn: [2], extended: [] },
    contentHead: new Uint8Array(0),
  } as const;
  const submission = submissionOf(order, { ...contextOfBeta(), site, routing: new RoutingTable(site) });
  if ('fault' in submission) throw new Error(submission.fault);
  const content = { kind: 'octets' as const, octets: Uint8Array.of(1, 2, 3) };
  return { ...submission, content, contentOctets: 3, from: 'alpha', arrivedAt: 900_000 };
}
