/** Advice about a line as text: what is known of it, the model, the table, and what to write into the two site files. */
import type { Figure } from '../advice/figures.js';
import { checkpointOverheadOctets, type CheckpointValues, type Line, type Prediction } from '../advice/line-model.js';
import type { Connector } from '../config/site.js';
import type { Exchange } from '../probe/report.js';
import { exchangeText } from './live-table.js';
import { renderTable } from './table.js';

export interface Advice {
  readonly figures: readonly Figure[];
  readonly line: Line;
  /** What was measured on the association that was opened; empty where none was. */
  readonly exchanges: readonly Exchange[];
  readonly recommended: Prediction;
  readonly recoveryTimeoutSeconds: number;
  readonly alternatives: readonly Prediction[];
  readonly warnings: readonly string[];
}

const kibi = 1024;

const model = [
  'model:',
  '  goodput = min(line, window x checkpoint / (checkpoint / line + round trip + disk sync))',
  '  at risk = octets sent again after a cut at most = (window + 1) x checkpoint, no more than the message',
  `  net     = goodput less ${checkpointOverheadOctets} octets for each checkpoint, less cuts x at risk`,
  '',
].join('\n');

const headings = [
  '',
  'CHECKPOINT',
  'WINDOW',
  'GOODPUT',
  'BOUND BY',
  'OVERHEAD',
  'WAIT',
  'AT RISK',
  'RESENT/HOUR',
  'NET',
];

function octetsText(octets: number): string {
  if (octets === Infinity) return 'the message';
  return octets >= 10 * kibi ? `${Math.round(octets / kibi)} K` : `${(octets / kibi).toFixed(1)} K`;
}

function figureText({ value, unit }: Figure): string {
  if (value === Infinity) return 'any length';
  if (unit === 'octets/s') return `${octetsText(value)}/s`;
  if (unit === 'octets') return octetsText(value);
  return `${value >= 10 ? Math.round(value) : Number(value.toFixed(2))} ${unit}`;
}

function predictionCells(prediction: Prediction, marks: string): readonly string[] {
  const { checkpointSizeK, windowSize, goodputOctetsPerSecond, boundBy, overheadShare } = prediction;
  return [
    marks,
    `${checkpointSizeK} K`,
    String(windowSize),
    `${octetsText(goodputOctetsPerSecond)}/s`,
    boundBy,
    `${(100 * overheadShare).toFixed(2)} %`,
    `${Math.round(1000 * prediction.waitSecondsPerCheckpoint)} ms`,
    octetsText(prediction.octetsAtRisk),
    prediction.resentOctetsPerHour === Infinity ? '-' : octetsText(prediction.resentOctetsPerHour),
    prediction.netOctetsPerSecond > 0 ? `${octetsText(prediction.netOctetsPerSecond)}/s` : 'nothing',
  ];
}

function sameValues(one: CheckpointValues, other: CheckpointValues): boolean {
  return one.checkpointSizeK === other.checkpointSizeK && one.windowSize === other.windowSize;
}

export function overrideOf({ checkpointSizeK, windowSize }: CheckpointValues, recoveryTimeoutSeconds: number) {
  return { rts: { checkpointSizeK, windowSize, recoveryTimeoutSeconds } };
}

function messageText({ messageOctets, cutsPerHour }: Line, { netOctetsPerSecond }: Prediction): string {
  if (messageOctets === Infinity || netOctetsPerSecond <= 0) return '';
  const seconds = messageOctets / netOctetsPerSecond;
  return `a message of ${messageOctets} octets takes about ${seconds.toPrecision(2)} s and meets ${((seconds * cutsPerHour) / 3600).toPrecision(2)} cuts\n`;
}

export function renderAdvice(advice: Advice, connector: Connector): string {
  const { recommended, recoveryTimeoutSeconds, exchanges } = advice;
  const figures = advice.figures.map((figure) => [figure.name, figureText(figure), figure.source]);
  const marksOf = (prediction: Prediction): string =>
    `${sameValues(prediction, recommended) ? '*' : ''}${sameValues(prediction, connector.rts) ? 'now' : ''}`;
  const rows = advice.alternatives.map((prediction) => predictionCells(prediction, marksOf(prediction)));
  const block = JSON.stringify({ override: overrideOf(recommended, recoveryTimeoutSeconds) }, undefined, 1)
    .slice(1, -1)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
  return [
    `connector ${connector.name}: ${connector.local.mtaName} to ${connector.remote.mtaName}\n${renderTable(['FIGURE', 'VALUE', 'FROM'], figures, '  ')}`,
    ...(exchanges.length === 0 ? [] : [`measured: ${exchanges.map(exchangeText).join('; ')}\n`]),
    model,
    renderTable(headings, rows, '  '),
    ...advice.warnings.map((warning) => `warning: ${warning}\n`),
    `recommended (*): checkpoint size ${recommended.checkpointSizeK} K, window ${recommended.windowSize}, recovery timeout ${recoveryTimeoutSeconds} s\n${messageText(advice.line, recommended)}`,
    `in connector ${connector.name} here:\n  ${block}\n`,
    `at the peer: the same three values in what it has for ${connector.local.mtaName}. Until both ends have them, the smaller checkpoint size and window rule,\nand the shorter recovery timeout; with onMismatch "refuse" at either end no association comes about.\n`,
  ].join('\n');
}
