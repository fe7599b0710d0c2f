/** An SPDU in parts, so that it can be written wrong in one of them. */
import { concatOctets } from '../../bytes/octets.js';
import { unit } from './spdu.js';

export interface SpduForm {
  /** The prefix of category 0 in front of it. */
  readonly behind?: 'GT' | 'PT';
  readonly code: number;
  readonly units: readonly (readonly [code: number, value: Uint8Array])[];
}

const prefixes = { GT: Uint8Array.of(1, 0), PT: Uint8Array.of(2, 0) } as const;

function prefixed({ behind }: SpduForm, spdu: Uint8Array): Uint8Array {
  return behind === undefined ? spdu : concatOctets(prefixes[behind], spdu);
}

function written(form: SpduForm): Uint8Array {
  return prefixed(form, unit(form.code, ...form.units.map(([code, value]) => unit(code, value))));
}

/** The last octet is missing. */
export function truncated(form: SpduForm): Uint8Array {
  return written(form).subarray(0, -1);
}

/** The last unit says that it has an octet more than the SPDU has for it. */
export function overrun(form: SpduForm): Uint8Array {
  const octets = form.units.map(([code, value]) => unit(code, value));
  const last = octets.at(-1)?.slice() ?? new Uint8Array(0);
  if (last[1] !== undefined) last[1] += 1;
  return prefixed(form, unit(form.code, ...octets.slice(0, -1), last));
}

export function without(form: SpduForm, code: number): Uint8Array {
  return written({ ...form, units: form.units.filter(([own]) => own !== code) });
}

export function twice(form: SpduForm, code: number): Uint8Array {
  return written({ ...form, units: form.units.flatMap((own) => (own[0] === code ? [own, own] : [own])) });
}

export function withValue(form: SpduForm, code: number, value: Uint8Array): Uint8Array {
  const others = form.units.filter(([own]) => own !== code);
  return written({ ...form, units: [...others, [code, value] as const].sort(([a], [b]) => a - b) });
}
