import { randomBytes } from 'node:crypto';
import { createReadStream, statSync, type Stats } from 'node:fs';
import { basename } from 'node:path';
import { Readable } from 'node:stream';
import { callAdminJson } from '../admin/client.js';
import { submissionPath, type SubmissionOutcome, type SubmissionRequest } from '../admin/protocol.js';
import { composeContent } from '../ipms/compose.js';
import type { NewBodyPart } from '../ipms/compose-body.js';
import type { Segments } from '../ipms/content-plan.js';
import { parseORAddress } from '../p1/or-address-text.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { readText } from '../admin/client.js';

export interface SubmitArguments {
  readonly socket: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject?: string;
  readonly priority: SubmissionRequest['priority'];
  readonly reports: SubmissionRequest['reports'];
  readonly attach: readonly string[];
  /** A file's path, or - for standard input. */
  readonly text?: string;
  readonly content?: string;
  readonly contentType?: string;
  readonly wait: 'wait' | 'return';
  readonly json: boolean;
}

/** A content ready to be streamed, and what the envelope says of it. */
export interface PreparedContent {
  readonly request: Omit<SubmissionRequest, 'from' | 'to' | 'priority' | 'reports'>;
  octets(): AsyncIterable<Uint8Array>;
}

export async function runSubmit(args: SubmitArguments, output: CommandOutput): Promise<ExitCode> {
  const prepared = args.content === undefined ? await composed(args) : rawContent(args.content, args.contentType);
  const { from, to, priority, reports } = args;
  const answer = await submit(args.socket, { ...prepared.request, from, to, priority, reports }, prepared, args.wait);
  if (args.json) writeJson(output, answer);
  else {
    output.stdout.write(`${answer.mtsIdentifier}\n`);
    if (answer.text !== undefined) output.stderr.write(`${answer.text}\n`);
  }
  return answer.outcome === 'reported' ? exitCodes.failed : exitCodes.good;
}

type Answer = { readonly mtsIdentifier: string } & Partial<SubmissionOutcome>;

export async function submit(
  socket: string,
  request: SubmissionRequest,
  content: PreparedContent,
  wait: 'wait' | 'return',
): Promise<Answer> {
  async function* body(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(`${JSON.stringify(request)}\n`);
    yield* content.octets();
  }
  const path = wait === 'wait' ? `${submissionPath}?wait=1` : submissionPath;
  return callAdminJson<Answer>({ socket, method: 'POST', path, body: Readable.from(body()) });
}

function rawContent(file: string, contentType: string | undefined): PreparedContent {
  const contentOctets = fileStat('content', file).size;
  return {
    request: {
      contentType: contentType ?? '0',
      contentOctets,
      subject: '',
      encodedInformationTypes: { builtIn: [0], extended: [] },
    },
    octets: () => createReadStream(file, { highWaterMark: streamOctets }),
  };
}

/** What is known of a file that an option names. Throws a sentence that names both. */
function fileStat(option: string, path: string): Stats {
  let stat: Stats;
  try {
    stat = statSync(path);
  } catch (error) {
    throw unreadable(option, path, error);
  }
  if (!stat.isFile()) throw new Error(`--${option}: ${path} is no file`);
  return stat;
}

/** Also of a pipe. */
async function readTextOf(path: string): Promise<string> {
  try {
    return await readText(path === '-' ? process.stdin : createReadStream(path));
  } catch (error) {
    throw unreadable('text', path, error);
  }
}

function unreadable(option: string, path: string, error: unknown): Error {
  const text = error instanceof Error ? error.message : String(error);
  return new Error(`--${option}: ${path} cannot be read: ${text}`, { cause: error });
}

/** Octets of a file read at once. */
const streamOctets = 256 * 1024;

async function composed(args: SubmitArguments): Promise<PreparedContent> {
  const text = args.text === undefined ? undefined : await readTextOf(args.text);
  const files = args.attach.map((path) => ({ path, stat: fileStat('attach', path) }));
  const parts: NewBodyPart[] = [
    ...(text === undefined ? [] : [{ kind: 'text' as const, text }]),
    ...files.map(({ path, stat }, file): NewBodyPart => ({
      kind: 'file',
      content: { file, octets: stat.size },
      fileName: basename(path),
      modifiedMilliseconds: stat.mtimeMs,
    })),
  ];
  return composeInterpersonal(
    { from: args.from, to: args.to, ...(args.subject === undefined ? {} : { subject: args.subject }), parts },
    files.map(({ path }) => path),
  );
}

interface InterpersonalOrder {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject?: string;
  readonly parts: readonly NewBodyPart[];
}

/** An interpersonal message around these parts; files are read when the content is streamed. Throws on addresses that cannot be read. */
function composeInterpersonal(order: InterpersonalOrder, files: readonly string[]): PreparedContent {
  const plan = composeContent({
    heading: {
      identifier: { userRelativeIdentifier: newIpmIdentifier() },
      originator: { formalName: parseORAddress(order.from) },
      recipients: order.to.map((address) => ({ formalName: parseORAddress(address) })),
      ...(order.subject === undefined ? {} : { subject: order.subject }),
    },
    parts: order.parts,
    version: 'least',
  });
  const [fault] = plan.faults;
  if (fault !== undefined) throw new Error(`${fault.path}: ${fault.text}`);
  const { builtIn, extended } = plan.encodedInformationTypes;
  return {
    request: {
      contentType: String(plan.contentType),
      contentOctets: plan.octets,
      subject: order.subject ?? '',
      encodedInformationTypes: { builtIn, extended },
    },
    octets: () => segmentOctets(plan.segments, files),
  };
}

async function* segmentOctets(segments: Segments, files: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const segment of segments) {
    if (segment.kind === 'octets') yield segment.octets;
    else if (segment.octets > 0) {
      const { offset, octets } = segment;
      const path = files[segment.file];
      if (path === undefined) throw new RangeError(`no file ${String(segment.file)}`);
      yield* createReadStream(path, {
        start: offset,
        end: offset + octets - 1,
        highWaterMark: streamOctets,
      }) as AsyncIterable<Buffer>;
    }
  }
}

/** Unique for its originator for ever: the time and some random octets (X.420 §7.2.1). */
function newIpmIdentifier(): string {
  return `${new Date().toISOString().replace(/[-:]/g, '').slice(0, 15)}.${randomBytes(8).toString('hex')}`;
}
