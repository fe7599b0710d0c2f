/** `mta linkfault verify`: what became of every message and every broken transfer, from what was written down. */
import { readFileSync } from 'node:fs';
import { parseTimeline } from '../linkfault/timeline.js';
import { judge, type JudgedBreak, type Verdict } from '../linkfault/verdict.js';
import { parseTrackingLog, type MessageOutcome } from '../linkfault/verify-messages.js';
import { exitCodes, writeJson, type CommandOutput, type ExitCode } from './command.js';
import { UsageError } from './options.js';
import { renderTable } from './table.js';

export interface LinkfaultVerifyArguments {
  readonly timelines: readonly string[];
  /** The tracking logs of the two ends. */
  readonly a: string;
  readonly b: string;
  readonly json: boolean;
}

export function runLinkfaultVerify(args: LinkfaultVerifyArguments, output: CommandOutput): ExitCode {
  const timelines = args.timelines.map((path) => read(path, parseTimeline));
  const logs = [args.a, args.b].map((path) => read(path, parseTrackingLog));
  const verdict = judge(timelines, logs);
  if (args.json) writeJson(output, verdict);
  else output.stdout.write(render(verdict));
  return verdict.violations.length === 0 ? exitCodes.good : exitCodes.negative;
}

function read<Value>(path: string, parse: (text: string, name: string) => Value): Value {
  try {
    return parse(readFileSync(path, 'utf8'), path);
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}

function render({ messages, breaks, violations }: Verdict): string {
  const verdicts = new Map<string, number>();
  for (const { verdict } of messages) verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
  const summary = Array.from(verdicts, ([verdict, count]) => `${String(count)} ${verdict}`).join(', ');
  const continued = breaks.filter(({ continuation }) => continuation === 'resumed').length;
  const resent = breaks.reduce((octets, { resentOctets }) => octets + resentOctets, 0);
  return [
    renderTable(
      ['MESSAGE', 'OCTETS', 'DELIVERED', 'NOT DELIVERED', 'RESUMED', 'SENT AGAIN', 'VERDICT'],
      messages.map(messageRow),
    ),
    '\n',
    ...(breaks.length === 0
      ? []
      : [
          renderTable(
            ['BREAK', 'LINK', 'BY', 'SENT', 'CONFIRMED', 'WENT ON', 'AT OCTET', 'SENT AGAIN', 'BOUND', 'VERDICT'],
            breaks.map(breakRow),
          ),
          '\n',
        ]),
    `${String(messages.length)} messages: ${summary === '' ? 'none' : summary}\n`,
    `${String(breaks.length)} broken transfers: ${String(continued)} resumed, ${String(resent)} octets sent again\n`,
    ...violations.map((text) => `violated: ${text}\n`),
  ].join('');
}

function messageRow(message: MessageOutcome): readonly string[] {
  const { mtsIdentifier, octets, deliveries, recipients, nonDeliveries, resumptions, resentOctets, verdict } = message;
  return [
    mtsIdentifier,
    String(octets),
    `${String(deliveries)}/${String(recipients)}`,
    String(nonDeliveries),
    String(resumptions),
    String(resentOctets),
    verdict,
  ];
}

function breakRow(found: JudgedBreak, index: number): readonly string[] {
  const { link, connection, cause, by, continuation, serialNumber, fromOctet, boundOctets, violation } = found;
  return [
    String(index + 1),
    `${link}/${String(connection)}`,
    cause === '' ? by : cause,
    String(found.sentOctets),
    String(found.confirmedOctets),
    serialNumber === undefined ? continuation : `${continuation} at checkpoint ${String(serialNumber)}`,
    fromOctet === undefined ? '-' : String(fromOctet),
    String(found.resentOctets),
    boundOctets === undefined ? '-' : String(boundOctets),
    violation ?? 'good',
  ];
}
