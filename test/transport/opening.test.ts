import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, latin1Octets, toHex } from '../../src/bytes/octets.js';
import { createTransportMachine } from '../../src/transport/machine.js';
import {
  calling,
  carry,
  deeds,
  initiatorOptions,
  lines,
  listening,
  packet,
  pair,
  received,
  sentOctets,
} from './harness.js';

const bytes = ByteList.of(new Uint8Array(70_000));
const called = latin1Octets('P1SV');
const callingSelector = latin1Octets('P1CL');

describe('opening as initiator', () => {
  it('asks for TCP, then sends a CR with both selectors and sizes under TS1 (T-006, T-034)', () => {
    const machine = createTransportMachine(initiatorOptions);
    const request = { type: 'T-CONNECT.request', calledSelector: called, callingSelector } as const;
    expect(deeds(machine.fromAbove(request))).toEqual(['N-CONNECT.request', 'set TS1']);
    expect(deeds(machine.fromBelow({ type: 'N-CONNECT.confirm' }))).toEqual([
      'N-DATA.request userData=0300001e19e00000000100c1045031434cc20450315356c0010bf00201ff',
      'set TS1',
    ]);
  });

  it('leaves the size parameters out for peers that reject them', () => {
    expect(toHex(sentOctets(calling({ sizeOffer: 'none' }).effects))).toBe('0300000b06e00000000100');
    expect(toHex(sentOctets(calling({ sizeOffer: 8 }).effects))).toBe('0300000e09e00000000100c00108');
  });

  it('keeps a CR with two selectors of 32 octets within 128 octets, and sends no longer selectors (T-006, T-035)', () => {
    const longest = new Uint8Array(32).fill(0xff);
    const { effects } = calling({}, { calledSelector: longest, callingSelector: longest });
    expect(sentOctets(effects).length).toBeLessThanOrEqual(128);
    expect(() => calling({}, { calledSelector: new Uint8Array(33) })).toThrow('selector too long');
    expect(() => calling({ reference: 0 })).toThrow('reference 0');
  });

  it('confirms the connection on a CC, with the selector that responds', () => {
    const { machine } = calling({}, { calledSelector: called });
    expect(lines(received(machine, '0300001a15d00001004200c1045031434cc20450315356c0010b'))).toEqual([
      'clear TS1',
      'observe transport.connected',
      'T-CONNECT.confirm respondingSelector=50315356',
    ]);
  });

  it('does not insist on selectors in the CC, and only remarks on a different one', () => {
    expect(deeds(received(calling({}, { calledSelector: called }).machine, '0300000b06d00001004200'))).toEqual([
      'clear TS1',
      'T-CONNECT.confirm',
    ]);
    expect(lines(received(calling({}, { calledSelector: called }).machine, '0300000e09d00001004200c20158'))).toEqual([
      'clear TS1',
      'observe transport.selector-differs',
      'observe transport.connected',
      'T-CONNECT.confirm respondingSelector=58',
    ]);
  });

  it.each([
    ['an unknown parameter', '0300000e09d00001004200990100'],
    ['version number and checksum of class 4', '030000120dd00001004200c40101c3020000'],
    ['a reserved octet of 11', '0311000e09d00001004200c0010b'],
    ['user data behind the header', '0300001006d000010042004142434445'],
    ['C0 beside F0', '030000120dd00001004200c0010bf00201ff'],
  ])('bears a CC with %s (T-002, T-037)', (_, octets) => {
    expect(deeds(received(calling().machine, octets)).map((deed) => deed.split(' ')[0])).toEqual([
      'clear',
      'T-CONNECT.confirm',
    ]);
  });

  it.each([
    ['for another reference (T-016)', '0300000b06d00002004200', '0a70004203c10406d00002'],
    ['of class 2 (T-017)', '0300000b06d00001004220', '0d70004203c10706d00001004220'],
    ['with C0 above the offer (T-021)', '0300000e09d00001004200c0010c', '1070004203c10a09d00001004200c0010c'],
    ['with F0 above the offer (T-021)', '0300000f0ad00001004200f0020200', '1170004203c10b0ad00001004200f0020200'],
  ])('answers a CC %s with an ER and gives up', (_, confirm, error) => {
    const effects = received(calling().machine, confirm);
    expect(deeds(effects).map((deed) => deed.replace(/ reason=.*/, ''))).toEqual([
      'clear TS1',
      `N-DATA.request userData=${packet(error)}`,
      'T-DISCONNECT.indication',
      'N-DISCONNECT.request graceful=true',
    ]);
    expect(lines(effects)).toContain('observe transport.protocol-error');
  });

  it.each([
    [0, true],
    [1, true],
    [2, false],
    [3, false],
    [128, true],
    [129, true],
    [130, false],
    [131, true],
    [132, true],
    [133, true],
    [135, true],
    [136, true],
    [138, true],
    [77, true],
  ])('reports a refusal by DR %i with its code, transient %j (T-028)', (code, transient) => {
    const reason = code.toString(16).padStart(2, '0');
    const effects = received(calling().machine, packet(`068000010000${reason}`));
    expect(deeds(effects).map((deed) => deed.split(' ')[0])).toEqual([
      'clear',
      'T-DISCONNECT.indication',
      'N-DISCONNECT.request',
    ]);
    expect(effects).toContainEqual({
      to: 'above',
      primitive: {
        type: 'T-DISCONNECT.indication',
        reason: expect.objectContaining({ origin: 'peer', code, transient }) as unknown,
      },
    });
  });

  it('gives up on an ER, which the same CR would meet again (T-029)', () => {
    const effects = received(calling().machine, '0300000d0870000101c1020650');
    expect(deeds(effects)).toEqual([
      'clear TS1',
      'T-DISCONNECT.indication reason={"origin":"peer","transient":false,"text":"ER 1: invalid parameter code"}',
      'N-DISCONNECT.request graceful=true',
    ]);
  });

  it('gives up when TS1 runs out, before and after the CR (T-034)', () => {
    const unconnected = createTransportMachine(initiatorOptions);
    unconnected.fromAbove({ type: 'T-CONNECT.request' });
    for (const machine of [unconnected, calling({}, { calledSelector: called }).machine]) {
      const effects = deeds(machine.timer('TS1'));
      expect(effects[0]).toContain('no answer in time to the connection request');
      expect(effects[1]).toBe('N-DISCONNECT.request graceful=false');
      expect(machine.timer('TS1')).toEqual([]);
    }
  });

  it('names both selectors when the peer just closes TCP, as many do that know no such selector', () => {
    const { machine } = calling({}, { calledSelector: called, callingSelector: fromHex('0001') });
    const [, , disconnect] = machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'connection reset' });
    expect(disconnect).toEqual({
      to: 'above',
      primitive: {
        type: 'T-DISCONNECT.indication',
        reason: {
          origin: 'network',
          transient: true,
          text: 'connection reset, instead of an answer to the connection request (called selector "P1SV", calling selector 0x0001)',
        },
      },
    });
  });

  it('reports a TCP connection that cannot be made', () => {
    const machine = createTransportMachine(initiatorOptions);
    machine.fromAbove({ type: 'T-CONNECT.request' });
    expect(deeds(machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'connection refused' }))).toEqual([
      'clear TS1',
      'T-DISCONNECT.indication reason={"origin":"network","transient":true,"text":"connection refused"}',
    ]);
  });

  it('lets the user give up at any time', () => {
    const machine = createTransportMachine(initiatorOptions);
    machine.fromAbove({ type: 'T-CONNECT.request' });
    expect(deeds(machine.fromAbove({ type: 'T-DISCONNECT.request' }))).toEqual([
      'clear TS1',
      'N-DISCONNECT.request graceful=false',
    ]);
    expect(deeds(machine.fromBelow({ type: 'N-CONNECT.confirm' }))).toEqual([]);
    expect(deeds(calling().machine.fromAbove({ type: 'T-DISCONNECT.request' }))).toEqual([
      'clear TS1',
      'N-DISCONNECT.request graceful=true',
    ]);
  });
});

describe('opening as responder', () => {
  const request = '0300001a15e00000000100c1045031434cc20450315356c0010b';

  it('waits for the CR under TS1, indicates it and confirms it with its own reference (T-015, T-034)', () => {
    const machine = createTransportMachine({ ...initiatorOptions, role: 'responder', reference: 0x42 });
    expect(deeds(machine.fromBelow({ type: 'N-CONNECT.indication' }))).toEqual(['set TS1']);
    expect(deeds(received(machine, request))).toEqual([
      'clear TS1',
      'T-CONNECT.indication calledSelector=50315356 callingSelector=5031434c',
    ]);
    expect(deeds(machine.fromAbove({ type: 'T-CONNECT.response' }))).toEqual([
      'N-DATA.request userData=030000140fd00001004200c20450315356c0010b',
    ]);
  });

  it.each([
    ['an unknown parameter (T-007)', '0300001712e00000000100990100c20450315356c0010b'],
    ['the called selector twice, the last one ours (T-008)', '030000140fe00000000100c20158c20450315356'],
    ['C6 asking for expedited data (T-038)', '030000140fe00000000100c60101c20450315356'],
    ['user data (T-037)', '030000160ce00000000100c2045031535648454c4c4f'],
    ['a reserved octet of ff (T-002)', '03ff00110ce00000000100c20450315356'],
    ['class 4 with class 0 among the alternatives (T-011)', '030000140fe00000000140c70100c20450315356'],
    ['class 1 (T-011)', '030000110ce00000000110c20450315356'],
  ])('accepts a CR with %s', (_, octets) => {
    const machine = listening({ acceptedSelectors: [called] });
    expect(deeds(received(machine, octets))).toEqual(['clear TS1', 'T-CONNECT.indication calledSelector=50315356']);
    const confirm = toHex(sentOctets(machine.fromAbove({ type: 'T-CONNECT.response' })));
    expect(confirm).toContain('d00001004200c20450315356'); // class 0, and neither C6 nor C7 in the answer
    expect(confirm).not.toMatch(/c[67]01/);
  });

  it('answers the called selector that nobody has with DR 3, then closes after it has left (T-013)', () => {
    const machine = listening({ acceptedSelectors: [latin1Octets('MTA'), latin1Octets('p1sv')] });
    const effects = received(machine, request);
    expect(deeds(effects)).toEqual([
      'clear TS1',
      'N-DATA.request userData=0300000b06800001000003',
      'N-DISCONNECT.request graceful=true',
    ]);
    expect(effects).toContainEqual({
      to: 'observer',
      observation: {
        event: 'transport.refused',
        level: 'info',
        fields: {
          reason: 3,
          text: 'transport selector unknown: called selector "P1SV"',
          calledSelector: '"P1SV"',
          callingSelector: '"P1CL"',
        },
      },
    });
  });

  it('takes a CR without called selector only where the nil selector is ours (T-014)', () => {
    const nil = '0300000b06e00000000100';
    expect(deeds(received(listening({ acceptedSelectors: [called] }), nil))).toContain(
      'N-DATA.request userData=0300000b06800001000003',
    );
    expect(deeds(received(listening({ acceptedSelectors: [called, new Uint8Array(0)] }), nil))).toContain(
      'T-CONNECT.indication',
    );
    expect(deeds(received(listening(), nil))).toContain('T-CONNECT.indication');
  });

  it('compares binary selectors octet by octet (T-035)', () => {
    const selector = Uint8Array.from({ length: 32 }, (_, i) => i);
    const { effects } = calling({}, { calledSelector: selector });
    expect(deeds(carry(effects, listening({ acceptedSelectors: [selector] })))).toContain(
      `T-CONNECT.indication calledSelector=${toHex(selector)}`,
    );
    const other = Uint8Array.of(...selector.subarray(0, 31), 0);
    expect(deeds(carry(effects, listening({ acceptedSelectors: [other] })))).toContain(
      'N-DATA.request userData=0300000b06800001000003',
    );
  });

  it('refuses classes that leave no room for class 0 with DR 130 (T-012)', () => {
    for (const octets of ['0300000b06e00000000120', '0300000e09e00000000140c70120', '0300000b06ef0000000130']) {
      expect(deeds(received(listening(), octets))).toEqual([
        'clear TS1',
        'N-DATA.request userData=0300000b06800001000082',
        'N-DISCONNECT.request graceful=true',
      ]);
    }
  });

  it('answers a malformed CR with an ER, or with DR 133 where it prefers another class (T-009)', () => {
    expect(deeds(received(listening(), '0300000e09e00000000100c20541'))).toEqual([
      'clear TS1',
      'N-DATA.request userData=030000140f70000103c10909e00000000100c205',
      'N-DISCONNECT.request graceful=true',
    ]);
    expect(deeds(received(listening(), '0300000e09e00000000140c20541'))).toEqual([
      'clear TS1',
      'N-DATA.request userData=0300000b06800001000085',
      'N-DISCONNECT.request graceful=true',
    ]);
  });

  it.each([
    ['CC', '0300000b06d00001000200'],
    ['DR', '0300000b06800001000280'],
    ['DT', '0300000802f08041'],
    ['ER', '0300000b0670000102c100'],
  ])('closes on a %s instead of a CR', (_, octets) => {
    expect(lines(received(listening(), octets))).toEqual([
      'clear TS1',
      'observe transport.not-opened',
      'N-DISCONNECT.request graceful=false',
    ]);
  });

  it('closes when no CR comes in time (T-034)', () => {
    const machine = listening();
    expect(lines(machine.timer('TS1'))).toEqual([
      'observe transport.not-opened',
      'N-DISCONNECT.request graceful=false',
    ]);
    expect(machine.timer('TS1')).toEqual([]);
  });

  it('says nothing to its user of a TCP connection that ends without a CR', () => {
    expect(lines(listening().fromBelow({ type: 'N-DISCONNECT.indication', text: 'end' }))).toEqual(['clear TS1']);
  });

  it('refuses with DR 0 what its user refuses, and closes after it has left', () => {
    const machine = listening();
    received(machine, request);
    expect(deeds(machine.fromAbove({ type: 'T-DISCONNECT.request' }))).toEqual([
      'N-DATA.request userData=0300000b06800001000000',
      'N-DISCONNECT.request graceful=true',
    ]);
  });

  it('takes a CR of up to 512 octets and closes on the announcement of a longer one', () => {
    const userData = (packetOctets: number): string => '00'.repeat(packetOctets - 11);
    expect(deeds(received(listening(), `0300020006e00000000100${userData(512)}`))).toContain('T-CONNECT.indication');
    expect(deeds(received(listening(), '03000201'))).toEqual(['clear TS1', 'N-DISCONNECT.request graceful=false']);
  });

  it('treats whatever but a DR comes before its answer as a protocol error', () => {
    const machine = listening();
    received(machine, request);
    expect(deeds(received(machine, '0300000802f08041')).map((deed) => deed.split(' ')[0])).toEqual([
      'N-DATA.request',
      'T-DISCONNECT.indication',
      'set',
    ]);
    expect(machine.fromAbove({ type: 'T-CONNECT.response' })).toEqual([]);
  });
});

describe('both ends together', () => {
  it('agree on the preferred size where both know it, on C0 where one does not (T-018, T-021, T-022)', () => {
    const segments = (initiator: 'preferred' | 'none' | 8, responder: 'preferred' | 'none' | 9): number[] => {
      const ends = pair({ sizeOffer: initiator }, { sizeOffer: responder });
      return [ends.initiator, ends.responder].map((machine) => {
        const userData = { type: 'T-DATA.request', userData: bytes } as const;
        return new DataView(sentOctets(machine.fromAbove(userData)).buffer).getUint16(2) - 4;
      });
    };
    expect(segments('preferred', 'preferred')).toEqual([65408, 65408]);
    expect(segments('preferred', 'none')).toEqual([2048, 2048]);
    expect(segments('preferred', 9)).toEqual([512, 512]);
    expect(segments('none', 'preferred')).toEqual([65531, 65531]);
    expect(segments(8, 'preferred')).toEqual([256, 256]);
  });
});
