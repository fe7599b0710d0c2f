import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import type { SessionIndication, SessionOptions, SessionRequest } from '../../src/session/service.js';
import { text, TOKENS, type End } from './support/end.js';
import { Pair } from './support/pair.js';

type Role = SessionOptions['role'];
type Step = { readonly deliver: Role } | { readonly user: Role; readonly request: SessionRequest };

const role = fc.constantFrom<Role>('initiator', 'responder');
const identifier = fromHex('020101');
const serialNumber = fc.integer({ min: 0, max: 6 });
const constant = (request: SessionRequest): fc.Arbitrary<SessionRequest> => fc.constant(request);

/** What reliable transfer asks of a session connection: tokens move together. */
const request: fc.Arbitrary<SessionRequest> = fc.oneof(
  { weight: 4, arbitrary: constant({ type: 'S-ACTIVITY-START.request', activityIdentifier: identifier }) },
  { weight: 4, arbitrary: constant({ type: 'S-DATA.request', userData: text('data') }) },
  { weight: 6, arbitrary: constant({ type: 'S-SYNC-MINOR.request' }) },
  {
    weight: 6,
    arbitrary: serialNumber.map((n): SessionRequest => ({ type: 'S-SYNC-MINOR.response', serialNumber: n })),
  },
  { weight: 3, arbitrary: constant({ type: 'S-ACTIVITY-END.request' }) },
  { weight: 6, arbitrary: constant({ type: 'S-ACTIVITY-END.response' }) },
  {
    weight: 2,
    arbitrary: serialNumber.map((n): SessionRequest => ({
      type: 'S-ACTIVITY-RESUME.request',
      activityIdentifier: identifier,
      link: { oldActivityIdentifier: identifier, serialNumber: n },
    })),
  },
  constant({ type: 'S-ACTIVITY-INTERRUPT.request', reason: 0 }),
  { weight: 5, arbitrary: constant({ type: 'S-ACTIVITY-INTERRUPT.response' }) },
  constant({ type: 'S-ACTIVITY-DISCARD.request', reason: 0 }),
  { weight: 5, arbitrary: constant({ type: 'S-ACTIVITY-DISCARD.response' }) },
  constant({ type: 'S-U-EXCEPTION-REPORT.request', reason: 1 }),
  constant({ type: 'S-CONTROL-GIVE.request' }),
  constant({ type: 'S-TOKEN-PLEASE.request', tokens: TOKENS }),
  constant({ type: 'S-RELEASE.request' }),
  constant({ type: 'S-RELEASE.response' }),
);

const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    role.map((deliver): Step => ({ deliver })),
    { weight: 2, arbitrary: fc.record({ user: role, request }) },
  ),
  { minLength: 40, maxLength: 160 },
);

/** What a user knows of its session connection from the primitives alone; finds those that it should not have been given. */
class Witness {
  readonly surprises: string[] = [];
  #outstanding = new Set<string>();
  #sent = 0;
  #confirmed = 0;
  #expected = 0;
  #over = false;
  #ownsTokens: boolean;

  constructor(role: Role) {
    this.#ownsTokens = role === 'initiator';
  }

  get ownsTokens(): boolean {
    return this.#ownsTokens;
  }

  asked(request: SessionRequest): void {
    this.#outstanding.add(request.type.replace('.request', '.confirm'));
    if (request.type === 'S-ACTIVITY-START.request') this.#begin(0);
    if (request.type === 'S-ACTIVITY-RESUME.request') this.#begin(request.link.serialNumber);
    if (request.type === 'S-SYNC-MINOR.request') this.#sent += 1;
    if (request.type === 'S-CONTROL-GIVE.request') this.#ownsTokens = false;
  }

  told(indication: SessionIndication): void {
    const { type } = indication;
    if (this.#over) this.surprises.push(`${type} after the end`);
    if (type.endsWith('.confirm') && type !== 'S-SYNC-MINOR.confirm' && !this.#outstanding.delete(type)) {
      this.surprises.push(`${type} unasked`);
    }
    if (type === 'S-ACTIVITY-START.indication') this.#begin(0);
    if (type === 'S-ACTIVITY-RESUME.indication') this.#begin(indication.link.serialNumber);
    if (type === 'S-CONTROL-GIVE.indication') this.#ownsTokens = true;
    if (type === 'S-RELEASE.confirm') this.#over = true;
    if (type === 'S-SYNC-MINOR.indication') {
      this.#expected += 1;
      if (indication.serialNumber !== this.#expected) this.surprises.push(`point ${String(indication.serialNumber)}`);
    }
    if (type === 'S-SYNC-MINOR.confirm') {
      const { serialNumber: n } = indication;
      if (n <= this.#confirmed || n > this.#sent) this.surprises.push(`confirmation of ${String(n)}`);
      this.#confirmed = n;
    }
  }

  #begin(n: number): void {
    this.#sent = n;
    this.#confirmed = n;
    this.#expected = n;
  }
}

/** False if the state does not allow the request now. */
function allowed(end: End, request: SessionRequest): boolean {
  try {
    end.request(request);
    return true;
  } catch (error) {
    if (error instanceof AssertionError) return false;
    throw error;
  }
}

describe('two session machines and their users', () => {
  it('never find a protocol error in one another, and never surprise a user that does what the state allows', () => {
    const seen = new Map<string, number>();
    fc.assert(
      fc.property(steps, (path) => {
        const pair = new Pair().connect();
        const witnesses = { initiator: new Witness('initiator'), responder: new Witness('responder') };
        const listen = (): void => {
          for (const end of [pair.initiator, pair.responder]) {
            for (const indication of end.said()) {
              seen.set(indication.type, (seen.get(indication.type) ?? 0) + 1);
              witnesses[end.role].told(indication);
            }
          }
        };
        for (const step of path) {
          if ('deliver' in step) pair.deliverOne(step.deliver);
          // Nobody asks for the tokens that it has.
          else if (step.request.type !== 'S-TOKEN-PLEASE.request' || !witnesses[step.user].ownsTokens) {
            if (allowed(pair[step.user], step.request)) witnesses[step.user].asked(step.request);
          }
          listen();
        }
        pair.settle();
        listen();
        for (const end of [pair.initiator, pair.responder]) {
          expect(end.observations).toEqual([]);
          expect(witnesses[end.role].surprises).toEqual([]);
        }
      }),
      { numRuns: 120 },
    );
    expect(seen.size).toBeGreaterThanOrEqual(14);
    expect(seen.has('S-P-ABORT.indication')).toBe(false);
  });
});
