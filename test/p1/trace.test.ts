import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BitString } from '../../src/asn1/bit-string.js';
import { integer } from '../../src/asn1/simple-types.js';
import { encode, faultsOf } from '../../src/asn1/type.js';
import { toHex } from '../../src/bytes/octets.js';
import { traceInformation, type TraceInformation } from '../../src/p1/common-types.js';
import { findExtension, readExtension, type ExtensionField } from '../../src/p1/extension-field.js';
import { internalTrace } from '../../src/p1/extensions.js';
import { sameGlobalDomain } from '../../src/p1/mts-identifier.js';
import {
  dlOperationAction,
  firstTrace,
  redirectedAction,
  relayed,
  rerouted,
  traceAction,
  traceArrival,
  traceRerouting,
  withoutInternalTraceOf,
  type Traced,
} from '../../src/p1/trace.js';
import { detectLoop } from '../../src/p1/trace-loops.js';
import { messageEnvelopes } from './envelope-generators.js';
import { acme, beta, eightOClock, mta1, mtaB } from './values.js';

const strict = { revisitsAllowed: 0 };
const mta2 = { ...mta1, mtaName: 'mta2' };
const alone: Traced = { traceInformation: [], extensions: [] };

function internal(envelope: Traced) {
  return readExtension(envelope.extensions, internalTrace) ?? [];
}

function visits(...mtas: readonly (typeof mta1)[]): Traced {
  return mtas.reduce((envelope, mta) => traceArrival(envelope, mta, eightOClock), alone);
}

describe('trace information', () => {
  it('begins with one element of ours in each trace (P1-021, P1-022)', () => {
    const trace = firstTrace(mta1, eightOClock);
    expect(trace.traceInformation).toEqual([
      {
        globalDomainIdentifier: acme,
        domainSuppliedInformation: {
          arrivalTime: '261122080000Z',
          routingAction: relayed,
          otherActions: BitString.empty,
        },
      },
    ]);
    expect(internal(trace)).toMatchObject([
      { mtaName: 'mta1', mtaSuppliedInformation: { arrivalTime: '261122080000Z' } },
    ]);
    expect(visits(mta1)).toEqual(trace);
  });

  it('adds an external element where a domain is entered, an internal one at every MTA (P1-021, P1-022)', () => {
    const trace = visits(mta1, mta2, mtaB);
    expect(trace.traceInformation.map((element) => element.globalDomainIdentifier)).toEqual([acme, beta]);
    expect(internal(trace).map((element) => element.mtaName)).toEqual(['mta1', 'mta2', 'b2']);
  });

  it('traces report envelopes like messages (P1-055)', () => {
    const report = { reportIdentifier: 'kept', ...firstTrace(mtaB, eightOClock) };
    expect(traceArrival(report, mta1, eightOClock)).toMatchObject({
      reportIdentifier: 'kept',
      traceInformation: [{ globalDomainIdentifier: beta }, { globalDomainIdentifier: acme }],
    });
  });

  it('leaves the elements of others as they came (P1-030)', () => {
    fc.assert(
      fc.property(messageEnvelopes, (envelope) => {
        const traced = traceArrival(envelope, mta1, eightOClock);
        const count = envelope.traceInformation.length;
        expect(traced.traceInformation.slice(0, count)).toEqual(envelope.traceInformation);
        expect(internal(traced).slice(0, -1)).toEqual(internal(envelope));
        expect(traced.extensions.slice(0, -1)).toEqual(envelope.extensions.slice(0, -1));
      }),
      { numRuns: 30 },
    );
  });

  it('notes deferral, conversion, redirection and list expansion on our newest element only', () => {
    const before = visits(mta1, mtaB, mta2, mta1);
    const types = { builtIn: BitString.of([2]) };
    const noted = traceAction(before, mta1, {
      deferredTime: eightOClock,
      convertedEncodedInformationTypes: types,
      otherActions: [redirectedAction],
    });
    const again = traceAction(noted, mta1, { otherActions: [dlOperationAction] });
    expect(again.traceInformation.slice(0, 2)).toEqual(before.traceInformation.slice(0, 2));
    expect(again.traceInformation[2]?.domainSuppliedInformation).toMatchObject({
      deferredTime: '261122080000Z',
      convertedEncodedInformationTypes: types,
      otherActions: BitString.of([redirectedAction, dlOperationAction]),
    });
    expect(internal(again).map(({ mtaSuppliedInformation }) => mtaSuppliedInformation.otherActions.bits())).toEqual([
      [],
      [],
      [],
      [0, 1],
    ]);
    expect(
      traceAction(before, { ...mta1, globalDomain: { ...acme, countryName: { kind: 'printable', value: 'FR' } } }, {}),
    ).toEqual(before);
  });

  it('records a hop of first choice that failed, by domain or by MTA (P1-024)', () => {
    const byDomain = traceRerouting(visits(mta1), mta1, eightOClock, { domain: beta });
    expect(byDomain.traceInformation.at(-1)?.domainSuppliedInformation).toMatchObject({
      routingAction: rerouted,
      attemptedDomain: beta,
    });
    const byMta = traceRerouting(visits(mta1), mta1, eightOClock, { mtaName: 'mta2' });
    expect(internal(byMta).at(-1)?.mtaSuppliedInformation).toMatchObject({
      routingAction: rerouted,
      attempted: { kind: 'mta', value: 'mta2' },
    });
    expect(byMta.traceInformation.at(-1)?.domainSuppliedInformation).not.toHaveProperty('attemptedDomain');
    expect(faultsOf(traceInformation, byDomain.traceInformation)).toEqual([]);
  });

  it('strips the internal trace of our domain and no other where a message leaves it', () => {
    const trace = visits(mta1, mtaB, mta2);
    expect(readExtension(withoutInternalTraceOf(trace.extensions, acme), internalTrace)).toMatchObject([
      { mtaName: 'b2' },
    ]);
    expect(withoutInternalTraceOf(visits(mta1, mta2).extensions, acme)).toEqual([]);
    const foreign = visits(mtaB).extensions;
    expect(withoutInternalTraceOf(foreign, acme)).toBe(foreign);
  });

  it('leaves alone an internal trace that it cannot read (P1-030)', () => {
    const broken: ExtensionField = {
      type: { kind: 'standard', value: 38, tagging: 'draft' },
      criticality: BitString.empty,
      value: encode(integer(), 7),
    };
    const traced = traceArrival({ traceInformation: [], extensions: [broken] }, mta1, eightOClock);
    expect(findExtension(traced.extensions, 38)).toBe(broken);
    expect(traceAction(traced, mta1, { otherActions: [0] }).extensions).toEqual([broken]);
  });
});

describe('loop detection', () => {
  it('sees a message that was here, went elsewhere and came back (P1-023)', () => {
    expect(detectLoop(visits(mta1, mtaB), mta1, strict)).toBe('between-domains');
    expect(detectLoop(visits(mta1, mtaB), mta2, strict)).toBe('between-domains');
  });

  it('sees no loop on the first visit, nor between neighbours of one domain (P1-071)', () => {
    expect(detectLoop(alone, mta1, strict)).toBeUndefined();
    expect(detectLoop(visits(mtaB), mta1, strict)).toBeUndefined();
    expect(detectLoop(visits(mta2), mta1, strict)).toBeUndefined();
    const { traceInformation } = firstTrace(mta2, eightOClock);
    const twice: Traced = { traceInformation: [...traceInformation, ...traceInformation], extensions: [] };
    expect(detectLoop(twice, mta1, strict)).toBeUndefined();
  });

  it('counts visits, not elements, whatever their times (P1-071)', () => {
    const early = firstTrace(mta1, eightOClock - 60_000).traceInformation;
    const late = firstTrace(mta1, eightOClock).traceInformation;
    const elsewhere = firstTrace(mtaB, eightOClock).traceInformation;
    const once: Traced = { traceInformation: [...late, ...early, ...elsewhere], extensions: [] };
    expect(detectLoop(once, mta1, { revisitsAllowed: 1 })).toBeUndefined();
    const twice: Traced = { traceInformation: [...late, ...elsewhere, ...early, ...elsewhere], extensions: [] };
    expect(detectLoop(twice, mta1, { revisitsAllowed: 1 })).toBe('between-domains');
  });

  it('sees a message that comes back inside the domain by the names of its MTAs (P1-023)', () => {
    expect(detectLoop(visits(mta1, mta2), mta1, strict)).toBe('between-mtas');
    expect(detectLoop(visits(mta1, mta2), mta1, { revisitsAllowed: 1 })).toBeUndefined();
    expect(detectLoop(visits(mta1, mta2), { ...mta1, mtaName: 'mta3' }, strict)).toBeUndefined();
  });

  it.each([redirectedAction, dlOperationAction])('forgets what lies before other-actions %i (P1-023)', (action) => {
    const redirected = traceAction(visits(mta1, mtaB), mtaB, { otherActions: [action] });
    expect(detectLoop(redirected, mta1, strict)).toBeUndefined();
    const backAgain = traceArrival(traceArrival(redirected, mta1, eightOClock), mtaB, eightOClock);
    expect(detectLoop(backAgain, mta1, strict)).toBe('between-domains');
  });

  it('does not take an attempted domain for a visited one', () => {
    const attempted = traceRerouting(visits(mtaB), mtaB, eightOClock, { domain: acme });
    expect(detectLoop(attempted, mta1, strict)).toBeUndefined();
  });

  it('finds a loop just where a left visit lies behind the last reset', () => {
    const walk = fc.array(fc.record({ home: fc.boolean(), reset: fc.nat(5).map((n) => n === 0) }), { maxLength: 12 });
    fc.assert(
      fc.property(walk, (steps) => {
        const trace: TraceInformation = steps.flatMap(({ home, reset }) =>
          firstTrace(home ? mta1 : mtaB, eightOClock).traceInformation.map((element) => ({
            ...element,
            domainSuppliedInformation: {
              ...element.domainSuppliedInformation,
              otherActions: reset ? BitString.of([0]) : BitString.empty,
            },
          })),
        );
        const counted = trace.slice(trace.findLastIndex((e) => e.domainSuppliedInformation.otherActions.has(0)) + 1);
        const path = counted.map((e) => (sameGlobalDomain(e.globalDomainIdentifier, acme) ? 'h' : 'o')).join('');
        const loop = detectLoop({ traceInformation: trace, extensions: [] }, mta1, strict);
        expect(loop).toBe(/ho/.test(path) ? 'between-domains' : undefined);
      }),
    );
  });

  it('encodes other-actions only where there are some (P1-014)', () => {
    expect(toHex(encode(traceInformation, visits(mta1).traceInformation))).not.toContain('8302');
  });
});
