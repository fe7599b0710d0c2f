import { describe, expect, it } from 'vitest';
import { latin1Octets } from '../../src/bytes/octets.js';
import { AssertionError } from '../../src/osi/machine.js';
import {
  ACCEPT_VERSION_1_HEX,
  CONNECT_HEX,
  connectedInitiator,
  connectedResponder,
  End,
  forget,
} from './support/end.js';
import { inState, responderAfter } from './support/states.js';

const states = Object.entries(inState).map(([state, make]) => ({ state, make }));

describe('abort', () => {
  it.each(states)('by the user is sent in state $state, and the peer is given TIM to close (S-037)', ({ make }) => {
    const end = make();
    forget(end);
    end.request({ type: 'S-U-ABORT.request', userData: latin1Octets('reason') });
    expect(end.sent()).toEqual(['190b110103c106726561736f6e']);
    expect([...end.timers]).toEqual([['TIM', 5_000]]);
    end.receive('01000100ff', '02002a032a0131', 'ffff');
    expect(end.said()).toEqual([]);
    end.expire('TIM');
    expect(end.sent()).toEqual(['T-DISCONNECT.request']);
    expect(end.timers.size).toBe(0);
  });

  it.each(states)(
    'from the peer is indicated in state $state, and the transport connection closed (S-038)',
    ({ make }) => {
      for (const [tsdu, indication] of [
        ['1903110103', { type: 'S-U-ABORT.indication' }],
        ['1908110103c103616263', { type: 'S-U-ABORT.indication', userData: latin1Octets('abc') }],
        ['1903110102', { type: 'S-U-ABORT.indication' }],
        ['1903110105', { type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'peer' }],
        ['190a110105 3105 0102030405', { type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'peer' }],
        ['1903110109', { type: 'S-P-ABORT.indication', cause: 'unspecified', origin: 'peer' }],
      ] as const) {
        const end = make();
        forget(end);
        end.receive(tsdu);
        expect(end.said()).toMatchObject([indication]);
        expect(end.sent()).toEqual(['T-DISCONNECT.request']);
        expect(end.timers.size).toBe(0);
      }
    },
  );

  it.each(states)('by the provider answers an SPDU that is invalid in state $state (S-045, S-046)', ({ make }) => {
    for (const tsdu of ['ffff', '', '2d00', '1903', '0800', '01002103', '010001']) {
      const end = make();
      forget(end);
      end.receive(tsdu);
      expect(end.sent(), tsdu).toEqual(['1903110105']);
      expect(end.said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'protocol-error', origin: 'local' }]);
      expect(end.observations).toMatchObject([{ event: 'session.protocol-error', level: 'warn' }]);
      expect(end.timers.get('TIM')).toBe(5_000);
    }
  });

  it.each(states)(
    'by the provider goes before what the user wants who has not heard of it yet, in state $state (S-045)',
    ({ make }) => {
      const end = make();
      end.receive('ffff');
      forget(end);
      end.request({ type: 'S-U-ABORT.request', userData: latin1Octets('reason') });
      end.request({ type: 'S-TOKEN-PLEASE.request', tokens: ['data'], userData: latin1Octets('1') });
      expect([end.sent(), end.said()]).toEqual([[], []]);
      end.expire('TIM');
      expect(end.sent()).toEqual(['T-DISCONNECT.request']);
    },
  );

  it.each(states)('follows from the loss of the transport connection in state $state (S-043)', ({ make }) => {
    const end = make();
    forget(end);
    end.transport({
      type: 'T-DISCONNECT.indication',
      reason: { origin: 'network', transient: true, text: 'connection reset' },
    });
    expect(end.said()).toEqual([
      { type: 'S-P-ABORT.indication', cause: 'transport', origin: 'peer', text: 'connection reset' },
    ]);
    expect(end.sent()).toEqual([]);
    expect(end.timers.size).toBe(0);
  });

  it('is over when the peer closes, or answers with ABORT, ABORT ACCEPT or CONNECT (S-037, S-043)', () => {
    for (const tsdu of ['1903110103', '1a00', CONNECT_HEX]) {
      const end = connectedInitiator();
      end.request({ type: 'S-U-ABORT.request' });
      forget(end);
      end.receive(tsdu, tsdu);
      expect(end.sent()).toEqual(['T-DISCONNECT.request']);
      expect(end.timers.size).toBe(0);
      expect(end.said()).toEqual([]);
    }
    const end = connectedInitiator();
    end.request({ type: 'S-U-ABORT.request' });
    forget(end);
    const reason = { origin: 'peer', transient: true, text: 'closed' } as const;
    end.transport({ type: 'T-DISCONNECT.indication', reason });
    end.transport({ type: 'T-DISCONNECT.indication', reason });
    expect([end.said(), end.sent(), end.timers.size]).toEqual([[], [], 0]);
  });

  it('tells nobody of a transport connection lost before the caller was known (S-043)', () => {
    const end = new End('responder');
    end.transport({ type: 'T-CONNECT.indication' });
    end.transport({ type: 'T-DISCONNECT.indication', reason: { origin: 'peer', transient: true, text: 'closed' } });
    expect(end.said()).toEqual([]);
    expect(end.timers.size).toBe(0);
  });

  it('leaves out user data that version 1 cannot carry, and takes more than its 9 octets (S-037)', () => {
    const old = (): End => connectedInitiator({}, ACCEPT_VERSION_1_HEX);
    const aborted = (octets: number): readonly string[] => {
      const end = old();
      end.request({ type: 'S-U-ABORT.request', userData: new Uint8Array(octets) });
      return end.sent();
    };
    expect(aborted(9)).toEqual(['190e110103c109000000000000000000']);
    expect(aborted(10)).toEqual(['1903110103']);
    const generous = old();
    generous.receive(`19ff0207110103c1ff0200${'00'.repeat(512)}`);
    expect(generous.said()).toEqual([{ type: 'S-U-ABORT.indication', userData: new Uint8Array(512) }]);
    const endless = old();
    endless.receive(`19ff0208110103c1ff0201${'00'.repeat(513)}`);
    expect(endless.said()).toMatchObject([{ type: 'S-P-ABORT.indication', origin: 'local' }]);
  });

  it('follows from more user data than version 1 allows (S-042)', () => {
    const sized = (octets: number): End => {
      const end = connectedResponder({ versions: [1] });
      end.receive(
        `09ff${(octets + 4).toString(16).padStart(4, '0')}c1ff${octets.toString(16).padStart(4, '0')}${'00'.repeat(octets)}`,
      );
      return end;
    };
    expect(sized(512).said()).toMatchObject([{ type: 'S-RELEASE.indication' }]);
    expect(sized(513).said()).toMatchObject([{ type: 'S-P-ABORT.indication', cause: 'protocol-error' }]);
  });

  it('cannot be asked for twice', () => {
    const end = connectedInitiator();
    end.request({ type: 'S-U-ABORT.request' });
    expect(() => {
      end.request({ type: 'S-U-ABORT.request' });
    }).toThrow(AssertionError);
  });

  it('is not disturbed by a timer that ran out while it was being cleared', () => {
    const end = connectedInitiator();
    end.expire('TIM');
    end.expire('acknowledgement');
    expect([end.said(), end.sent()]).toEqual([[], []]);
  });

  it('aborts on a prefix in front of an interrupt that gives tokens away', () => {
    const end = responderAfter('01002d052903020101', '0103100101 1900');
    expect(end.said().slice(1)).toMatchObject([
      { type: 'S-ACTIVITY-INTERRUPT.indication' },
      { type: 'S-P-ABORT.indication', cause: 'protocol-error' },
    ]);
  });
});
