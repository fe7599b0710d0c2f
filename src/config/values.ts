/**
 * The values that resolve field by field: built-in default, then `siteDefaults`, then the connector's `override`. K is 1024 octets.
 */

/** What is done when the peer's values differ from ours: raise an alarm and go on, or refuse the association. */
export type MismatchAction = 'alarm' | 'refuse';

export interface RtsValues {
  /** 0..65535, units of 1024 octets between checkpoints; 0 none. */
  readonly checkpointSizeK: number;
  /** How long both ends keep the confirmed part of an interrupted transfer. */
  readonly recoveryTimeoutSeconds: number;
  /** 1..255 checkpoints unconfirmed at once. */
  readonly windowSize: number;
  /** Something outstanding and no octet from the peer for so long: the association is lost. */
  readonly stallTimeoutSeconds: number;
  readonly onMismatch: MismatchAction;
}

export interface AssociationValues {
  /** How long an idle association is kept after the last message. */
  readonly lifetimeSeconds: number;
  /** How long the peer's answer to the release of an association is awaited. */
  readonly disconnectSeconds: number;
  /** With more messages queued than this for each open association, another is opened. */
  readonly thresholdMessages: number;
  /** Associations that we open to this peer at most. */
  readonly maximum: number;
}

export interface RetryValues {
  /** Attempts to open an association after the first, before queued messages are reported as not delivered. */
  readonly maxOpenRetries: number;
  /** Negative transfer confirms on a living association, after the first; a newly confirmed checkpoint starts the count anew. */
  readonly maxTransferRetries: number;
  /** At least 1. */
  readonly openIntervalSeconds: number;
  readonly transferIntervalSeconds: number;
}

/** How long a message may wait and travel before it is reported as not delivered: seconds for each 1024 octets, by its priority. */
export interface TransferTimeoutValues {
  readonly urgentSecondsPerK: number;
  readonly normalSecondsPerK: number;
  readonly nonUrgentSecondsPerK: number;
}

export interface ConnectorValues {
  readonly rts: RtsValues;
  readonly association: AssociationValues;
  readonly retry: RetryValues;
  readonly transferTimeout: TransferTimeoutValues;
}

export type ValueGroup = keyof ConnectorValues;
export const valueGroups = ['rts', 'association', 'retry', 'transferTimeout'] as const satisfies readonly ValueGroup[];

export const builtinValues: ConnectorValues = {
  rts: { checkpointSizeK: 30, recoveryTimeoutSeconds: 60, windowSize: 5, stallTimeoutSeconds: 30, onMismatch: 'alarm' },
  association: { lifetimeSeconds: 300, disconnectSeconds: 120, thresholdMessages: 50, maximum: 9 },
  retry: { maxOpenRetries: 144, maxTransferRetries: 2, openIntervalSeconds: 600, transferIntervalSeconds: 120 },
  transferTimeout: { urgentSecondsPerK: 1000, normalSecondsPerK: 2000, nonUrgentSecondsPerK: 3000 },
};

/** Where an effective value comes from. */
export type Origin = 'builtin' | 'siteDefaults' | 'override';

export type ValueOrigins = {
  readonly [Group in ValueGroup]: { readonly [Name in keyof ConnectorValues[Group]]: Origin };
};

/** What a `siteDefaults` or an `override` may set: any of the values. */
export type PartialValues = { readonly [Group in ValueGroup]?: Partial<ConnectorValues[Group]> };

export interface ResolvedValues {
  readonly values: ConnectorValues;
  readonly origins: ValueOrigins;
}

function resolveGroup<Values extends object>(
  builtin: Values,
  siteDefaults: Partial<Values> = {},
  override: Partial<Values> = {},
): { readonly values: Values; readonly origins: Readonly<Record<keyof Values, Origin>> } {
  const originOf = (name: string): Origin =>
    Object.hasOwn(override, name) ? 'override' : Object.hasOwn(siteDefaults, name) ? 'siteDefaults' : 'builtin';
  return {
    values: { ...builtin, ...siteDefaults, ...override },
    origins: Object.fromEntries(Object.keys(builtin).map((name) => [name, originOf(name)])) as Record<
      keyof Values,
      Origin
    >,
  };
}

export function resolveValues(siteDefaults: PartialValues = {}, override: PartialValues = {}): ResolvedValues {
  const rts = resolveGroup(builtinValues.rts, siteDefaults.rts, override.rts);
  const association = resolveGroup(builtinValues.association, siteDefaults.association, override.association);
  const retry = resolveGroup(builtinValues.retry, siteDefaults.retry, override.retry);
  const transferTimeout = resolveGroup(
    builtinValues.transferTimeout,
    siteDefaults.transferTimeout,
    override.transferTimeout,
  );
  return {
    values: {
      rts: rts.values,
      association: association.values,
      retry: retry.values,
      transferTimeout: transferTimeout.values,
    },
    origins: {
      rts: rts.origins,
      association: association.origins,
      retry: retry.origins,
      transferTimeout: transferTimeout.origins,
    },
  };
}
