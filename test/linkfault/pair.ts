/** Two daemons, and a link between them that is given other faults for each message. */
import { expect } from 'vitest';
import { submit } from '../../src/cli/submit.js';
import { emptyScenario } from '../../src/faults/scenario.js';
import type { LinkFault } from '../../src/faults/schedule.js';
import { TcpLink } from '../../src/linkfault/host/tcp-link.js';
import { printEntry, type Entry } from '../../src/linkfault/timeline.js';
import { judge, type Verdict } from '../../src/linkfault/verdict.js';
import { parseTrackingLog } from '../../src/linkfault/verify-messages.js';
import { eventually, Neighbourhood, type Daemon } from '../daemon/daemons.js';
import { unforeseen } from './scenes.js';
import { anna, bob, testOctets, type PairOptions, type SitePair } from '../daemon/sites.js';

export const rts = { checkpointSizeK: 1, windowSize: 3, recoveryTimeoutSeconds: 60, stallTimeoutSeconds: 2 };
export const retry = { openIntervalSeconds: 1, transferIntervalSeconds: 1 };
const content = testOctets(20_000);

export function afterAcknowledgement(nth: number): LinkFault {
  return { kind: 'cut', when: { on: 'MINOR SYNC ACK', place: 'after', stream: 'downstream', nth } };
}

export class Pair {
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

  /** One message while these faults strike: it is delivered once, with no more than the window sent again. */
  async expectDelivery(faults: readonly LinkFault[]): Promise<void> {
    const { length } = this.judge().breaks;
    this.play(faults);
    const mtsIdentifier = await this.submit();
    await this.settled();
    this.expectOnce(mtsIdentifier, length);
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
  expectOnce(mtsIdentifier: string, fromBreak: number): void {
    const { messages, breaks } = this.judge();
    const message = messages.find((each) => each.mtsIdentifier === mtsIdentifier);
    expect(message?.verdict).toBe('delivered once');
    for (const found of breaks.slice(fromBreak)) {
      expect(found.violation).toBeUndefined();
      expect(found.resentOctets).toBeLessThanOrEqual((rts.windowSize + 1) * 1024);
    }
  }

  /** No PDU has passed of which no scene knows. */
  async close(): Promise<void> {
    await this.place.close();
    await this.#link?.close();
    expect(unforeseen(this.entries.flatMap((entry) => (entry.type === 'passed' ? entry.pdus : [])))).toEqual([]);
  }
}
