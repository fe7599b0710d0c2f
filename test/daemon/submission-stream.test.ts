import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { createConnection, type Socket } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callAdmin } from '../../src/admin/client.js';
import {
  mailboxesPath,
  submissionPath,
  submissionStreamName,
  type SubmissionRequest,
} from '../../src/admin/protocol.js';
import { SubmissionStream } from '../../src/admin/submission-stream-client.js';
import { eventually, Neighbourhood, testMilliseconds, type Daemon } from './daemons.js';
import { anna, testOctets } from './sites.js';

const messageOctetsMax = 1_000_000;
const place = new Neighbourhood();
let alpha: Daemon;

beforeAll(async () => {
  const { alpha: site } = await place.sites({ alpha: { site: { limits: { messageOctetsMax } } } });
  alpha = await place.start(site);
}, testMilliseconds);

afterAll(async () => {
  await place.close();
});

function requestFor(contentOctets: number, changes: Partial<SubmissionRequest> = {}): SubmissionRequest {
  return {
    from: anna,
    to: [anna],
    contentType: '0',
    contentOctets,
    priority: 'normal',
    reports: 'none',
    subject: '',
    encodedInformationTypes: { builtIn: [0], extended: [] },
    ...changes,
  };
}

function submission(content: Uint8Array, changes: Partial<SubmissionRequest> = {}): Buffer {
  return Buffer.concat([Buffer.from(`${JSON.stringify(requestFor(content.length, changes))}\n`), content]);
}

/** A connection on which the upgrade is asked for; what it receives, line by line. */
function open(protocol = submissionStreamName): {
  readonly connection: Socket;
  readonly lines: () => Promise<readonly string[]>;
} {
  const connection = createConnection({ path: alpha.site.socket, allowHalfOpen: true });
  connection.write(
    `GET ${submissionPath} HTTP/1.1\r\nHost: admin\r\nConnection: Upgrade\r\nUpgrade: ${protocol}\r\n\r\n`,
  );
  const lines: string[] = [];
  createInterface({ input: connection }).on('line', (line) => lines.push(line));
  return {
    connection,
    lines: async () => {
      await once(connection, 'end');
      connection.destroy();
      return lines;
    },
  };
}

type Answer = Readonly<Partial<Record<'mtsIdentifier' | 'error' | 'streamError', string>>>;

/** What is answered to these octets, given in pieces of a length, until the daemon ends the stream or all is answered. */
async function answersTo(octets: Buffer, pieceOctets = octets.length): Promise<readonly Answer[]> {
  const { connection, lines } = open();
  const all = lines();
  for (let offset = 0; offset < octets.length; offset += pieceOctets) {
    connection.write(octets.subarray(offset, offset + pieceOctets));
    await new Promise(setImmediate);
  }
  connection.end();
  const [status, , , empty, ...rest] = await all;
  expect([status, empty]).toEqual(['HTTP/1.1 101 Switching Protocols', '']);
  return rest.map((line) => JSON.parse(line) as Answer);
}

async function delivered(mtsIdentifier = ''): Promise<Buffer | undefined> {
  const entry = (await alpha.mailbox('anna')).find((row) => row.mtsIdentifier === mtsIdentifier);
  if (entry === undefined) return undefined;
  const path = `${mailboxesPath}/anna/${entry.id}/content`;
  const pieces: Buffer[] = [];
  for await (const piece of await callAdmin({ socket: alpha.site.socket, method: 'GET', path })) {
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces);
}

/** Contents that were streamed, of messages that are delivered or none. */
function streamedContents(): number {
  const folder = join(alpha.site.dataDirectory, 'content');
  return existsSync(folder) ? readdirSync(folder).filter((name) => name.startsWith('submitted')).length : 0;
}

async function untilStreamedContents(count: number): Promise<void> {
  await eventually(`${String(count)} streamed contents`, () =>
    Promise.resolve(streamedContents() === count ? true : undefined),
  );
}

describe('a stream of submissions', { timeout: testMilliseconds }, () => {
  it.each([7, 4096, 1_000_000])(
    'in pieces of %i octets is answered in its order, and every content is delivered octet for octet',
    async (pieceOctets) => {
      const sizes = pieceOctets === 7 ? [0, 1, 300, 2048] : [0, 2048, 300_000, 1, 70_000, 5];
      const contents = sizes.map((octets) => testOctets(octets));
      const answers = await answersTo(Buffer.concat(contents.map((content) => submission(content))), pieceOctets);
      expect(answers.map((answer) => Object.keys(answer))).toEqual(sizes.map(() => ['mtsIdentifier']));
      for (const [i, { mtsIdentifier }] of answers.entries()) {
        expect(contents[i]?.equals((await delivered(mtsIdentifier)) ?? Buffer.from('missing'))).toBe(true);
      }
    },
  );

  it('goes on behind messages that are refused, small or large', async () => {
    const small = testOctets(10);
    const streamedBefore = streamedContents();
    const answers = await answersTo(
      Buffer.concat([
        submission(small, { to: ['no address'] }),
        submission(small),
        submission(testOctets(messageOctetsMax + 1)),
        submission(small, { to: [] }),
        Buffer.from('{"contentOctets":3}\nabc'),
        submission(testOctets(200_000), { from: 'nobody' }),
        submission(small),
      ]),
    );
    expect(answers.map((answer) => Object.keys(answer)[0])).toEqual([
      'error',
      'mtsIdentifier',
      'error',
      'error',
      'error',
      'error',
      'mtsIdentifier',
    ]);
    expect(answers[2]?.error).toContain('messageOctetsMax');
    expect(answers[3]?.error).toContain('to: 0 recipients');
    await untilStreamedContents(streamedBefore);
  });

  it.each([
    ['is no JSON', 'hello\n', 'the first line of a submission is no JSON'],
    ['is no object', 'null\n', 'contentOctets is missing'],
    ['says no length', '{"to":[]}\n', 'contentOctets is missing'],
    ['says a length that is none', '{"contentOctets":-1}\n', 'contentOctets is -1, expected'],
    ['says a length as text', '{"contentOctets":"1"}\n', 'contentOctets is "1", expected'],
    ['does not end', '{"contentOctets":1', 'the end came within a line'],
    ['is longer than a line may be', 'x'.repeat(16 * 1024 * 1024 + 1), 'a line has more than 16777216 octets'],
    ['announces more than comes', '{"contentOctets":3}\nab', '2 octets of content came, 3 were announced'],
  ])('ends, with the reason, at a line that %s; what came before it is accepted', async (_what, text, reason) => {
    const behind = text.endsWith('\n') ? submission(testOctets(10)) : Buffer.alloc(0);
    const answers = await answersTo(Buffer.concat([submission(testOctets(10)), Buffer.from(text), behind]));
    expect(answers.length).toBe(2);
    expect(await delivered(answers[0]?.mtsIdentifier)).toEqual(testOctets(10));
    expect(answers[1]?.streamError).toContain(reason);
  });

  it('that is cut within a content has taken what it answered, and leaves nothing of the rest', async () => {
    const before = (await alpha.mailbox('anna')).length;
    const streamedBefore = streamedContents();
    const stream = await SubmissionStream.open(alpha.site.socket);
    const { mtsIdentifier } = await stream.submit(requestFor(5), testOctets(5));
    const cut = stream.submit(requestFor(900_000), testOctets(500_000));
    cut.catch(() => undefined);
    await untilStreamedContents(streamedBefore + 1);
    stream.close();
    await expect(cut).rejects.toThrow('may have been accepted or not');
    await untilStreamedContents(streamedBefore);
    expect(await delivered(mtsIdentifier)).toEqual(testOctets(5));
    expect((await alpha.mailbox('anna')).length).toBe(before + 1);
  });

  it('rejects for its submitter what is refused, goes on, and says when the daemon has ended it', async () => {
    const stream = await SubmissionStream.open(alpha.site.socket);
    const both = [
      stream.submit(requestFor(1, { to: ['nobody'] }), testOctets(1)),
      stream.submit(requestFor(1), testOctets(1)),
    ];
    const [refused, accepted] = await Promise.allSettled(both);
    expect(refused).toMatchObject({ status: 'rejected', reason: { name: 'AdminFailure' } });
    expect(accepted).toMatchObject({ status: 'fulfilled', value: { mtsIdentifier: expect.any(String) as string } });
    const malformed = stream.submit(requestFor(-1), testOctets(1));
    await expect(malformed).rejects.toThrow('contentOctets is -1');
    await expect(stream.submit(requestFor(1), testOctets(1))).rejects.toThrow('contentOctets is -1');
  });

  it('is the only thing that a connection can become', async () => {
    const lines = await open('websocket').lines();
    expect(lines[0]).toBe('HTTP/1.1 400 Bad Request');
    expect(lines.at(-1)).toContain(submissionStreamName);
  });

  it('does not keep a daemon from its end', async () => {
    const stream = await SubmissionStream.open(alpha.site.socket);
    await stream.submit(requestFor(1), testOctets(1));
    expect(await alpha.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await expect(stream.submit(requestFor(1), testOctets(1))).rejects.toThrow('the daemon has closed the stream');
    await expect(SubmissionStream.open(alpha.site.socket)).rejects.toThrow('no daemon answers');
  });
});
