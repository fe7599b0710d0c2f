import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { submit, type PreparedContent } from './submit.js';

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

/** Submits many messages of one size, for tests and measurements. */
export async function runLoad(args: LoadArguments, output: CommandOutput): Promise<ExitCode> {
  const octets = Buffer.alloc(args.size, 'load ');
  const content: PreparedContent = {
    request: {
      contentType,
      contentOctets: args.size,
      subject: '',
      encodedInformationTypes: { builtIn: [0], extended: [] },
    },
    octets: async function* () {
      yield await Promise.resolve(octets);
    },
  };
  const request = {
    ...content.request,
    from: args.from,
    to: [args.to],
    priority: 'normal' as const,
    reports: 'non-delivery' as const,
  };
  const identifiers: string[] = [];
  const started = process.hrtime.bigint();
  let next = 0;
  const submitter = async (): Promise<void> => {
    while (next < args.count) {
      const place = next++;
      const { mtsIdentifier } = await submit(args.socket, request, content, 'return');
      identifiers[place] = mtsIdentifier;
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
