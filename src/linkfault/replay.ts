/** The scenario of a run that was recorded, with what was done to it by hand at the same times. */
import type { Scenario } from '../faults/scenario.js';
import type { LinkFault } from '../faults/schedule.js';
import type { ToxicSettings } from '../faults/toxics.js';
import type { Entry } from './timeline.js';

interface Period {
  readonly toxic: ToxicSettings;
  readonly from: number;
  to: number | undefined;
}

/** Throws an Error if the timeline does not say how the run began. */
export function replayOf(entries: readonly Entry[]): Scenario {
  const [started] = entries;
  if (started?.type !== 'started') throw new Error('the timeline does not begin with a line of type "started"');
  const { scenario } = started;
  const timeline = periodsOf(entries.filter(({ link }) => link === started.link)).map(
    ({ toxic, from, to }): LinkFault => ({
      kind: 'toxic',
      toxic,
      when: { after: 'milliseconds', milliseconds: from },
      ...(to === undefined ? {} : { milliseconds: Math.max(to - from, 1) }),
    }),
  );
  return { ...scenario, timeline: [...scenario.timeline, ...timeline] };
}

/** The toxics that were there by hand, each with its time; one that was changed is another from then on. */
function periodsOf(entries: readonly Entry[]): readonly Period[] {
  const periods: Period[] = [];
  const open = new Map<string, Period>();
  const end = (name: string, at: number): boolean => {
    const period = open.get(name);
    if (period !== undefined) period.to = at;
    return open.delete(name);
  };
  const begin = (toxic: ToxicSettings, at: number): void => {
    const period: Period = { toxic: { ...toxic, duration: 0 }, from: at, to: undefined };
    periods.push(period);
    open.set(toxic.name ?? '', period);
  };
  for (const entry of entries) {
    if (entry.type === 'toxic.added' && entry.by === 'operator') begin(entry.toxic, entry.at);
    else if (entry.type === 'toxic.updated' && end(entry.toxic.name ?? '', entry.at)) begin(entry.toxic, entry.at);
    else if (entry.type === 'toxic.removed' || entry.type === 'toxic.expired') end(entry.name, entry.at);
  }
  return periods;
}
