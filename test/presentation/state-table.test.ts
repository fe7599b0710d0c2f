import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import {
  acseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationMachine,
  type PresentationRequest,
} from '../../src/presentation/service.js';
import type { SessionIndication } from '../../src/session/service.js';
import {
  aareRejected,
  acceptResponse,
  connectConfirm,
  connectedInitiator,
  connectIndication,
  connectRequest,
  cp,
  cpa,
  initiatorOptions,
  responderOptions,
} from './samples.js';

const states = ['I0', 'I1', 'I2', 't0', 'over'] as const;
type State = (typeof states)[number];

const inState: Record<State, () => PresentationMachine> = {
  I0: () => createPresentationMachine(initiatorOptions),
  I1: () => {
    const machine = createPresentationMachine(initiatorOptions);
    machine.fromAbove(connectRequest);
    return machine;
  },
  I2: () => {
    const machine = createPresentationMachine(responderOptions);
    machine.fromBelow(connectIndication(cp));
    return machine;
  },
  t0: () => connectedInitiator(),
  over: () => {
    const machine = connectedInitiator();
    machine.fromBelow({ type: 'S-U-ABORT.indication' });
    return machine;
  },
};

const userData = { abstractSyntax: acseAbstractSyntax, octets: aareRejected };
const requests: Record<string, PresentationRequest> = {
  'P-CONreq': connectRequest,
  'P-CONrsp+': acceptResponse,
  'P-CONrsp-': { type: 'P-CONNECT.response', result: 'reject', transient: true, userData },
  'P-DTreq': { type: 'P-DATA.request', abstractSyntax: rtseAbstractSyntax, userData: ByteList.of(fromHex('0400')) },
  'P-TPreq': { type: 'P-TOKEN-PLEASE.request', tokens: ['data'] },
  'P-RELreq': { type: 'P-RELEASE.request' },
  'P-RELrsp': { type: 'P-RELEASE.response' },
  'P-UABreq': { type: 'P-U-ABORT.request', abstractSyntaxes: [] },
  'S-req': { type: 'S-ACTIVITY-END.request' },
};
const indications: Record<string, SessionIndication> = {
  CP: connectIndication(cp),
  'invalid CP': connectIndication(fromHex('')),
  CPA: connectConfirm(cpa),
  CPR: { type: 'S-CONNECT.confirm', result: 'reject', refusal: { transient: true, text: '' } },
  TD: { type: 'S-DATA.indication', userData: ByteList.of(fromHex('61093007020103A0020500')) },
  'S-TPind': { type: 'S-TOKEN-PLEASE.indication', tokens: ['data'] },
  'S-RELind': { type: 'S-RELEASE.indication' },
  'S-RELcnf': { type: 'S-RELEASE.confirm' },
  ARU: { type: 'S-U-ABORT.indication' },
  ARP: { type: 'S-U-ABORT.indication', userData: fromHex('3000') },
  'S-PABind': { type: 'S-P-ABORT.indication', cause: 'transport', origin: 'local', text: '' },
  'S-ind': { type: 'S-ACTIVITY-END.confirm' },
};

const abort = 'below S-U-ABORT.request, above P-P-ABORT.indication';
const mistake = 'mistake';

/** What the table of X.226 Annex A says for the kernel: what goes out, for each event and each state I0, I1, I2, t0. */
const expected: Record<string, readonly [string, string, string, string]> = {
  'P-CONreq': ['below S-CONNECT.request', mistake, mistake, mistake],
  'P-CONrsp+': [mistake, mistake, 'below S-CONNECT.response', mistake],
  'P-CONrsp-': [mistake, mistake, 'below S-CONNECT.response', mistake],
  'P-DTreq': [mistake, mistake, mistake, 'below S-DATA.request'],
  'P-TPreq': [mistake, mistake, mistake, 'below S-TOKEN-PLEASE.request'],
  'P-RELreq': [mistake, mistake, mistake, 'below S-RELEASE.request'],
  'P-RELrsp': [mistake, mistake, mistake, 'below S-RELEASE.response'],
  'P-UABreq': [mistake, 'below S-U-ABORT.request', 'below S-U-ABORT.request', 'below S-U-ABORT.request'],
  'S-req': [mistake, mistake, mistake, 'below S-ACTIVITY-END.request'],
  CP: ['below S-CONNECT.response', abort, abort, abort],
  'invalid CP': ['below S-CONNECT.response', abort, abort, abort],
  CPA: ['', 'above P-CONNECT.confirm', abort, abort],
  CPR: ['', 'above P-CONNECT.confirm', abort, abort],
  TD: ['', abort, abort, 'above P-DATA.indication'],
  'S-TPind': ['', abort, abort, 'above P-TOKEN-PLEASE.indication'],
  'S-RELind': ['', abort, abort, 'above P-RELEASE.indication'],
  'S-RELcnf': ['', abort, abort, 'above P-RELEASE.confirm'],
  ARU: ['', 'above P-U-ABORT.indication', 'above P-U-ABORT.indication', 'above P-U-ABORT.indication'],
  ARP: ['', 'above P-P-ABORT.indication', 'above P-P-ABORT.indication', 'above P-P-ABORT.indication'],
  'S-PABind': ['', 'above P-P-ABORT.indication', 'above P-P-ABORT.indication', 'above P-P-ABORT.indication'],
  'S-ind': ['', abort, abort, 'above S-ACTIVITY-END.confirm'],
};

function outgoing(machine: PresentationMachine, event: string): string {
  const request = requests[event];
  const indication = indications[event];
  try {
    const effects = request ? machine.fromAbove(request) : indication ? machine.fromBelow(indication) : [];
    return effects
      .flatMap((effect) =>
        effect.to === 'above' || effect.to === 'below' ? [`${effect.to} ${effect.primitive.type}`] : [],
      )
      .join(', ');
  } catch (error) {
    if (error instanceof Error && error.name === 'AssertionError') return mistake;
    throw error;
  }
}

describe('the state table (X.226 Annex A)', () => {
  const cells = Object.entries(expected).flatMap(([event, row]) =>
    states.map((state, i) => ({ event, state, result: row[i] ?? '' })),
  );

  it.each(cells)('$event in $state: "$result"', ({ event, state, result }) => {
    expect(outgoing(inState[state](), event)).toBe(result);
  });

  it.each(['P-CONrsp-', 'P-RELrsp', 'P-UABreq', 'CPR', 'S-RELcnf', 'ARU', 'ARP', 'S-PABind'])(
    '%s leads to the end',
    (event) => {
      for (const state of states) {
        const machine = inState[state]();
        const result = outgoing(machine, event);
        if (result === '' || result === mistake || result === abort) continue;
        for (const other of Object.keys(expected)) expect(outgoing(machine, other)).toBe('');
      }
    },
  );
});
