import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import { mtseAbstractSyntax, rtseAbstractSyntax } from '../../src/presentation/service.js';
import type { Token } from '../../src/session/service.js';
import { modes, openedInitiator, openedResponder, receiving, sending, sentAll, transfer } from './harness.js';

const please = (priority: number) => ({ type: 'RT-TURN-PLEASE.request', priority }) as const;
const give = { type: 'RT-TURN-GIVE.request' } as const;
const asked = (hex: string, tokens: readonly Token[] = ['data']) =>
  ({
    type: 'P-TOKEN-PLEASE.indication',
    tokens,
    userData: { abstractSyntax: rtseAbstractSyntax, octets: fromHex(hex) },
  }) as const;
const given = { type: 'S-CONTROL-GIVE.indication' } as const;
const pt = (priority: string): string =>
  `P-TOKEN-PLEASE.request tokens=[data] userData={abstractSyntax=2.6.0.2.12 octets=${priority}}`;

describe('asking for the turn', () => {
  it.each(modes)(
    'asks for the data token with the priority as an INTEGER, also during an activity, %s mode (R-023)',
    (mode) => {
      expect(openedResponder({ mode }).above(please(1))).toEqual([pt('020101')]);
      expect(receiving({ mode }).above(please(0))).toEqual([pt('020100')]);
    },
  );

  it.each(modes)(
    'tells the owner, whichever tokens are named, and takes absent data for priority 0, %s mode (R-023)',
    (mode) => {
      expect(openedInitiator({ mode }).below(asked('02 01 02'))).toEqual(['RT-TURN-PLEASE.indication priority=2']);
      expect(sending(1, { mode }).below(asked('020103', ['major-activity', 'data']))).toEqual([
        'RT-TURN-PLEASE.indication priority=3',
      ]);
      expect(sentAll(1, { mode }).below({ type: 'P-TOKEN-PLEASE.indication', tokens: ['data'] })).toEqual([
        'RT-TURN-PLEASE.indication priority=0',
      ]);
    },
  );

  it('keeps the most urgent priority until the turn is given (R-023)', () => {
    const driver = openedInitiator();
    driver.below(asked('020101'));
    expect(driver.below(asked('020103'))).toEqual(['RT-TURN-PLEASE.indication priority=1']);
    driver.above(give);
    driver.below({ type: 'S-CONTROL-GIVE.confirm' });
    driver.below(given);
    expect(driver.below(asked('020103'))).toEqual(['RT-TURN-PLEASE.indication priority=3']);
  });

  it('is ignored when it crosses the turn, or the release (R-023)', () => {
    const driver = openedInitiator();
    driver.above(give);
    expect(driver.below(asked('020101'))).toEqual([]);
    driver.below({ type: 'S-CONTROL-GIVE.confirm' });
    expect(driver.below(asked('020101'))).toEqual([]);
    const closing = openedInitiator();
    closing.above({ type: 'RT-CLOSE.request' });
    expect(closing.below(asked('020101'))).toEqual([]);
  });

  it('waits where session takes no request, and is dropped when the turn has come meanwhile', () => {
    const driver = openedInitiator();
    driver.above(give);
    expect(driver.above(please(2))).toEqual([]);
    expect(driver.below({ type: 'S-CONTROL-GIVE.confirm' })).toEqual(['clear acknowledgement', pt('020102')]);
    const troubled = receiving();
    troubled.above({ type: 'RECEIVE-TROUBLE.request', reason: 5 });
    expect(troubled.above(please(1))).toEqual([]);
    expect(troubled.below({ type: 'S-ACTIVITY-DISCARD.indication', activityInProgress: true }).at(-1)).toBe(
      pt('020101'),
    );
    const has = openedInitiator();
    expect(has.above(please(1))).toEqual([]);
  });

  it('with data that is no RTTP is a protocol error (R-046)', () => {
    const abort = 'A-ABORT.request userInformation=b603800104';
    expect(openedInitiator().below(asked('0401FF'))).toContain(abort);
    const octets = fromHex('020101');
    const userData = { abstractSyntax: mtseAbstractSyntax, octets };
    expect(openedInitiator().below({ type: 'P-TOKEN-PLEASE.indication', tokens: ['data'], userData })).toContain(abort);
  });
});

describe('giving the turn', () => {
  it('gives all tokens, between APDUs only, and waits until they are taken (R-022, R-024)', () => {
    const driver = openedInitiator();
    expect(driver.above(give)).toEqual(['S-CONTROL-GIVE.request', 'set acknowledgement']);
    expect(() => driver.above(transfer(1))).toThrow(AssertionError);
    expect(driver.below({ type: 'S-CONTROL-GIVE.confirm' })).toEqual(['clear acknowledgement']);
    expect(() => sending(1).above(give)).toThrow(AssertionError);
    expect(() => openedResponder().above(give)).toThrow(AssertionError);
  });

  it('brings the turn, and with it everything that only its owner may do (R-024)', () => {
    const driver = openedResponder();
    expect(driver.below(given)).toEqual(['RT-TURN-GIVE.indication']);
    expect(driver.above(transfer(1))).toContain('S-ACTIVITY-START.request activityIdentifier=020101');
    const initiator = openedInitiator({ turn: 'responder' });
    initiator.below(given);
    expect(initiator.above({ type: 'RT-CLOSE.request' })[0]).toBe('A-RELEASE.request');
  });

  it('is complete with the last token when a peer gives them one by one (R-024)', () => {
    const driver = openedResponder();
    const token = (...tokens: readonly Token[]) => driver.below({ type: 'S-TOKEN-GIVE.indication', tokens });
    expect(token('data')).toEqual([]);
    expect(token('data', 'major-activity')).toEqual([]);
    expect(token('synchronize-minor')).toEqual(['RT-TURN-GIVE.indication']);
    expect(() => driver.above(transfer(1))).not.toThrow();
  });

  it('within an activity is a protocol error (R-046)', () => {
    expect(receiving().below(given)).toContain('A-ABORT.request userInformation=b603800104');
  });
});
