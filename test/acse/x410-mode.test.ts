import { describe, expect, it } from 'vitest';
import { createAcseMachine } from '../../src/acse/machine.js';
import type { AcseMachine } from '../../src/acse/service.js';
import { fromHex } from '../../src/bytes/octets.js';
import {
  associateRequest,
  connectConfirm,
  connectIndication,
  initiatorOptions,
  inRtse,
  responderOptions,
  rtoac,
  rtorj,
  rtorq,
  toAbove,
  toBelow,
} from './samples.js';

const request = { ...associateRequest, contexts: [], addresses: { called: {}, calling: {} } };
const accepted = connectConfirm(rtoac, { contexts: [], sessionVersion: 1, userData: inRtse(rtoac) });

function caller(): AcseMachine {
  const machine = createAcseMachine({ ...initiatorOptions, mode: 'x410-1984' });
  machine.fromAbove(request);
  return machine;
}

function associated(): AcseMachine {
  const machine = caller();
  machine.fromBelow(accepted);
  return machine;
}

function called(): AcseMachine {
  const machine = createAcseMachine(responderOptions);
  machine.fromBelow(connectIndication(rtorq, { mode: 'x410-1984', contexts: [], userData: inRtse(rtorq) }));
  return machine;
}

describe('in X.410-1984 mode there is no APDU of association control', () => {
  it('A-ASSOCIATE is P-CONNECT with the RTORQ', () => {
    const machine = createAcseMachine({ ...initiatorOptions, mode: 'x410-1984' });
    expect(toBelow(machine.fromAbove(request))).toMatchObject([
      { type: 'P-CONNECT.request', contexts: [], userData: inRtse(rtorq) },
    ]);
    expect(toAbove(machine.fromBelow(accepted))).toMatchObject([
      { type: 'A-ASSOCIATE.confirm', result: 'accept', contexts: [], userInformation: rtoac },
    ]);
  });

  it('the called user is told the mode, and no application context', () => {
    const machine = createAcseMachine(responderOptions);
    const indication = connectIndication(rtorq, { mode: 'x410-1984', contexts: [], userData: inRtse(rtorq) });
    const [told] = toAbove(machine.fromBelow(indication));
    expect(told).toMatchObject({ type: 'A-ASSOCIATE.indication', mode: 'x410-1984', userInformation: rtorq });
    expect(told).not.toHaveProperty('applicationContext');
  });

  it('acceptance and rejection carry RTOAC and RTORJ', () => {
    const accept = {
      type: 'A-ASSOCIATE.response',
      result: 'accept',
      initialTokens: 'initiator',
      userInformation: rtoac,
    } as const;
    expect(toBelow(called().fromAbove(accept))).toEqual([
      { type: 'P-CONNECT.response', result: 'accept', initialTokens: 'initiator', userData: inRtse(rtoac) },
    ]);
    const reject = { type: 'A-ASSOCIATE.response', result: 'reject', transient: true } as const;
    expect(toBelow(called().fromAbove({ ...reject, userInformation: rtorj }))).toEqual([
      { type: 'P-CONNECT.response', result: 'reject', transient: true, userData: inRtse(rtorj) },
    ]);
    expect(toBelow(called().fromAbove(reject))).toEqual([
      { type: 'P-CONNECT.response', result: 'reject', transient: true },
    ]);
  });

  it('a refusal with RTORJ is the word of the called user', () => {
    const refusal = { source: 'presentation-user', transient: false, text: 'refused' } as const;
    const confirm = { type: 'P-CONNECT.confirm', result: 'reject', refusal } as const;
    expect(toAbove(caller().fromBelow({ ...confirm, userData: inRtse(rtorj) }))).toEqual([
      {
        type: 'A-ASSOCIATE.confirm',
        result: 'reject',
        refusal: { source: 'acse-user', transient: false, text: 'refused' },
        userInformation: rtorj,
      },
    ]);
    const busy = { source: 'session', transient: true, code: 1, text: 'busy' } as const;
    expect(toAbove(caller().fromBelow({ ...confirm, refusal: busy }))).toEqual([
      { type: 'A-ASSOCIATE.confirm', result: 'reject', refusal: busy },
    ]);
  });

  it('A-RELEASE is P-RELEASE without data', () => {
    const machine = associated();
    expect(toBelow(machine.fromAbove({ type: 'A-RELEASE.request' }))).toEqual([{ type: 'P-RELEASE.request' }]);
    expect(toAbove(machine.fromBelow({ type: 'P-RELEASE.confirm' }))).toEqual([{ type: 'A-RELEASE.confirm' }]);
    const peer = associated();
    expect(toAbove(peer.fromBelow({ type: 'P-RELEASE.indication' }))).toEqual([{ type: 'A-RELEASE.indication' }]);
    expect(toBelow(peer.fromAbove({ type: 'A-RELEASE.response' }))).toEqual([{ type: 'P-RELEASE.response' }]);
  });

  it('A-ABORT is P-U-ABORT with the RTAB', () => {
    const rtab = fromHex('B603800103');
    for (const machine of [caller(), called(), associated()]) {
      expect(toBelow(machine.fromAbove({ type: 'A-ABORT.request', userInformation: rtab }))).toMatchObject([
        { type: 'P-U-ABORT.request', userData: inRtse(rtab) },
      ]);
    }
    expect(toBelow(associated().fromAbove({ type: 'A-ABORT.request' }))).toEqual([
      { type: 'P-U-ABORT.request', abstractSyntaxes: [] },
    ]);
    for (const machine of [caller(), called(), associated()]) {
      expect(toAbove(machine.fromBelow({ type: 'P-U-ABORT.indication', userData: inRtse(rtab) }))).toEqual([
        { type: 'A-ABORT.indication', source: 'user', userInformation: rtab },
      ]);
    }
    expect(toAbove(associated().fromBelow({ type: 'P-U-ABORT.indication' }))).toEqual([
      { type: 'A-ABORT.indication', source: 'user' },
    ]);
  });
});
