import type { SubmissionRequest } from '../admin/protocol.js';
import { SubmissionStream } from '../admin/submission-stream-client.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';

export interface LoadArguments {
  readonly socket: string;
  readonly from: string;
  readonly to: string;
  readonly count: number;
  /** Octets of each content. */
  readonly size: number;
  readonly parallel: number;
  readonly json: boolean;
}

/** Content type "unidentified": the octets mean nothing to anybody. */
const contentType = '0';

/** Submits many messages of one size, for tests and measurements; each submitter waits for the answer to one before it submits the next. */
export async function runLoad(args: LoadArguments, output: CommandOutput): Promise<ExitCode> {
  const content = Buffer.alloc(args.size, 'load ');
  const request: SubmissionRequest = {
    from: args.from,
    to: [args.to],
    contentType,
    contentOctets: args.size,
    priority: 'normal',
    reports: 'non-delivery',
    subject: '',
    encodedInformationTypes: { builtIn: [0], extended: [] },
  };
  const identifiers: string[] = [];
  const started = process.hrtime.bigint();
  let next = 0;
  const submitter = async (): Promise<void> => {
    const stream = await SubmissionStream.open(args.socket);
    try {
      while (next < args.count) {
        const place = next++;
        const { mtsIdentifier } = await stream.submit(request, content);
        identifiers[place] = mtsIdentifier;
      }
    } finally {
      next = args.count; // Where one fails, the others end too.
      stream.close();
    }
  };
  await Promise.all(Array.from({ length: Math.min(args.parallel, args.count) }, submitter));
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  const result = {
    count: identifiers.length,
    sizeOctets: args.size,
    seconds: Number(seconds.toFixed(3)),
    messagesPerSecond: Number((identifiers.length / seconds).toFixed(1)),
    first: identifiers[0] ?? null,
    last: identifiers.at(-1) ?? null,
  };
  if (args.json) writeJson(output, result);
  else {
    output.stdout.write(
      `${String(result.count)} messages of ${String(args.size)} octets accepted in ${result.seconds.toFixed(3)} s, ` +
        `${result.messagesPerSecond.toFixed(1)} a second, ${result.first ?? ''} to ${result.last ?? ''}\n`,
    );
  }
  return exitCodes.good;
}
