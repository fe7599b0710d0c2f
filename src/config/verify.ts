/**
 * Compares the two ends of a connection before they ever meet: everything on which they must agree, as rows. Retry and association values
 * are each end's own affair and are not compared.
 */
import { isWildcard, pairConnectors, sameHost } from './pairing.js';
import type { ConnectorPair } from './pairing.js';
import { passwordsMatch, type ComparedPassword } from './password-digest.js';
import { sameSelector, selectorLayersOf, selectorText } from './selectors.js';
import type { SelectorLayer } from './selectors.js';
import type { Connector, HostAndPort, Listen, Remote, Site } from './site.js';
import type { RtsValues } from './values.js';

export interface VerifyRow {
  /** Names of the two connectors; undefined where a site has none. */
  readonly connectorA?: string;
  readonly connectorB?: string;
  /** What is compared, as the site file of A names it, and as that of B does. */
  readonly field: string;
  readonly fieldB: string;
  /** Undefined: not set, or a secret. */
  readonly valueA?: string;
  readonly valueB?: string;
  readonly result: 'match' | 'differ' | 'missing';
  /** One plain sentence, or nothing. */
  readonly note: string;
}

/** A comparison from the point of view of the end that calls: what `caller` has of the other, against what `called` has of itself. */
interface Finding {
  readonly callerField: string;
  readonly calledField: string;
  readonly callerValue?: string;
  readonly calledValue?: string;
  readonly result: VerifyRow['result'];
  readonly note?: string;
}

/** What of a connector must fit the other end; the passwords may be known by their digests only. */
export interface ComparedConnector extends Pick<
  Connector,
  'name' | 'mode' | 'p1' | 'dialogue' | 'allowUnauthenticated'
> {
  readonly rts: Pick<RtsValues, 'checkpointSizeK' | 'windowSize' | 'recoveryTimeoutSeconds'>;
  readonly remote: Omit<Remote, 'password' | 'connectTo'> & { readonly password?: ComparedPassword };
  readonly local: { readonly mtaName: string; readonly password?: ComparedPassword };
}

/** One end of a connection. */
export interface ComparedEnd {
  readonly connector: ComparedConnector;
  readonly listen: readonly Listen[];
}

const commonFields: readonly { readonly field: string; readonly valueOf: (connector: ComparedConnector) => string }[] =
  [
    { field: 'mode', valueOf: ({ mode }) => mode },
    { field: 'p1', valueOf: ({ p1 }) => p1 },
    { field: 'dialogue', valueOf: ({ dialogue }) => dialogue },
    { field: 'rts.checkpointSizeK', valueOf: ({ rts }) => String(rts.checkpointSizeK) },
    { field: 'rts.windowSize', valueOf: ({ rts }) => String(rts.windowSize) },
    { field: 'rts.recoveryTimeoutSeconds', valueOf: ({ rts }) => String(rts.recoveryTimeoutSeconds) },
  ];

function matchIf(agrees: boolean): 'match' | 'differ' {
  return agrees ? 'match' : 'differ';
}

function compareName(caller: ComparedConnector, called: ComparedConnector): Finding {
  return {
    callerField: 'remote.mtaName',
    calledField: 'local.mtaName',
    callerValue: caller.remote.mtaName,
    calledValue: called.local.mtaName,
    result: matchIf(caller.remote.mtaName === called.local.mtaName),
  };
}

/** What the one expects against what the other says of itself; neither is ever shown. */
function comparePassword(expecting: ComparedConnector, saying: ComparedConnector): Finding {
  const expected = expecting.remote.password;
  const said = saying.local.password;
  const fields = { callerField: 'remote.password', calledField: 'local.password' };
  if (expected === undefined || said === undefined) return { ...fields, ...missingPassword(expecting, expected, said) };
  return { ...fields, result: matchIf(passwordsMatch(expected, said)) };
}

function missingPassword(
  expecting: ComparedConnector,
  expected: ComparedPassword | undefined,
  said: ComparedPassword | undefined,
): Pick<Finding, 'result' | 'note'> {
  if (said !== undefined) return { result: 'differ', note: 'one end says a password, the other expects none' };
  if (expecting.allowUnauthenticated) return { result: 'match', note: 'no password is said, and none is needed' };
  return {
    result: 'differ',
    note:
      expected === undefined
        ? 'no password is set, and allowUnauthenticated is not either'
        : 'one end expects a password, the other has none to say',
  };
}

/** The listener that the caller means: the one that agrees in most. */
function meantListener(
  address: HostAndPort,
  caller: ComparedConnector,
  called: ComparedEnd,
): { listen: Listen; index: number } | undefined {
  let best: { listen: Listen; index: number; likeness: number } | undefined;
  for (const [index, listen] of called.listen.entries()) {
    const selectorCount = selectorLayersOf(caller.mode).filter((layer) => takes(listen, caller, layer)).length;
    const likeness =
      100 * Number(listen.port === address.port) + 10 * Number(coversHost(listen, address)) + selectorCount;
    if (best === undefined || likeness > best.likeness) best = { listen, index, likeness };
  }
  return best;
}

function coversHost(listen: Listen, address: HostAndPort): boolean {
  return isWildcard(listen.host) || sameHost(listen.host, address.host);
}

/** A listener without a selector takes any. */
function takes(listen: Listen, caller: ComparedConnector, layer: SelectorLayer): boolean {
  const listened = listen.selectors[layer];
  return listened === undefined || sameSelector(listened, caller.remote.selectors[layer]);
}

function shown(selector: Uint8Array | undefined): string | undefined {
  return selector === undefined ? undefined : selectorText(selector);
}

/** Both values where they are set. */
function values(caller: string | undefined, called: string | undefined): Pick<Finding, 'callerValue' | 'calledValue'> {
  return {
    ...(caller === undefined ? {} : { callerValue: caller }),
    ...(called === undefined ? {} : { calledValue: called }),
  };
}

function compareAddress(caller: ComparedConnector, called: ComparedEnd): readonly Finding[] {
  const { address, via } = caller.remote;
  if (address === undefined) {
    const calledBack = called.connector.remote.address !== undefined;
    const note = calledBack ? 'only the other end opens associations' : 'neither end has an address to call';
    return [{ callerField: 'remote.host', calledField: 'listen', result: calledBack ? 'match' : 'missing', note }];
  }
  const meant = meantListener(address, caller, called);
  if (meant === undefined) return [];
  const { listen, index } = meant;
  const place = `listen[${index}]`;
  const viaNote = via === undefined ? {} : { note: `connections go by way of ${via.host}:${via.port}` };
  const hostNote = isWildcard(listen.host) ? { note: 'the listener is on every address' } : viaNote;
  return [
    {
      callerField: 'remote.host',
      calledField: `${place}.host`,
      ...values(address.host, listen.host),
      result: matchIf(coversHost(listen, address)),
      ...hostNote,
    },
    {
      callerField: 'remote.port',
      calledField: `${place}.port`,
      ...values(String(address.port), String(listen.port)),
      result: matchIf(address.port === listen.port),
      ...viaNote,
    },
    ...selectorLayersOf(caller.mode).map((layer): Finding => {
      const listened = listen.selectors[layer];
      const anyNote = listened === undefined && caller.remote.selectors[layer] !== undefined;
      return {
        callerField: `remote.${layer}Selector`,
        calledField: `${place}.${layer}Selector`,
        ...values(shown(caller.remote.selectors[layer]), shown(listened)),
        result: matchIf(takes(listen, caller, layer)),
        ...(anyNote ? { note: 'the listener takes any' } : {}),
      };
    }),
  ];
}

/** Selectors that the caller gives as its own, where it gives any, against those by which the called end knows it. */
function compareCalling(caller: ComparedConnector, called: ComparedConnector): readonly Finding[] {
  return selectorLayersOf(caller.mode).flatMap((layer): readonly Finding[] => {
    const given = caller.remote.calling[layer];
    const known = called.remote.selectors[layer];
    if (given === undefined) return [];
    return [
      {
        callerField: `remote.calling.${layer}Selector`,
        calledField: `remote.${layer}Selector`,
        ...values(shown(given), shown(known)),
        result: matchIf(known === undefined || sameSelector(given, known)),
        ...(known === undefined ? { note: 'the called end takes any' } : {}),
      },
    ];
  });
}

function compareCall(caller: ComparedEnd, called: ComparedEnd): readonly Finding[] {
  return [
    compareName(caller.connector, called.connector),
    comparePassword(caller.connector, called.connector),
    ...compareAddress(caller.connector, called),
    ...compareCalling(caller.connector, called.connector),
  ];
}

function rowOf(a: ComparedConnector, b: ComparedConnector, finding: Finding, caller: 'A' | 'B'): VerifyRow {
  const { callerField, calledField, callerValue, calledValue, result, note } = finding;
  const [field, fieldB] = caller === 'A' ? [callerField, calledField] : [calledField, callerField];
  const [valueA, valueB] = caller === 'A' ? [callerValue, calledValue] : [calledValue, callerValue];
  return {
    connectorA: a.name,
    connectorB: b.name,
    field,
    fieldB,
    ...(valueA === undefined ? {} : { valueA }),
    ...(valueB === undefined ? {} : { valueB }),
    result,
    note: note ?? '',
  };
}

function compareCommon(a: ComparedConnector, b: ComparedConnector): readonly Finding[] {
  return commonFields.map(({ field, valueOf }) => ({
    callerField: field,
    calledField: field,
    callerValue: valueOf(a),
    calledValue: valueOf(b),
    result: matchIf(valueOf(a) === valueOf(b)),
  }));
}

/** Everything that must fit between two connectors that are known to belong together. */
export function verifyEnds(a: ComparedEnd, b: ComparedEnd): readonly VerifyRow[] {
  const one = a.connector;
  const other = b.connector;
  return [
    ...[...compareCommon(one, other), ...compareCall(a, b)].map((finding) => rowOf(one, other, finding, 'A')),
    ...compareCall(b, a).map((finding) => rowOf(one, other, finding, 'B')),
  ];
}

function comparePair({ a, b }: ConnectorPair, siteA: Site, siteB: Site): readonly VerifyRow[] {
  return verifyEnds({ connector: a, listen: siteA.listen }, { connector: b, listen: siteB.listen });
}

const noCounterpart = 'points at the other site, which has no connector that points back by MTA name or address';

/** All rows, in the order of A's connectors. No row, or any that is not `match`, means that the two sites do not fit. */
export function verifySites(siteA: Site, siteB: Site): readonly VerifyRow[] {
  const { pairs, withoutCounterpartA, withoutCounterpartB } = pairConnectors(siteA, siteB);
  const missing = { field: 'connector', fieldB: 'connector', result: 'missing' } as const;
  const rows = [
    ...pairs.flatMap((pair) => comparePair(pair, siteA, siteB)),
    ...withoutCounterpartA.map(({ name }): VerifyRow => ({
      connectorA: name,
      ...missing,
      note: `${name} ${noCounterpart}`,
    })),
    ...withoutCounterpartB.map(({ name }): VerifyRow => ({
      connectorB: name,
      ...missing,
      note: `${name} ${noCounterpart}`,
    })),
  ];
  if (rows.length > 0) return rows;
  return [{ ...missing, note: 'no connector of either site points at the other by MTA name or address' }];
}

export function allMatch(rows: readonly VerifyRow[]): boolean {
  return rows.every(({ result }) => result === 'match');
}
