/** `npm run analyse`: what an independent analyser finds wrong in captures, and whether each of it is explained. */
import { exitCodes } from '../cli/command.js';
import { renderTable } from '../cli/table.js';
import { allCases } from '../conformance/script/suite.js';
import { artefacts } from './artefacts.js';
import { frameFields, frameOf, framesWithData } from './frame.js';
import { readingOf, type Reading, type UnexplainedFrame } from './reading.js';
import { dissected } from './tshark.js';

const usage = 'npm run analyse -- CAPTURE.pcapng...';

/** Unexplained packets that are shown; the rest are counted. */
const shownMax = 40;

const oddCases = new Set(allCases.filter(({ octets }) => octets !== undefined).map(({ id }) => id));

async function read(file: string): Promise<Reading> {
  const rows = await dissected(file, framesWithData, frameFields);
  return readingOf(file, rows.map(frameOf), oddCases);
}

function tableOf(readings: readonly Reading[]): string {
  const rows = readings.map(({ file, frames, faulty, intended, unexplained }) => [
    file,
    ...[frames, faulty, intended, unexplained.length].map(String),
  ]);
  return renderTable(['CAPTURE', 'PACKETS WITH DATA', 'FAULTY', 'INTENDED', 'UNEXPLAINED'], rows);
}

function explanationsOf(readings: readonly Reading[]): readonly string[] {
  return artefacts.flatMap(({ name, why }) => {
    const packets = readings.reduce((sum, { byArtefact }) => sum + (byArtefact.get(name) ?? 0), 0);
    return packets === 0 ? [] : [`\n${String(packets)} packets: ${name}. ${why}\n`];
  });
}

function unexplainedText({ file, frame, faults }: UnexplainedFrame): string {
  const { number, sender, info } = frame;
  const what = sender === undefined ? info : `${sender.caseId}, sent by the ${sender.is}`;
  return `\nunexplained: ${file} packet ${String(number)} (${what}): ${faults.join('; ')}\n`;
}

async function main(): Promise<number> {
  const files = process.argv.slice(2);
  if (files.length === 0 || files.some((file) => file.startsWith('-'))) {
    process.stderr.write(`${usage}\n`);
    return exitCodes.usage;
  }
  const readings: Reading[] = [];
  for (const file of files) readings.push(await read(file));
  const unexplained = readings.flatMap((reading) => reading.unexplained);
  const more = unexplained.length - shownMax;
  const shown = unexplained.slice(0, shownMax).map(unexplainedText);
  process.stdout.write([tableOf(readings), ...explanationsOf(readings), ...shown].join(''));
  if (more > 0) process.stdout.write(`and ${String(more)} more\n`);
  return unexplained.length === 0 ? exitCodes.good : exitCodes.negative;
}

process.exitCode = await main();
