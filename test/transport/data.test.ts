import { describe, expect, it } from 'vitest';
import { ByteList } from '../../src/bytes/byte-list.js';
import { fromHex, latin1Octets } from '../../src/bytes/octets.js';
import { createTransportMachine } from '../../src/transport/machine.js';
import {
  calling,
  deeds,
  initiatorOptions,
  responderOptions,
  lines,
  listening,
  opened,
  packet,
  received,
  vectors,
} from './harness.js';

const normalEnd = packet('0680 0042 0001 80');

describe('data on an open connection', () => {
  it('gives a TSDU down as one request, cut to the negotiated size (T-024)', () => {
    const machine = opened({}, packet('09e0 0000 0001 00 c00107'));
    const userData = ByteList.of(new Uint8Array(100).fill(0x41), new Uint8Array(30).fill(0x42));
    expect(deeds(machine.fromAbove({ type: 'T-DATA.request', userData }))).toEqual([
      `N-DATA.request userData=0300008402f000${'41'.repeat(100)}${'42'.repeat(25)}0300000c02f080${'42'.repeat(5)}`,
    ]);
  });

  it('joins the DTs of a TSDU and indicates it at EOT (T-025)', () => {
    const machine = opened();
    expect(deeds(received(machine, packet('02f000 41')))).toEqual([]);
    expect(deeds(received(machine, packet('02f000') + packet('02f000 4242') + packet('02f080')))).toEqual([
      'T-DATA.indication userData=414242',
    ]);
  });

  it('gives nothing to the user for a TSDU without octets', () => {
    expect(deeds(received(opened(), packet('02f080') + packet('02f080 41')))).toEqual([
      'T-DATA.indication userData=41',
    ]);
  });

  it('hands TSDUs up as views on the octets received', () => {
    const chunk = fromHex(packet('02f000 4142') + packet('02f080 43'));
    const [effect] = opened().fromBelow({ type: 'N-DATA.indication', userData: chunk });
    const userData =
      effect?.to === 'above' && effect.primitive.type === 'T-DATA.indication' && effect.primitive.userData;
    expect(userData && userData.chunks.map((octets) => octets.buffer)).toEqual([chunk.buffer, chunk.buffer]);
  });

  it('takes a DT above the negotiated size, and remarks on the first only', () => {
    const machine = opened({}, packet('09e0 0000 0001 00 c00107'));
    const data = '41'.repeat(126);
    expect(lines(received(machine, packet(`02f080${data.slice(2)}`)))).toEqual([
      `T-DATA.indication userData=${data.slice(2)}`,
    ]);
    expect(lines(received(machine, packet(`02f080${data}`)))).toEqual([
      'observe transport.tpdu-oversize',
      `T-DATA.indication userData=${data}`,
    ]);
    expect(lines(received(machine, packet(`02f080${data}`)))).toEqual([`T-DATA.indication userData=${data}`]);
  });

  it('takes the largest TPKT there is', () => {
    const effects = received(opened(), packet(`02f080${'41'.repeat(65528)}`));
    expect(effects).toHaveLength(1);
  });

  it('takes a TSDU of the limit, and ends the connection at the first octet above it (T-027)', () => {
    const atLimit = opened({ tsduOctetsMax: 4 });
    expect(deeds(received(atLimit, packet('02f000 414243') + packet('02f080 44')))).toEqual([
      'T-DATA.indication userData=41424344',
    ]);
    const effects = received(opened({ tsduOctetsMax: 4 }), packet('02f000 414243') + packet('02f000 4445'));
    expect(deeds(effects)).toEqual([
      'T-DISCONNECT.indication reason={"origin":"local","transient":false,"text":"the peer sends a TSDU longer than the limit"}',
      'N-DISCONNECT.request graceful=false',
    ]);
    expect(lines(effects)).toContain('observe transport.disconnected');
  });
});

describe('the end of an open connection', () => {
  it('is the end of TCP when the user asks, after all data and without a DR (T-032)', () => {
    const machine = opened();
    expect(deeds(machine.fromAbove({ type: 'T-DISCONNECT.request' }))).toEqual(['N-DISCONNECT.request graceful=true']);
    expect(machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'end' })).toEqual([]);
  });

  it('comes after everything that was received before it (T-033)', () => {
    const machine = opened();
    const data = received(machine, packet('02f080 1900') + packet('02f080 1901'));
    const end = machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'end of the TCP connection' });
    expect(deeds([...data, ...end])).toEqual([
      'T-DATA.indication userData=1900',
      'T-DATA.indication userData=1901',
      'T-DISCONNECT.indication reason={"origin":"network","transient":true,"text":"end of the TCP connection"}',
    ]);
  });

  it.each([
    ['a TPKT', packet('02f080 41424344').slice(0, 18)],
    ['the header of a TPKT', '0300'],
    ['a TSDU', packet('02f000 41424344')],
  ])('says when it came inside %s, whose octets are lost', (_, octets) => {
    const machine = opened();
    received(machine, octets);
    const [effect] = deeds(machine.fromBelow({ type: 'N-DISCONNECT.indication', text: 'reset' }));
    expect(effect).toContain('"text":"reset, inside a unit of data"');
  });

  it('is a DR as well, of which reason 128 is the normal end: no ER, and nothing above debug in the log (T-030)', () => {
    const machine = opened();
    const effects = received(machine, packet('02f080 0900') + normalEnd);
    expect(deeds(effects)).toEqual([
      'T-DATA.indication userData=0900',
      'T-DISCONNECT.indication reason={"origin":"peer","transient":true,"code":128,"text":"DR 128: normal disconnect"}',
      'N-DISCONNECT.request graceful=true',
    ]);
    const levels = effects.flatMap((effect) => (effect.to === 'observer' ? [effect.observation.level] : []));
    expect(levels).toEqual(['debug']);
  });

  it('is an ER as well, which a later attempt may not meet (T-030)', () => {
    expect(deeds(received(opened(), packet('0870 0042 03 c1020650')))).toEqual([
      'T-DISCONNECT.indication reason={"origin":"peer","transient":true,"text":"ER 3: invalid parameter value"}',
      'N-DISCONNECT.request graceful=true',
    ]);
  });

  it('leaves requests that cross it without effect', () => {
    const machine = opened();
    received(machine, normalEnd);
    const userData = ByteList.of(latin1Octets('late'));
    expect(machine.fromAbove({ type: 'T-DATA.request', userData })).toEqual([]);
    expect(machine.fromAbove({ type: 'T-DISCONNECT.request' })).toEqual([]);
    expect(received(machine, packet('02f080 41'))).toEqual([]);
    expect(machine.timer('TS1')).toEqual([]);
  });
});

describe('errors of the peer on an open connection', () => {
  it.each([
    ['a DT with LI 3 (T-026)', '03f08000', '0770 0001 00 c10103'],
    ['a DT with code F1 (T-026)', '02f18041', '0870 0001 02 c10202f1'],
    ['a DT with a TPDU-NR', '02f08141', '0970 0001 03 c10302f081'],
    ['a second CR (T-036)', '06e0 0000 0001 00', '0870 0001 02 c10206e0'],
    ['a CC', '06d0 0042 0001 00', '0870 0001 02 c10206d0'],
    ['expedited data (T-038)', '021080 41', '0870 0001 02 c1020210'],
    ['a DC', '05c0 0042 0001', '0870 0001 02 c10205c0'],
    ['a length indicator beyond the TPDU', '20f080', '0770 0001 00 c10120'],
  ])('are answered with an ER that returns the header, and TS2: %s (T-031)', (_, tpdu, error) => {
    const machine = opened();
    const effects = received(machine, packet('02f080 41') + packet(tpdu) + packet('02f080 42'));
    expect(deeds(effects).map((deed) => deed.replace(/"text":.*/, ''))).toEqual([
      'T-DATA.indication userData=41',
      `N-DATA.request userData=${packet(error)}`,
      'T-DISCONNECT.indication reason={"origin":"local","transient":true,',
      'set TS2',
    ]);
    expect(lines(effects)).toContain('observe transport.protocol-error');
    expect(received(machine, packet('02f080 43'))).toEqual([]);
    expect(machine.fromAbove({ type: 'T-DATA.request', userData: ByteList.of(fromHex('44')) })).toEqual([]);
  });

  it('end in a close by us when the peer does not close within TS2, by the peer when it does (T-031)', () => {
    const late = opened();
    received(late, packet('02f18041'));
    expect(deeds(late.timer('TS2'))).toEqual(['N-DISCONNECT.request graceful=false']);
    const prompt = opened();
    received(prompt, packet('02f18041'));
    expect(deeds(prompt.fromBelow({ type: 'N-DISCONNECT.indication', text: 'end' }))).toEqual(['clear TS2']);
    expect(prompt.timer('TS2')).toEqual([]);
  });

  it.each([
    ['another TPKT version (T-003)', '02000007'],
    ['a TPKT length of 6 (T-004)', '03000006'],
  ])('end TCP at once where the packets are lost: %s', (_, octets) => {
    const effects = received(opened(), packet('02f080 41') + octets + packet('02f080 42'));
    expect(deeds(effects).map((deed) => deed.replace(/"text":.*/, ''))).toEqual([
      'T-DATA.indication userData=41',
      'T-DISCONNECT.indication reason={"origin":"local","transient":true,',
      'N-DISCONNECT.request graceful=false',
    ]);
  });
});

describe('mistakes of ours', () => {
  it('are asserted, never sent', () => {
    const userData = ByteList.of(fromHex('41'));
    expect(() => calling().machine.fromAbove({ type: 'T-DATA.request', userData })).toThrow('TDTreq in state WFCC');
    expect(() => listening().fromAbove({ type: 'T-CONNECT.response' })).toThrow('TCONresp in state WFCR');
    expect(() => opened().fromAbove({ type: 'T-CONNECT.request' })).toThrow('TCONreq in state OPEN');
    expect(() => opened().fromBelow({ type: 'N-CONNECT.indication' })).toThrow('NCONind in state OPEN');
    const responder = createTransportMachine(responderOptions);
    expect(() => responder.fromAbove({ type: 'T-CONNECT.request' })).toThrow('TCONreq in state CLOSED');
    const initiator = createTransportMachine(initiatorOptions);
    expect(() => initiator.fromBelow({ type: 'N-CONNECT.indication' })).toThrow('NCONind in state CLOSED');
    expect(() => received(initiator, packet('02f080 41'))).toThrow('invalid TPDU in state CLOSED');
    expect(() => opened().timer('TS3')).toThrow('timer TS3');
  });
});

describe('conversations of other implementations', () => {
  for (const { name, initiator, responder } of vectors.conversations) {
    it(`are followed from either side: ${name}`, () => {
      const machine = listening();
      const opening = initiator.octets.slice(0, 2 * Number.parseInt(initiator.octets.slice(4, 8), 16));
      received(machine, opening);
      machine.fromAbove({ type: 'T-CONNECT.response' });
      const heard = deeds(received(machine, initiator.octets.slice(opening.length)));
      const tsdus = initiator.tsdus.map((tsdu) => `T-DATA.indication userData=${tsdu}`);
      expect(heard.slice(0, tsdus.length)).toEqual(tsdus);
      expect(heard.slice(tsdus.length).map((deed) => deed.split(' ')[0])).toEqual([
        'T-DISCONNECT.indication',
        'N-DISCONNECT.request',
      ]);

      const reference = Number.parseInt(opening.slice(16, 20), 16);
      const answers = deeds(received(calling({ reference }).machine, responder.octets));
      expect(answers).toEqual([
        'clear TS1',
        'T-CONNECT.confirm',
        ...responder.tsdus.map((tsdu) => `T-DATA.indication userData=${tsdu}`),
      ]);
    });
  }
});
