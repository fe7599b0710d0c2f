import { describe, expect, it } from 'vitest';
import { AssertionError } from '../../src/osi/machine.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex } from '../../src/bytes/octets.js';
import { createPresentationMachine } from '../../src/presentation/machine.js';
import {
  acseAbstractSyntax,
  mtseAbstractSyntax,
  rtseAbstractSyntax,
  type PresentationMachine,
  type PresentationRequest,
} from '../../src/presentation/service.js';
import type { SessionIndication } from '../../src/session/service.js';
import {
  abrt,
  acceptResponse,
  connectedInitiator,
  connectIndication,
  connectRequest,
  cp,
  initiatorOptions,
  responderOptions,
  rlre,
  rlrq,
  toAbove,
  toBelow,
} from './samples.js';

const inAcse = (octets: Uint8Array) => ({ abstractSyntax: acseAbstractSyntax, octets });
const inRtse = (octets: Uint8Array) => ({ abstractSyntax: rtseAbstractSyntax, octets });
const data = (hex: string): SessionIndication => ({ type: 'S-DATA.indication', userData: ByteList.of(fromHex(hex)) });

describe('data (X.226 §6.3)', () => {
  it('go out fully encoded (P-015)', () => {
    const octets = ByteList.of(fromHex('04092807020105A002A200'));
    const effects = connectedInitiator().fromAbove({
      type: 'P-DATA.request',
      abstractSyntax: rtseAbstractSyntax,
      userData: octets,
    });
    const [request] = toBelow(effects);
    expect(request?.type === 'S-DATA.request' && request.userData.toUint8Array()).toEqual(
      fromHex('61123010020103A00B04092807020105A002A200'),
    );
  });

  it('come as one indication for each value (P-019)', () => {
    const effects = connectedInitiator().fromBelow(data('6113 3007020103A0020400 3008020105A003040162'));
    expect(toAbove(effects)).toEqual([
      { type: 'P-DATA.indication', abstractSyntax: rtseAbstractSyntax, userData: ByteList.of(fromHex('0400')) },
      { type: 'P-DATA.indication', abstractSyntax: mtseAbstractSyntax, userData: ByteList.of(fromHex('040162')) },
    ]);
  });

  it.each([
    ['in an unknown context (P-018)', '61093007020107A0020500'],
    ['that cannot be decoded', '61093007020103A0020501'],
    ['simply encoded (P-017)', '60020500'],
    ['raw', '0400'],
    ['nothing', ''],
  ])('%s end the connection with ARP 6 at TD (P-021)', (_, hex) => {
    const machine = connectedInitiator();
    const effects = machine.fromBelow(data(hex));
    expect(toBelow(effects)).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex('3006800106810107') }]);
    expect(toAbove(effects)).toMatchObject([{ type: 'P-P-ABORT.indication', cause: 'presentation', origin: 'local' }]);
    expect(effects).toContainEqual(expect.objectContaining({ to: 'observer' }));
    expect(machine.fromBelow(data('61093007020103A0020500'))).toEqual([]);
  });
});

describe('asking for the turn', () => {
  it('carries the priority fully encoded', () => {
    const effects = connectedInitiator().fromAbove({
      type: 'P-TOKEN-PLEASE.request',
      tokens: ['data'],
      userData: inRtse(fromHex('020101')),
    });
    expect(toBelow(effects)).toEqual([
      { type: 'S-TOKEN-PLEASE.request', tokens: ['data'], userData: fromHex('610A3008020103A003020101') },
    ]);
  });

  it('may carry nothing, in both directions', () => {
    const machine = connectedInitiator();
    expect(toBelow(machine.fromAbove({ type: 'P-TOKEN-PLEASE.request', tokens: ['data'] }))).toEqual([
      { type: 'S-TOKEN-PLEASE.request', tokens: ['data'] },
    ]);
    for (const userData of [undefined, new Uint8Array(0)]) {
      const indication = {
        type: 'S-TOKEN-PLEASE.indication',
        tokens: ['data'],
        ...(userData && { userData }),
      } as const;
      expect(toAbove(machine.fromBelow(indication))).toEqual([{ type: 'P-TOKEN-PLEASE.indication', tokens: ['data'] }]);
    }
  });

  it('gives the priority of the peer', () => {
    const indication = {
      type: 'S-TOKEN-PLEASE.indication',
      tokens: ['data'],
      userData: fromHex('610A3008020103A003020100'),
    } as const;
    expect(toAbove(connectedInitiator().fromBelow(indication))).toEqual([
      { type: 'P-TOKEN-PLEASE.indication', tokens: ['data'], userData: inRtse(fromHex('020100')) },
    ]);
  });

  it('with data that are not in our form ends the connection with ARP 6 at token please', () => {
    const indication = { type: 'S-TOKEN-PLEASE.indication', tokens: ['data'], userData: fromHex('020100') } as const;
    expect(toBelow(connectedInitiator().fromBelow(indication))).toEqual([
      { type: 'S-U-ABORT.request', userData: fromHex('3006800106810111') },
    ]);
  });
});

describe('session services', () => {
  const activityIdentifier = fromHex('020101');
  const requests: readonly PresentationRequest[] = [
    { type: 'S-ACTIVITY-START.request', activityIdentifier },
    { type: 'S-SYNC-MINOR.request' },
    { type: 'S-SYNC-MINOR.response', serialNumber: 4 },
    { type: 'S-ACTIVITY-END.request' },
    { type: 'S-ACTIVITY-END.response' },
    { type: 'S-CONTROL-GIVE.request' },
    { type: 'S-TOKEN-GIVE.request', tokens: ['data'] },
    { type: 'S-U-EXCEPTION-REPORT.request', reason: 5 },
    { type: 'S-ACTIVITY-INTERRUPT.request', reason: 0 },
    { type: 'S-ACTIVITY-DISCARD.response' },
  ];
  const indications: readonly SessionIndication[] = [
    { type: 'S-ACTIVITY-START.indication', activityIdentifier },
    { type: 'S-SYNC-MINOR.indication', serialNumber: 1, explicitConfirmation: true },
    { type: 'S-SYNC-MINOR.confirm', serialNumber: 1 },
    { type: 'S-ACTIVITY-END.indication', serialNumber: 2 },
    { type: 'S-ACTIVITY-END.confirm' },
    { type: 'S-CONTROL-GIVE.confirm' },
    { type: 'S-P-EXCEPTION-REPORT.indication' },
    { type: 'S-ACTIVITY-INTERRUPT.indication', activityInProgress: true },
  ];

  it('of the kernel pass unchanged downward', () => {
    const machine = connectedInitiator();
    for (const request of requests) expect(machine.fromAbove(request)).toEqual([{ to: 'below', primitive: request }]);
  });

  it('of the kernel pass unchanged upward', () => {
    const machine = connectedInitiator();
    for (const indication of indications) {
      expect(machine.fromBelow(indication)).toEqual([{ to: 'above', primitive: indication }]);
    }
  });

  it.each([
    ['S-ACTIVITY-END.indication', '300680010381011F'],
    ['S-SYNC-MINOR.indication', '3006800103810113'],
    ['S-CONTROL-GIVE.confirm', '3003800100'],
  ])('%s before the connection is there is unexpected: ARP (P-021)', (type, arp) => {
    const machine = createPresentationMachine(initiatorOptions);
    machine.fromAbove(connectRequest);
    const effects = machine.fromBelow({ type, serialNumber: 1 } as SessionIndication);
    expect(toBelow(effects)).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex(arp) }]);
    expect(toAbove(effects)).toMatchObject([{ type: 'P-P-ABORT.indication', origin: 'local' }]);
  });

  it('a CP on a connection that is open is an unexpected PPDU: ARP 2 (P-021)', () => {
    expect(toBelow(connectedInitiator().fromBelow(connectIndication(cp)))).toEqual([
      { type: 'S-U-ABORT.request', userData: fromHex('3006800102810100') },
    ]);
  });
});

describe('release', () => {
  it('carries RLRQ and RLRE in the data of FINISH and DISCONNECT', () => {
    const machine = connectedInitiator();
    expect(toBelow(machine.fromAbove({ type: 'P-RELEASE.request', userData: inAcse(rlrq) }))).toEqual([
      { type: 'S-RELEASE.request', userData: fromHex('610C300A020101A0056203800100') },
    ]);
    const userData = fromHex('610C300A020101A0056303800100');
    expect(toAbove(machine.fromBelow({ type: 'S-RELEASE.confirm', userData }))).toEqual([
      { type: 'P-RELEASE.confirm', userData: inAcse(rlre) },
    ]);
    expect(machine.fromAbove({ type: 'S-SYNC-MINOR.request' })).toEqual([]);
  });

  it('is answered the same way, with or without data', () => {
    const machine = createPresentationMachine(responderOptions);
    machine.fromBelow(connectIndication(cp));
    machine.fromAbove(acceptResponse);
    expect(toAbove(machine.fromBelow({ type: 'S-RELEASE.indication' }))).toEqual([{ type: 'P-RELEASE.indication' }]);
    const userData = fromHex('610C300A020101A0056203800100');
    expect(toAbove(machine.fromBelow({ type: 'S-RELEASE.indication', userData }))).toEqual([
      { type: 'P-RELEASE.indication', userData: inAcse(rlrq) },
    ]);
    expect(toBelow(machine.fromAbove({ type: 'P-RELEASE.response', userData: inAcse(rlre) }))).toEqual([
      { type: 'S-RELEASE.response', userData: fromHex('610C300A020101A0056303800100') },
    ]);
  });

  it('with data that cannot be read: of the request ARP 6, of the answer nothing, for it is over', () => {
    const userData = fromHex('6203800100');
    expect(toBelow(connectedInitiator().fromBelow({ type: 'S-RELEASE.indication', userData }))).toEqual([
      { type: 'S-U-ABORT.request', userData: fromHex('300680010681010E') },
    ]);
    const effects = connectedInitiator().fromBelow({ type: 'S-RELEASE.confirm', userData });
    expect(effects).toEqual([{ to: 'above', primitive: { type: 'P-RELEASE.confirm' } }]);
  });
});

describe('aborts (X.226 §6.4)', () => {
  const both = [acseAbstractSyntax, rtseAbstractSyntax];
  const aru = fromHex(`A030 A012 3007020101 06025101 3007020103 06025101 611A 3018 020101 A013
    6411800100 BE0C280A020103A005B603800104`);

  function abortRequest(machine: PresentationMachine) {
    return toBelow(machine.fromAbove({ type: 'P-U-ABORT.request', userData: inAcse(abrt), abstractSyntaxes: both }));
  }

  it('of the user go in ARU, with the contexts of the data listed', () => {
    expect(abortRequest(connectedInitiator())).toEqual([{ type: 'S-U-ABORT.request', userData: aru }]);
  });

  it('before the answer list the contexts that we proposed', () => {
    const machine = createPresentationMachine(initiatorOptions);
    machine.fromAbove(connectRequest);
    expect(abortRequest(machine)).toEqual([{ type: 'S-U-ABORT.request', userData: aru }]);
  });

  it('of the user without data are an empty ARU', () => {
    expect(toBelow(connectedInitiator().fromAbove({ type: 'P-U-ABORT.request', abstractSyntaxes: [] }))).toEqual([
      { type: 'S-U-ABORT.request', userData: fromHex('A000') },
    ]);
  });

  it('leave out data that session version 1 cannot carry', () => {
    expect(abortRequest(connectedInitiator(1))).toEqual([{ type: 'S-U-ABORT.request', userData: fromHex('A000') }]);
  });

  it('of the user of a peer give its data (P-020, P-022)', () => {
    const machine = connectedInitiator();
    expect(machine.fromBelow({ type: 'S-U-ABORT.indication', userData: aru })).toEqual([
      { to: 'above', primitive: { type: 'P-U-ABORT.indication', userData: inAcse(abrt) } },
    ]);
    expect(machine.fromBelow({ type: 'S-U-ABORT.indication', userData: aru })).toEqual([]);
  });

  it.each([
    ['without the list of contexts (P-020)', 'A01C611A3018020101A0136411800100BE0C280A020103A005B603800104', true],
    ['with data in an unknown context', 'A01C611A3018020109A0136411800100BE0C280A020103A005B603800104', false],
    ['empty (P-020)', 'A000', false],
    ['that cannot be read', 'A0', false],
    ['of another type', '0500', false],
    ['of X.410-1984 mode', '3103800103', true],
  ])('of a peer %s are still aborts of the user', (_, hex, hasData) => {
    const [indication, ...others] = toAbove(
      connectedInitiator().fromBelow({ type: 'S-U-ABORT.indication', userData: fromHex(hex) }),
    );
    expect(indication?.type).toBe('P-U-ABORT.indication');
    expect(indication && 'userData' in indication).toBe(hasData);
    expect(others).toEqual([]);
  });

  it('without any data are aborts of the user', () => {
    expect(toAbove(connectedInitiator().fromBelow({ type: 'S-U-ABORT.indication' }))).toEqual([
      { type: 'P-U-ABORT.indication' },
    ]);
  });

  it.each([
    ['300680010281011F', 'unexpected PPDU at activity end indication'],
    ['3003800101', 'unrecognized PPDU'],
    ['3000', 'reason not specified'],
    ['3006800163810163', 'reason 99 at event 99'],
  ])('of the provider at the peer come as ARP %s in an abort of the session user: %s (P-022)', (hex, text) => {
    const effects = connectedInitiator().fromBelow({ type: 'S-U-ABORT.indication', userData: fromHex(hex) });
    expect(effects).toEqual([
      { to: 'above', primitive: { type: 'P-P-ABORT.indication', cause: 'presentation', origin: 'peer', text } },
    ]);
  });

  it.each([
    ['protocol-error', 'session'],
    ['unspecified', 'session'],
    ['transport', 'transport'],
  ] as const)('of the session provider for %s keep cause, origin and text (P-022)', (cause, expected) => {
    const indication = { type: 'S-P-ABORT.indication', cause, origin: 'peer', text: 'why' } as const;
    expect(connectedInitiator().fromBelow(indication)).toEqual([
      { to: 'above', primitive: { type: 'P-P-ABORT.indication', cause: expected, origin: 'peer', text: 'why' } },
    ]);
  });
});

describe('our own mistakes', () => {
  it('fail at once', () => {
    expect(() => createPresentationMachine({ ...initiatorOptions, modes: ['normal', 'x410-1984'] })).toThrow(
      AssertionError,
    );
    const machine = createPresentationMachine(initiatorOptions);
    machine.fromAbove(connectRequest);
    expect(() => machine.fromAbove({ type: 'S-SYNC-MINOR.request' })).toThrow(AssertionError);
    expect(() => machine.fromAbove(connectRequest)).toThrow(AssertionError);
    expect(() => machine.timer('any')).toThrow(AssertionError);
    const unknown = { type: 'P-DATA.request', abstractSyntax: '2.3.0', userData: ByteList.empty } as const;
    expect(() => connectedInitiator().fromAbove(unknown)).toThrow(AssertionError);
  });
});
