import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { builtinValues, resolveValues, valueGroups } from '../../src/config/values.js';
import { alphaObject, only, valid } from './site-files.js';

describe('effective values', () => {
  it('has the built-in defaults 30 K, 60 s, 5, and all others of the site file contract', () => {
    const site = alphaObject();
    const [connector] = valid(site).connectors;
    expect(connector).toMatchObject({
      rts: {
        checkpointSizeK: 30,
        recoveryTimeoutSeconds: 60,
        windowSize: 5,
        stallTimeoutSeconds: 30,
        onMismatch: 'alarm',
      },
      association: { lifetimeSeconds: 300, disconnectSeconds: 120, thresholdMessages: 50, maximum: 9 },
      retry: { maxOpenRetries: 144, maxTransferRetries: 2, openIntervalSeconds: 600, transferIntervalSeconds: 120 },
      transferTimeout: { urgentSecondsPerK: 1000, normalSecondsPerK: 2000, nonUrgentSecondsPerK: 3000 },
    });
    for (const group of valueGroups)
      expect(new Set(Object.values(connector?.origins[group] ?? {}))).toEqual(new Set(['builtin']));
  });

  it('resolves built-in, site default and override field by field inside one group', () => {
    const site = alphaObject();
    site['siteDefaults'] = { rts: { windowSize: 7, checkpointSizeK: 20 } };
    only(site).override = { rts: { checkpointSizeK: 5 } };
    const [connector] = valid(site).connectors;
    expect(connector?.rts).toMatchObject({ checkpointSizeK: 5, windowSize: 7, recoveryTimeoutSeconds: 60 });
    expect(connector?.origins.rts).toMatchObject({
      checkpointSizeK: 'override',
      windowSize: 'siteDefaults',
      recoveryTimeoutSeconds: 'builtin',
    });
  });

  it('names the site defaults as origin even where they say what is built in', () => {
    const site = alphaObject();
    site['siteDefaults'] = { retry: { maxOpenRetries: 144 } };
    expect(valid(site).connectors[0]?.origins.retry).toMatchObject({
      maxOpenRetries: 'siteDefaults',
      maxTransferRetries: 'builtin',
    });
  });

  it('takes each value from the most particular place that sets it, whatever is set where', () => {
    const rts = fc.record(
      { checkpointSizeK: fc.nat(60), windowSize: fc.integer({ min: 1, max: 255 }), stallTimeoutSeconds: fc.nat(90) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(rts, rts, (siteDefaults, override) => {
        const resolved = resolveValues({ rts: siteDefaults }, { rts: override });
        for (const name of ['checkpointSizeK', 'windowSize', 'stallTimeoutSeconds'] as const) {
          const expected = override[name] ?? siteDefaults[name] ?? builtinValues.rts[name];
          const origin =
            override[name] !== undefined ? 'override' : siteDefaults[name] !== undefined ? 'siteDefaults' : 'builtin';
          expect(resolved.values.rts[name]).toBe(expected);
          expect(resolved.origins.rts[name]).toBe(origin);
        }
      }),
    );
  });
});
