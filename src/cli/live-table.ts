/** What a live comparison found, as text: a table, what differs in plain words, and a verdict. */
import type { Check, LiveRow } from '../probe/live-row.js';
import type { Exchange } from '../probe/report.js';
import { renderTable } from './table.js';

export type LiveVerdict = 'match' | 'differ' | 'refused' | 'unanswered';

const nothing = '-';
const headings = ['LAYER', 'FIELD', 'CONFIGURED', 'ANSWERED', 'RESULT'];

const ends: Readonly<Record<Check['end'], string>> = {
  here: 'at this end',
  peer: 'at the peer',
  between: 'in between',
};

const verdicts: Readonly<Record<LiveVerdict, string>> = {
  match: 'the peer answers as configured',
  differ: 'the peer answers otherwise than configured',
  refused: 'the peer refuses the association',
  unanswered: 'nothing could be compared: nobody answers, or the peer has no room now',
};

export function exchangeText({ name, milliseconds }: Exchange): string {
  return `${name} ${milliseconds.toFixed(1)} ms`;
}

function explanationText({ layer, field, explanation }: LiveRow): string {
  if (explanation === undefined) return '';
  const { difference, effect, checks } = explanation;
  return [
    `${layer}, ${field}: ${difference}`,
    `  effect: ${effect}`,
    ...checks.map(({ end, text }, index) => `  ${index === 0 ? 'check first' : 'then'} ${ends[end]}: ${text}`),
    '',
  ].join('\n');
}

export function renderLive(
  rows: readonly LiveRow[],
  exchanges: readonly Exchange[],
  verdict: LiveVerdict,
  title: string,
): string {
  const cells = rows.map(({ layer, field, configured, answered, result }) => [
    layer,
    field,
    configured ?? nothing,
    answered ?? nothing,
    result,
  ]);
  const times = exchanges.length === 0 ? [] : [`times: ${exchanges.map(exchangeText).join('; ')}\n`];
  const explained = rows.map(explanationText).filter((text) => text !== '');
  return [`${title}\n${renderTable(headings, cells, '  ')}`, ...times, ...explained, `${verdicts[verdict]}\n`].join(
    '\n',
  );
}
