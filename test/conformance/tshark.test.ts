import { beforeAll, describe, expect, it } from 'vitest';
import { conversation } from './conversation.js';
import type { PairOptions } from '../simulation/pair.js';
import { captureOf, dissect, faultsOf, hasTshark, layersOf, type Dissection } from './tshark.js';
import { messages, nonDelivery, recorded, recovery, turns, type Traffic } from './traffic.js';

const available = hasTshark();
if (!available) process.stderr.write('tshark is not installed: nothing checks how others read our octets\n');

/** What tshark says of right octets too, and on what evidence. */
const artefacts = {
  /** It has no dissector for raw data of X.410-1984 mode: it says so of every DT of the captured agents as well. */
  rawData: "Internal error:can't get spdu type from session dissector",
};

/** Each traffic as tshark reads it, all in one recording. */
async function read(...all: readonly Traffic[]): Promise<readonly (readonly Dissection[])[]> {
  const named = all.map((traffic, i) =>
    traffic.map((event) => ({ ...event, association: `${String(i)}-${event.association}` })),
  );
  const packets = await dissect(await recorded(named.flat()));
  const connections = named.map((traffic) => new Set(traffic.map(({ association }) => association)).size);
  return connections.map((count, i) => {
    const first = connections.slice(0, i).reduce((sum, before) => sum + before, 0);
    return packets.filter(({ stream }) => Number(stream) >= first && Number(stream) < first + count);
  });
}

interface Conversations {
  readonly reference: readonly Dissection[];
  readonly messages: readonly Dissection[];
  readonly nonDelivery: readonly Dissection[];
  readonly turns: readonly Dissection[];
  readonly recovery: readonly Dissection[];
}

async function conversationsOf(options: PairOptions, referenceName: string): Promise<Conversations> {
  const scenarios = [messages, nonDelivery, turns, recovery].map((scenario) => scenario(options));
  const [first = [], second = [], third = [], fourth = []] = await read(...scenarios);
  const reference = await dissect(captureOf(conversation(referenceName)));
  return { reference, messages: first, nonDelivery: second, turns: third, recovery: fourth };
}

const none: Conversations = { reference: [], messages: [], nonDelivery: [], turns: [], recovery: [] };

const infos = (packets: readonly Dissection[]): readonly string[] => packets.map(({ info }) => info);

/** In this order, whatever else stands between. */
function expectInOrder(packets: readonly Dissection[], expected: readonly string[]): void {
  const all = infos(packets);
  let from = 0;
  for (const text of expected) {
    const at = all.findIndex((info, i) => i >= from && info.includes(text));
    expect(at, `${text} behind packet ${from} of:\n${all.join('\n')}`).toBeGreaterThanOrEqual(0);
    from = at + 1;
  }
}

const withData = ['RTSE fragment', 'MINOR SYNC POINT', 'RTSE fragment', 'InterPersonal Message (Lunch)'];

describe.skipIf(!available)('our octets as tshark reads them, in normal mode,', () => {
  let said = none;
  beforeAll(async () => {
    said = await conversationsOf({}, 'pp-x400-88-normal-A-to-B');
  });

  it('are a bind, messages with and without checkpoints, and a release, without a fault', () => {
    expect(said.messages.flatMap(faultsOf)).toEqual([]);
    expectInOrder(said.messages, [
      'CR TPDU',
      'CC TPDU',
      'Bind-Argument MTA-ALPHA simple',
      'Bind-Result MTA-BETA simple',
      'ACTIVITY START',
      'InterPersonal Message (Lunch)',
      'MAJOR SYNC ACK',
      'ACTIVITY START',
      ...withData,
      'MINOR SYNC ACK',
      'MAJOR SYNC ACK',
      'Release-Request (normal)',
      'Release-Response (normal)',
    ]);
    const subjects = said.messages.map(({ subject }) => subject).filter((subject) => subject !== '');
    expect(subjects).toEqual(['Lunch', 'Lunch']);
  });

  it('show every layer that those of another agent show', () => {
    const layers = said.messages.map(layersOf);
    const expected = said.reference.filter(({ info }) => /Bind|Release|ACTIVITY START/.test(info)).map(layersOf);
    expect(expected).toContain('tpkt:cotp:ses:pres:acse:rtse:ros:p1');
    for (const stack of expected) expect(layers).toContain(stack);
  });

  it('are a non-delivery report', () => {
    expect(said.nonDelivery.flatMap(faultsOf)).toEqual([]);
    expectInOrder(said.nonDelivery, [
      'InterPersonal Message (Lunch)',
      'Bind-Argument MTA-BETA',
      'Transfer non-delivery report',
    ]);
  });

  it('are the turn asked for, given, and used', () => {
    expect(said.turns.flatMap(faultsOf)).toEqual([]);
    expectInOrder(said.turns, [
      ...withData,
      'Turn-Please (2)',
      'GIVE TOKENS CONFIRM',
      'GIVE TOKENS ACK',
      'ACTIVITY START',
      'InterPersonal Message (Lunch)',
    ]);
  });

  it('are an association recovered and a transfer resumed on it', () => {
    expectInOrder(said.recovery, [
      'Bind-Argument MTA-ALPHA simple',
      'ACTIVITY START',
      'MINOR SYNC ACK',
      'CR TPDU',
      'Recover MTA-ALPHA',
      'ACTIVITY RESUME',
      'RTSE fragment',
      'MAJOR SYNC ACK',
    ]);
    expect(said.recovery.filter(({ recover }) => recover !== '').length).toBe(2);
    // What came before the cut is on another connection, so it takes the rest for a whole APDU, and not for a good one.
    const faulty = said.recovery.filter((packet) => faultsOf(packet).length > 0);
    expect(infos(faulty)).toEqual(['[Malformed Packet]']);
    const resumed = infos(said.recovery).findIndex((info) => info.includes('ACTIVITY RESUME'));
    expect(said.recovery.findIndex((packet) => faultsOf(packet).length > 0)).toBeGreaterThan(resumed);
  });
});

describe.skipIf(!available)('our octets as tshark reads them, in X.410-1984 mode,', () => {
  let said = none;
  beforeAll(async () => {
    said = await conversationsOf({ mode: 'x410-1984', p1: '1984' }, 'pp-x400-84-A-to-B');
  });

  it('have no other fault than those of another agent', () => {
    expect(new Set(said.reference.flatMap(faultsOf))).toEqual(new Set([artefacts.rawData]));
    for (const packets of [said.messages, said.nonDelivery, said.turns, said.recovery]) {
      expect(new Set(packets.flatMap(faultsOf))).toEqual(new Set([artefacts.rawData]));
      const faulty = packets.filter((packet) => faultsOf(packet).length > 0);
      expect(infos(faulty)).toEqual(infos(packets).filter((info) => info.startsWith('DATA TRANSFER')));
    }
  });

  it('show every layer that those of another agent show', () => {
    const expected = said.reference.filter(({ info }) => /Bind|FINISH|ACTIVITY START/.test(info)).map(layersOf);
    expect(expected).toContain('tpkt:cotp:ses:pres:p1');
    for (const stack of expected) expect(said.messages.map(layersOf)).toContain(stack);
  });

  it('are binds, reports, turns, recoveries and releases', () => {
    const binds = ['Bind-Argument MTA-ALPHA simple', 'Bind-Result MTA-BETA simple', 'ACTIVITY START'];
    expectInOrder(said.messages, [...binds, 'MINOR SYNC POINT', 'MAJOR SYNC ACK', 'FINISH', 'DISCONNECT']);
    expectInOrder(said.nonDelivery, [...binds, 'Bind-Argument MTA-BETA simple', 'MAJOR SYNC ACK']);
    expectInOrder(said.turns, [...binds, 'Please tokens', 'GIVE TOKENS CONFIRM', 'GIVE TOKENS ACK', 'ACTIVITY START']);
    expectInOrder(said.recovery, [...binds, 'MINOR SYNC ACK', 'Recover MTA-ALPHA', 'ACTIVITY RESUME']);
  });
});

describe.skipIf(!available)('a recording', () => {
  it('holds what passed before the peer had named itself, once it has', async () => {
    const traffic = messages({});
    const seenByResponder: Traffic = traffic.map((event, i) => ({
      ...event,
      role: 'responder',
      // A responder learns whose an association is from the bind, its fourth event: opened, CR, CC, CONNECT.
      connector: i < 4 ? '' : event.connector,
      kind: event.kind === 'sent' ? 'received' : event.kind === 'received' ? 'sent' : event.kind,
    }));
    const [one = [], other = []] = await read(traffic, seenByResponder);
    expect(infos(other)).toEqual(infos(one));
  });
});
