import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PduName, Place, Stream } from '../../src/faults/pdu-trigger.js';
import { emptyScenario } from '../../src/faults/scenario.js';
import type { LinkFault } from '../../src/faults/schedule.js';
import { TcpLink } from '../../src/linkfault/host/tcp-link.js';
import { printEntry, type Entry } from '../../src/linkfault/timeline.js';
import { judge, type Verdict } from '../../src/linkfault/verdict.js';
import { parseTrackingLog } from '../../src/linkfault/verify-messages.js';
import { submit } from '../../src/cli/submit.js';
import { eventually, mta, Neighbourhood, testMilliseconds, type Daemon } from '../daemon/daemons.js';
import { anna, bob, testOctets, type PairOptions, type SitePair } from '../daemon/sites.js';

const rts = { checkpointSizeK: 1, windowSize: 3, recoveryTimeoutSeconds: 60, stallTimeoutSeconds: 2 };
const retry = { openIntervalSeconds: 1, transferIntervalSeconds: 1 };
const content = testOctets(20_000);

/** Two daemons with a link between them that is given other faults for each message. */
class Pair {
  readonly place = new Neighbourhood();
  readonly entries: Entry[] = [];
  #link: TcpLink | undefined;
  #daemons: { readonly alpha: Daemon; readonly beta: Daemon } | undefined;

  async start(options: PairOptions = {}): Promise<void> {
    const { alpha, beta } = await this.#open(options);
    const daemons = await Promise.all([this.place.start(alpha), this.place.start(beta)]);
    this.#daemons = { alpha: daemons[0], beta: daemons[1] };
  }

  /** The receiver first, and `meanwhile` before the sender. */
  async startReceiverFirst(options: PairOptions, meanwhile: (beta: Daemon) => Promise<void>): Promise<void> {
    const sites = await this.#open(options);
    const beta = await this.place.start(sites.beta);
    await meanwhile(beta);
    this.#daemons = { alpha: await this.place.start(sites.alpha), beta };
  }

  /** Ends the sender in order, and starts it again. */
  async restartSender(): Promise<void> {
    const { beta, alpha } = this;
    await alpha.end();
    this.#daemons = { alpha: await this.place.start(alpha.site), beta };
  }

  async #open(options: PairOptions): Promise<SitePair> {
    const sites = await this.place.sites({
      way: 'link',
      both: { connector: { override: { rts, retry } } },
      ...options,
    });
    const [listen, upstream] = [sites.beta.linkPort, sites.beta.port].map((port) => `127.0.0.1:${String(port)}`);
    this.#link = new TcpLink({ name: 'beta', listen: listen ?? '', upstream: upstream ?? '' }, emptyScenario, {
      entry: (entry) => this.entries.push(entry),
      sent: () => undefined,
    });
    await this.#link.start();
    return sites;
  }

  get alpha(): Daemon {
    if (this.#daemons === undefined) throw new Error('not started');
    return this.#daemons.alpha;
  }

  get beta(): Daemon {
    if (this.#daemons === undefined) throw new Error('not started');
    return this.#daemons.beta;
  }

  get link(): TcpLink {
    if (this.#link === undefined) throw new Error('not started');
    return this.#link;
  }

  /** Waits until what was played has struck. */
  async struck(): Promise<void> {
    await eventually('the faults', () => Promise.resolve(this.link.link.isPlayed ? true : undefined)).catch(
      (error: unknown) => {
        throw new Error(this.entries.slice(-30).map(printEntry).join(''), { cause: error });
      },
    );
  }

  /** Kinds of faults that struck, in order. */
  get struckKinds(): readonly string[] {
    return this.entries.flatMap((entry) => (entry.type === 'struck' && entry.text === undefined ? [entry.kind] : []));
  }

  play(faults: readonly LinkFault[], repeat = 1): void {
    this.link.link.play({ timeline: [], faults, repeat }, this.link.now);
    this.link.settle();
  }

  /** Until what was submitted has left and what was played has struck. */
  async settled(): Promise<void> {
    await eventually('the faults and an empty queue', async () => {
      const [alpha, beta] = await Promise.all([this.alpha.status(), this.beta.status()]);
      const queued = [...alpha.connectors, ...beta.connectors].reduce((sum, connector) => sum + connector.queued, 0);
      return queued === 0 && this.link.link.isPlayed ? true : undefined;
    });
  }

  /** Waits until the message has left, where that is wanted. */
  async submit(from: Daemon = this.alpha, wait: 'wait' | 'return' = 'wait'): Promise<string> {
    const [sender, recipient] = from.site.name === 'alpha' ? [anna, bob] : [bob, anna];
    const contentRequest = {
      contentType: '0',
      contentOctets: content.length,
      subject: '',
      encodedInformationTypes: { builtIn: [0], extended: [] },
    };
    const request = {
      ...contentRequest,
      from: sender,
      to: [recipient],
      priority: 'normal',
      reports: 'non-delivery',
    } as const;
    const octets = async function* () {
      yield await Promise.resolve(content);
    };
    return (await submit(from.site.socket, request, { request: contentRequest, octets }, wait)).mtsIdentifier;
  }

  /** Breaks the association that there is, so that the next message opens another. */
  async withoutAssociation(): Promise<void> {
    await eventually('no association', async () => {
      this.link.link.cut(this.link.now);
      this.link.settle();
      return (await this.alpha.status()).associations.length === 0 ? true : undefined;
    });
  }

  judge(): Verdict {
    const logs = [this.alpha, this.beta].map((daemon) => parseTrackingLog(daemon.trackingLog(), daemon.site.name));
    return judge([this.entries], logs);
  }

  /** What came of one message, and of the transfers that broke since `from`. */
  expectOnce(mtsIdentifier: string, fromBreak: number, { sentAgain = true } = {}): void {
    const { messages, breaks } = this.judge();
    const message = messages.find((each) => each.mtsIdentifier === mtsIdentifier);
    expect(message?.verdict).toBe('delivered once');
    for (const found of breaks.slice(fromBreak)) {
      expect(found.violation).toBeUndefined();
      if (sentAgain) expect(found.resentOctets).toBeLessThanOrEqual((rts.windowSize + 1) * 1024);
    }
  }

  async close(): Promise<void> {
    await this.place.close();
    await this.#link?.close();
  }
}

function at(on: PduName, place: Place, stream: Stream, nth = 1): LinkFault {
  return { kind: 'cut', when: { on, place, stream, nth } };
}

/** What every transfer shows, the Nth of it in the direction in which it travels when alpha sends. */
const ofATransfer: readonly (readonly [PduName, Stream, number])[] = [
  ['ACTIVITY START', 'upstream', 1],
  ['DATA TRANSFER', 'upstream', 4],
  ['MINOR SYNC POINT', 'upstream', 3],
  ['MINOR SYNC ACK', 'downstream', 3],
  ['ACTIVITY END', 'upstream', 1],
  ['ACTIVITY END ACK', 'downstream', 1],
];

/** What opens an association. */
const ofAnOpening: readonly (readonly [PduName, Stream])[] = [
  ['CR TPDU', 'upstream'],
  ['CC TPDU', 'downstream'],
  ['CONNECT', 'upstream'],
  ['ACCEPT', 'downstream'],
];

const allPlaces = ['before', 'middle', 'after'] as const;

describe('a message over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const [pdu, stream, nth] of ofATransfer) {
    for (const place of allPlaces) {
      it(`${place} ${pdu} number ${String(nth)} is delivered once, with no more than the window sent again`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream, nth)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }

  for (const [pdu, stream] of ofAnOpening) {
    for (const place of allPlaces) {
      it(`${place} the ${pdu} of a recovery is delivered once`, async () => {
        const { length } = pair.judge().breaks;
        // The first cut makes the sender open the association anew, at once: X.228 §7.8.3.
        pair.play([at('MINOR SYNC ACK', 'after', 'downstream', 2), at(pdu, place, stream)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }

  for (const place of allPlaces) {
    it(`${place} the ACTIVITY RESUME that follows another cut is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      pair.play([at('MINOR SYNC ACK', 'after', 'downstream', 4), at('ACTIVITY RESUME', place, 'upstream')]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });
  }
});

/** What happens to a PDU without a cut; the daemons notice, or bear with it. */
const pduFaults: readonly (readonly [string, LinkFault])[] = [
  ['MINOR SYNC ACK is lost', { kind: 'drop', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC ACK comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 2 } }],
  ['MINOR SYNC POINT is lost', { kind: 'drop', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['MINOR SYNC POINT comes twice', { kind: 'duplicate', when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 2 } }],
  ['ACTIVITY END ACK is lost', { kind: 'drop', when: { on: 'ACTIVITY END ACK', stream: 'downstream' } }],
  [
    'MINOR SYNC ACK waits so that the window fills',
    { kind: 'hold', milliseconds: 700, when: { on: 'MINOR SYNC ACK', stream: 'downstream' } },
  ],
  [
    'MINOR SYNC POINT has another serial number',
    { kind: 'change', field: 'serialNumber', value: 77, when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 3 } },
  ],
  [
    'MINOR SYNC ACK has another serial number',
    { kind: 'change', field: 'serialNumber', value: 77, when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } },
  ],
  [
    'TPKT has a reserved octet that is not zero',
    { kind: 'change', field: 'reservedOctet', value: 17, when: { on: 'MINOR SYNC POINT', stream: 'upstream' } },
  ],
  ['line falls silent', { kind: 'silence', when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 } }],
  ['line is down for a while', { kind: 'refusal', milliseconds: 700, when: { on: 'MINOR SYNC ACK', nth: 3 } }],
];

describe('a message whose', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  beforeAll(() => pair.start());
  afterAll(() => pair.close());

  for (const [what, fault] of pduFaults) {
    it(`${what} is delivered once`, async () => {
      const [{ length }, before] = [pair.judge().breaks, pair.struckKinds.length];
      pair.play([fault]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
      expect(pair.struckKinds.slice(before)).toEqual([fault.kind]);
    });
  }

  for (const place of allPlaces) {
    it(`association is aborted, and cut ${place} the ABORT, is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      // A serial number that is not due makes the receiver abort: X.225 §7.17.
      const provoked: LinkFault = {
        kind: 'change',
        field: 'serialNumber',
        value: 77,
        when: { on: 'MINOR SYNC POINT', stream: 'upstream', nth: 3 },
      };
      pair.play([provoked, at('ABORT', place, 'downstream')]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });

    it(`sender stops, and is cut ${place} the ACTIVITY INTERRUPT, is delivered once`, async () => {
      const { length } = pair.judge().breaks;
      const held: LinkFault = {
        kind: 'hold',
        milliseconds: 1500,
        when: { on: 'MINOR SYNC ACK', stream: 'downstream', nth: 3 },
      };
      pair.play([held, at('ACTIVITY INTERRUPT', place, 'upstream')]);
      const { length: struck } = pair.struckKinds;
      const mtsIdentifier = await pair.submit(pair.alpha, 'return');
      await eventually('the acknowledgement that waits', () =>
        Promise.resolve(pair.struckKinds.length > struck ? true : undefined),
      );
      await pair.restartSender();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
    });
  }
});

describe('a new association', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const association = { lifetimeSeconds: 1 };
  beforeAll(() => pair.start({ both: { connector: { override: { rts, retry, association } } } }));
  afterAll(() => pair.close());
  beforeEach(() => pair.withoutAssociation());

  for (const [field, on, stream, value] of [
    ['checkpointSize', 'RTORQ', 'upstream', 2],
    ['windowSize', 'RTORQ', 'upstream', 1],
    ['checkpointSize', 'RTOAC', 'downstream', 1],
    ['windowSize', 'RTOAC', 'downstream', 2],
  ] as const) {
    it(`with another ${field} in its ${on} carries a message once`, async () => {
      const [{ length }, before] = [pair.judge().breaks, pair.struckKinds.length];
      pair.play([{ kind: 'change', field, value, when: { on, stream } }]);
      const mtsIdentifier = await pair.submit();
      await pair.settled();
      pair.expectOnce(mtsIdentifier, length);
      expect(pair.struckKinds.slice(before)).toEqual(['change']);
    });
  }

  for (const place of allPlaces) {
    for (const [pdu, stream] of [
      ['CONNECT', 'upstream'],
      ['ACCEPT', 'downstream'],
      ['FINISH', 'upstream'],
      ['DISCONNECT', 'downstream'],
    ] as const) {
      it(`that is cut ${place} its ${pdu} carries a message once, or has done so`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream)]);
        const mtsIdentifier = await pair.submit();
        await pair.settled();
        pair.expectOnce(mtsIdentifier, length);
      });
    }
  }
});

describe('two-way alternate mail over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const association = { lifetimeSeconds: 30 };
  beforeAll(() =>
    pair.start({
      both: { connector: { dialogue: 'two-way-alternate', override: { rts, retry, association } } },
      // The receiver cannot call: its mail goes when it is given the turn.
      beta: { remote: { port: 1 } },
    }),
  );
  afterAll(() => pair.close());

  for (const [pdu, stream] of [
    ['PLEASE TOKENS', 'downstream'],
    ['GIVE TOKENS CONFIRM', 'upstream'],
  ] as const) {
    for (const place of allPlaces) {
      it(`${place} ${pdu} is delivered once each way`, async () => {
        const { length } = pair.judge().breaks;
        pair.play([at(pdu, place, stream)]);
        const there = await pair.submit();
        const back = await pair.submit(pair.beta, 'return');
        await pair.struck();
        const again = await pair.submit();
        await pair.settled();
        for (const mtsIdentifier of [there, back, again]) pair.expectOnce(mtsIdentifier, length);
      });
    }
  }
});

describe('a message that the receiver cannot take yet, over a link that is cut', { timeout: testMilliseconds }, () => {
  const pair = new Pair();
  const patient = { ...retry, maxTransferRetries: 1000 };
  let waiting = '';
  beforeAll(() =>
    pair.startReceiverFirst(
      {
        both: { connector: { override: { rts, retry: patient } } },
        // One message that is held fills the queue.
        beta: {
          site: { limits: { queueMessagesMax: 1 } },
        },
      },
      async (beta) => {
        waiting = await pair.submit(beta, 'return');
        await mta(['queue', 'hold', waiting, '--site', beta.site.path]);
      },
    ),
  );
  afterAll(() => pair.close());

  it('at each EXCEPTION DATA and ACTIVITY DISCARD is delivered once when it can', async () => {
    const mtsIdentifier = await pair.submit(pair.alpha, 'return');
    for (const [pdu, stream] of [
      ['EXCEPTION DATA', 'downstream'],
      ['ACTIVITY DISCARD', 'upstream'],
      ['ACTIVITY DISCARD ACK', 'downstream'],
    ] as const) {
      for (const place of allPlaces) {
        pair.play([at(pdu, place, stream)]);
        await pair.struck();
      }
    }
    expect((await mta(['queue', 'release', waiting, '--site', pair.beta.site.path])).code).toBe(0);
    await pair.settled();
    pair.expectOnce(mtsIdentifier, 0);
    pair.expectOnce(waiting, 0);
  });
});
