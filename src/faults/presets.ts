/** Lines of the world as toxics, with figures of the right order; several can be laid over one another. */
import type { Stream } from './pdu-trigger.js';
import type { ToxicSettings, ToxicType } from './toxics.js';

export interface Preset {
  readonly about: string;
  readonly toxics: readonly ToxicSettings[];
}

function each(...rows: readonly { readonly type: ToxicType; readonly attributes: ToxicSettings['attributes'] }[]) {
  return (['upstream', 'downstream'] as const).flatMap((stream: Stream) =>
    rows.map(({ type, attributes = {} }): ToxicSettings => ({ type, stream, attributes })),
  );
}

function rate(bitsPerSecond: number) {
  return { type: 'bandwidth' as const, attributes: { bits_per_second: bitsPerSecond } };
}

function delay(latency: number, jitter: number, distribution: 'uniform' | 'normal' | 'pareto' = 'normal') {
  return { type: 'latency' as const, attributes: { latency, jitter, distribution } };
}

function lost(share: number, retransmission: number) {
  return { type: 'loss' as const, attributes: { rate: share, retransmission } };
}

export const presets = {
  'modem-9600': {
    about: 'Telephone modem, V.32: 9600 bit/s, 75 ms each way.',
    toxics: each(rate(9600), delay(75, 10)),
  },
  gprs: {
    about: 'GPRS: 40 kbit/s down, 20 kbit/s up, 350 ms each way with long outliers, 2 % of segments sent again.',
    toxics: [
      { type: 'bandwidth', stream: 'upstream', attributes: { bits_per_second: 20_000 } },
      { type: 'bandwidth', stream: 'downstream', attributes: { bits_per_second: 40_000 } },
      ...each(delay(350, 100, 'pareto'), lost(0.02, 1500)),
    ],
  },
  'hf-75': {
    about: 'HF radio with long interleaver: 75 bit/s, 4.8 s each way.',
    toxics: each(rate(75), delay(4800, 200)),
  },
  'hf-2400': {
    about: 'HF radio with short interleaver: 2400 bit/s, 0.6 s each way, 2 % of segments sent again.',
    toxics: each(rate(2400), delay(600, 100), lost(0.02, 4000)),
  },
  satellite: {
    about: 'Geostationary satellite: 512 kbit/s, 270 ms each way.',
    toxics: each(rate(512_000), delay(270, 10)),
  },
  transatlantic: {
    about: 'Across the Atlantic: 100 Mbit/s, 40 ms each way.',
    toxics: each(rate(100_000_000), delay(40, 2)),
  },
  'lossy-lan': {
    about: 'A bad local network: 100 Mbit/s, 1 ms each way, 2 % of segments sent again after 200 ms.',
    toxics: each(rate(100_000_000), delay(1, 1, 'uniform'), lost(0.02, 200)),
  },
} as const satisfies Readonly<Record<string, Preset>>;

export type PresetName = keyof typeof presets;
export const presetNames = Object.keys(presets) as readonly PresetName[];

export function preset(name: PresetName): Preset {
  return presets[name];
}
