import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatOctets, fromHex, latin1Octets } from '../../src/bytes/octets.js';
import type { Observation } from '../../src/osi/machine.js';
import { attacksOfPeers, attacksOfStrangers, recordingOf, withText, type Attack, type Move } from './attacks.js';
import { Battlefield, hostile } from './battlefield.js';
import { anna, bob, makePair, testOctets } from './pair.js';
import { RawPeer } from './raw-peer.js';

const modes = ['normal', 'x410-1984'] as const;

function expectLine(lines: readonly Observation[], { event, cause, text }: Attack['line']): void {
  expect(lines.map((line) => line.event)).toEqual([event]);
  expect(lines[0]?.fields['cause']).toBe(cause);
  expect(lines[0]?.fields['text']).toMatch(text);
  expect(lines[0]?.fields['peer']).toBe(hostile);
}

describe.each(modes)('an agent in mode %s', (mode) => {
  const { connectionRequest, connect } = recordingOf(mode);

  it.each(attacksOfStrangers)('refuses a stranger who sends $what, and says so in one line', ({ moves, line }) => {
    const field = new Battlefield({ mode });
    const peer = field.call();
    field.wage(peer, moves(recordingOf(mode)));
    field.isOver();
    expectLine(field.lines(), line);
    expect(peer.closed).toBeDefined();
  });

  it.each(attacksOfPeers)('ends the association of a peer that sends $what, and says so in one line', (attack) => {
    const field = new Battlefield({ mode });
    const peer = field.call();
    field.wage(peer, [connectionRequest, connect, ...attack.moves(recordingOf(mode))]);
    field.isOver();
    expectLine(field.lines(), attack.line);
    expect(peer.closed).toBeDefined();
  });

  it('bears with a window that is exceeded, and says so once', () => {
    const { longActivity, release } = recordingOf(mode);
    const field = new Battlefield({ mode });
    const peer = field.call();
    field.wage(peer, [connectionRequest, connect, concatOctets(...longActivity)]);
    field.pair.clock.run(1000);
    field.wage(peer, [release]);
    field.isOver();
    expect(field.lines().map(({ event }) => event)).toEqual([
      'rts.window-exceeded',
      'transfer.completed',
      'association.closed',
    ]);
  });

  it('puts octets that are no MTS-APDU into quarantine and tells the peer, and the operator in one line (X.411 §12)', () => {
    const { activityStart, activityEnd } = recordingOf(mode);
    const piece = fromHex('64656667');
    const data =
      mode === 'normal'
        ? concatOctets(fromHex('0300001c02f0800100010061' + '0d' + '300b020103a0060404'), piece)
        : concatOctets(fromHex('0300000f02f08001000100'), piece);
    data[3] = data.length;
    const field = new Battlefield({ mode });
    const peer = field.call();
    field.wage(peer, [connectionRequest, connect, activityStart, data, activityEnd]);
    const [quarantined] = field.victim.call('quarantine.list', {});
    expect(quarantined?.octets).toBe(piece.length);
    expect(field.lines().map(({ event }) => event)).toEqual(['message.quarantined']);
    field.isOver();
  });
});

/** One packet with data of a TSDU that does not end here. */
const unendingData = concatOctets(fromHex('03000800' + '02f000'), new Uint8Array(2041));

describe('a flood', () => {
  it('of connections is refused above the limit, hurts no open association, and is gone when the binds are due', () => {
    const field = new Battlefield({ limits: { connectionsMax: 20 } });
    const { clock, beta } = field.pair;
    const peers = Array.from({ length: 30 }, () => field.call());
    clock.run(100);
    const refused = beta.events('association.refused');
    expect(refused.map(({ cause, peer }) => [cause, peer])).toEqual(Array(11).fill(['busy', hostile]));
    expect(peers.filter(({ closed }) => closed === undefined).length).toBe(19);
    clock.run(60_000);
    expect(peers.filter(({ closed }) => closed === undefined)).toEqual([]);
    expect(beta.events('association.refused').length).toBe(30);
    field.isOver();
  });

  it('of connections that say nothing keeps nobody out for long: the oldest gives way to a newer caller', () => {
    const { clock, alpha, beta } = makePair({ limits: { connectionsMax: 5 }, retry: { openIntervalSeconds: 10 } });
    alpha.start();
    beta.start();
    const peers = Array.from({ length: 5 }, () => RawPeer.calling(clock, beta, hostile));
    alpha.submit({ from: anna, to: [bob] }, testOctets(100));
    clock.run(20_000);
    expect(beta.mailbox('bob').length).toBe(1);
    expect(peers.map(({ closed }) => closed !== undefined)).toEqual([true, false, false, false, false]);
    expect(beta.events('association.refused').map(({ cause, text }) => [cause, text])).toEqual([
      ['busy', '5 connections are open'],
      ['no-bind', 'no bind, and its connection was needed for another caller'],
    ]);
  });

  it('of connections that never ends leaves room for those who bind, and takes none from those who have bound', () => {
    const field = new Battlefield({ limits: { connectionsMax: 30, idleTimeoutSeconds: 400 } });
    const { clock, alpha, beta } = field.pair;
    for (let i = 0; i < 300; i++) {
      field.call();
      if (i === 100) alpha.submit({ from: anna, to: [bob] }, testOctets(100));
      clock.run(100);
    }
    expect(beta.mailbox('bob').length).toBe(2);
    expect(beta.events('association.lost')).toEqual([]);
    field.isOver();
  });

  it('of binds of one peer is refused above its limit', () => {
    const { connectionRequest, connect } = recordingOf('normal');
    const field = new Battlefield({ limits: { connectionsPerPeerMax: 3, idleTimeoutSeconds: 400 } });
    for (let i = 0; i < 5; i++) field.wage(field.call(), [connectionRequest, connect]);
    const refused = field.victim.events('association.refused');
    expect(refused.map(({ cause }) => cause)).toEqual(['busy', 'busy', 'busy']);
    field.isOver();
  });

  it.each(modes)('of octets before the bind is cut off, in mode %s', (mode) => {
    const field = new Battlefield({ mode });
    const peer = field.call();
    field.wage(peer, [recordingOf(mode).connectionRequest]);
    let sent = 0;
    while (peer.closed === undefined && sent < 10_000_000) {
      field.wage(peer, [unendingData]);
      sent += unendingData.length;
    }
    expect(sent).toBeLessThan(600_000);
    field.isOver();
    expect(field.lines().map(({ event, fields }) => [event, fields['cause']])).toEqual([
      ['association.refused', 'no-bind'],
    ]);
  });

  it.each(modes)('of octets in one TSDU is cut off at the limit, in mode %s', (mode) => {
    const { connectionRequest, connect, activityStart } = recordingOf(mode);
    const tsduOctetsMax = 1_100_000;
    const field = new Battlefield({ mode, limits: { tsduOctetsMax, idleTimeoutSeconds: 400 } });
    const peer = field.call();
    field.wage(peer, [connectionRequest, connect, activityStart]);
    let sent = 0;
    while (peer.closed === undefined && sent < 10_000_000) {
      field.wage(peer, [unendingData]);
      sent += unendingData.length;
    }
    expect(sent).toBeLessThan(tsduOctetsMax + 100_000);
    field.isOver();
    expectLine(field.lines(), { event: 'association.lost', cause: 'transport', text: /TSDU longer than the limit/ });
  });
});

/** What a peer may make of what it should say. */
type Mutation =
  | { readonly kind: 'drop' | 'repeat' | 'cut' | 'end'; readonly packet: number }
  | { readonly kind: 'swap'; readonly packet: number }
  | { readonly kind: 'flip'; readonly packet: number; readonly octet: number; readonly value: number };

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  fc.record({ kind: fc.constantFrom('drop', 'repeat', 'cut', 'end', 'swap'), packet: fc.nat(12) }),
  fc.record({
    kind: fc.constant('flip' as const),
    packet: fc.nat(12),
    octet: fc.nat(300),
    value: fc.integer({ min: 1, max: 255 }),
  }),
);

function mutated(moves: readonly Move[], { kind, packet, ...change }: Mutation): readonly Move[] {
  const before = moves.slice(0, packet);
  const [chosen, ...after] = moves.slice(packet);
  if (chosen === undefined || chosen === 'close') return moves;
  switch (kind) {
    case 'drop':
      return [...before, ...after];
    case 'repeat':
      return [...before, chosen, chosen, ...after];
    case 'cut':
      return [...before, chosen.subarray(0, chosen.length >> 1), ...after];
    case 'end':
      return [...before, chosen, 'close'];
    case 'swap':
      return [...before, ...after.slice(0, 1), chosen, ...after.slice(1)];
    case 'flip': {
      const changed = chosen.slice();
      const at = 'octet' in change ? change.octet % Math.max(changed.length, 1) : 0;
      changed[at] = (changed[at] ?? 0) ^ ('value' in change ? change.value : 0);
      return [...before, changed, ...after];
    }
  }
}

describe('a conversation that is damaged anywhere', () => {
  it.each(modes)('harms nobody else, ends in one line, and leaves nothing, in mode %s', (mode) => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (damages) => {
        const field = new Battlefield({ mode });
        const peer = field.call();
        field.wage(peer, damages.reduce<readonly Move[]>(mutated, recordingOf(mode).all));
        field.isOver();
        const ends = field
          .lines()
          .filter(({ event }) => /^association\.(refused|lost|closed)$/.test(event))
          .map(({ event }) => event);
        expect(ends.length).toBe(1);
        expect(peer.closed).toBeDefined();
      }),
      { numRuns: 25 },
    );
  });
});

interface BadAnswer {
  readonly what: string;
  /** Said for each packet of ours in turn. */
  readonly answers: readonly Move[];
  readonly line: Attack['line'];
}

const { connectionConfirm, accept } = recordingOf('normal');
const unreachable = { event: 'association.refused', cause: 'unreachable' } as const;

const badAnswers: readonly BadAnswer[] = [
  { what: 'nothing', answers: [], line: { ...unreachable, text: /^no answer in time to the connection request/ } },
  {
    what: 'another protocol',
    answers: [latin1Octets('SSH-2.0-x\r\n')],
    line: { event: 'association.refused', cause: 'refused', text: /TPKT version 83/ },
  },
  { what: 'the end of the connection', answers: ['close'], line: { ...unreachable, text: /instead of an answer/ } },
  {
    what: 'a refusal of its selector',
    answers: [fromHex('0300000b068000010000' + '03')],
    line: { event: 'association.refused', cause: 'refused', text: /^DR 3: transport selector unknown$/ },
  },
  {
    what: 'no answer to the bind',
    answers: [connectionConfirm],
    line: { ...unreachable, text: /^no bind in time/ },
  },
  {
    what: 'half an answer to the bind',
    answers: [connectionConfirm, accept.subarray(0, 60)],
    line: { ...unreachable, text: /^no bind in time/ },
  },
  {
    what: 'an answer to the bind with a wrong password',
    answers: [connectionConfirm, withText(accept, 'beta-secret', 'beta-guess!')],
    line: { event: 'association.refused', cause: 'refused', text: /wrong password/ },
  },
  {
    what: 'an answer to the bind with another name',
    answers: [connectionConfirm, withText(accept, 'MTA-BETA', 'MTA-ZETA')],
    line: { event: 'association.refused', cause: 'refused', text: /"MTA-ZETA"/ },
  },
  {
    what: 'no confirmation of anything',
    answers: [connectionConfirm, accept],
    line: { event: 'association.lost', cause: 'transport', text: /^the peer is silent$/ },
  },
  {
    what: 'a confirmation of what was not sent',
    answers: [connectionConfirm, accept, fromHex('0300000e02f080020032032a0139')],
    line: { event: 'association.lost', cause: 'protocol', text: /^MINOR SYNC ACK: / },
  },
];

describe('an agent that calls a peer', () => {
  it.each(badAnswers)(
    'which answers with $what gives up, says why in one line, and tries again later',
    ({ answers, line }) => {
      const { clock, network, alpha } = makePair({ retry: { openIntervalSeconds: 600, transferIntervalSeconds: 600 } });
      const calls: RawPeer[] = [];
      RawPeer.listening(network, 201, (peer) => {
        const left = [...answers];
        calls.push(peer);
        peer.onData = () => {
          const answer = left.shift();
          if (answer === 'close') peer.close();
          else if (answer !== undefined) peer.send(answer);
        };
      });
      alpha.start();
      alpha.submit({ from: anna, to: [bob] }, testOctets(500_000));
      clock.run(150_000, () => alpha.log.some(({ event }) => event === line.event));
      const lines = alpha.log.filter(({ event }) => /^association\.(refused|lost)$/.test(event));
      expect(lines.map(({ event }) => event)).toEqual([line.event]);
      expect(lines[0]?.fields['text']).toMatch(line.text);
      expect(lines[0]?.fields['cause']).toBe(line.cause);
      expect(lines[0]?.fields['peer']).toMatch(/:201$/);
      expect(alpha.engine?.status().connectors[0]?.queued).toBe(1);
      let isStopped = false;
      alpha.engine?.stop(() => {
        isStopped = true;
      });
      clock.run(100_000);
      expect(isStopped).toBe(true);
      expect(calls.every(({ closed }) => closed !== undefined)).toBe(true);
      expect(alpha.liveTimers).toBe(0);
      expect(network.openLinks).toBe(0);
    },
  );
});
