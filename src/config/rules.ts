/**
 * What the members of a site file mean to one another: rules that no single member can break. Each gets the file as the schema took it and
 * reports at the place where the operator can mend it, with what follows `expected` there.
 */
import { addressKey } from '../p1/or-address-matching.js';
import { matchesPattern } from '../p1/or-address-pattern.js';
import { globalDomainPattern } from './address-fields.js';
import { isoTransportPort, listenHost } from './defaults.js';
import { callingSelectorsOf, resolveGlobalDomain } from './effective.js';
import type { Path, Problem } from './problem.js';
import type { ConnectorFile, SiteFile } from './schema.js';
import { sameSelector, selectorLayersOf, selectorsOf } from './selectors.js';
import { resolveValues } from './values.js';

export type Report = (severity: Problem['severity'], path: Path, expected: string) => void;

/** Above this some peers fail to decode the checkpoint size. */
const checkpointSizeCommonMaxK = 60;

function* connectorsOf(file: SiteFile): Generator<{ readonly connector: ConnectorFile; readonly path: Path }> {
  for (const [index, connector] of (file.connectors ?? []).entries()) yield { connector, path: ['connectors', index] };
}

function namesOnce(file: SiteFile, report: Report): void {
  for (const list of ['connectors', 'mailboxes'] as const) {
    const first = new Map<string, number>();
    for (const [index, { name }] of (file[list] ?? []).entries()) {
      const earlier = first.get(name);
      if (earlier === undefined) first.set(name, index);
      else report('error', [list, index, 'name'], `a name of its own, since ${list}[${earlier}] has this one`);
    }
  }
}

function overridesAllowed(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file))
    if (connector.type === 'site' && connector.override !== undefined)
      report('error', [...path, 'override'], 'no override, since a connector of type "site" uses the site defaults');
}

/** A window is a number of checkpoints: who sets it and has none is mistaken about one of the two. */
function windowNeedsCheckpoints(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file)) {
    if (connector.override?.rts?.windowSize === undefined) continue;
    const { values, origins } = resolveValues(file.siteDefaults, connector.override);
    if (values.rts.checkpointSizeK !== 0) continue;
    const where = origins.rts.checkpointSizeK;
    report(
      'error',
      [...path, 'override', 'rts', 'windowSize'],
      `no windowSize, since the effective checkpointSizeK is 0 (${where}) and there are no checkpoints to count`,
    );
  }
}

function versionFitsMode(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file)) {
    if (connector.p1 !== '1984') continue;
    if (connector.mode !== 'x410-1984')
      report('error', [...path, 'p1'], '"1988", since P1 of 1984 exists in mode "x410-1984" only'); // X.419
    if (connector.passwordType === 'octets')
      report('warning', [...path, 'passwordType'], '"ia5", since a peer of 1984 knows no other'); // X.411-1984
  }
}

function selectorsFitMode(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file)) {
    if (connector.mode !== 'x410-1984') continue;
    for (const [place, members] of [
      [['remote'], connector.remote],
      [['remote', 'calling'], connector.remote.calling ?? {}],
      [['calling'], connector.calling ?? {}],
    ] as const)
      for (const member of ['sessionSelector', 'presentationSelector'] as const)
        if (members[member] !== undefined)
          report('warning', [...path, ...place, member], 'none: mode "x410-1984" does not use it, it is ignored'); // X.410
  }
}

function callingOnce(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file))
    if (connector.calling !== undefined && connector.remote.calling !== undefined)
      report('error', [...path, 'calling'], 'nothing, since remote.calling holds our own selectors already');
}

/** An incoming association is matched by MTA name, then mode, then selectors: connectors alike in all of these would hide one another. */
function connectorsDiffer(file: SiteFile, report: Report): void {
  const earlier: { readonly connector: ConnectorFile; readonly index: number }[] = [];
  for (const [index, connector] of (file.connectors ?? []).entries()) {
    const twin = earlier.find((other) => alike(other.connector, connector));
    if (twin === undefined) earlier.push({ connector, index });
    else
      report(
        'error',
        ['connectors', index, 'remote'],
        `another remote.mtaName, mode or selectors than connectors[${twin.index}] (${twin.connector.name}), ` +
          'since an incoming association could not be told to belong to one of them',
      );
  }
}

function alike(a: ConnectorFile, b: ConnectorFile): boolean {
  const mode = a.mode ?? 'normal';
  if (a.remote.mtaName !== b.remote.mtaName || mode !== (b.mode ?? 'normal')) return false;
  return [
    [selectorsOf(a.remote), selectorsOf(b.remote)],
    [callingSelectorsOf(a), callingSelectorsOf(b)],
  ].every(([ofA, ofB]) => selectorLayersOf(mode).every((layer) => sameSelector(ofA?.[layer], ofB?.[layer])));
}

function checkpointSizeDoubts(file: SiteFile, report: Report): void {
  const check = (checkpointSizeK: number | undefined, path: Path): void => {
    if (checkpointSizeK === 0)
      report(
        'warning',
        path,
        'at least 1: without checkpoints an interrupted transfer starts again from the beginning',
      );
    else if (checkpointSizeK !== undefined && checkpointSizeK > checkpointSizeCommonMaxK)
      report('warning', path, `at most ${checkpointSizeCommonMaxK}: some peers fail above`);
  };
  const member = ['rts', 'checkpointSizeK'];
  check(file.siteDefaults?.rts?.checkpointSizeK, ['siteDefaults', ...member]);
  for (const { connector, path } of connectorsOf(file))
    check(connector.override?.rts?.checkpointSizeK, [...path, 'override', ...member]);
}

function peersCanBind(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file)) {
    const { remote } = connector;
    if (remote.password === undefined && connector.allowUnauthenticated !== true)
      report(
        'warning',
        [...path, 'remote', 'password'],
        'the password of the peer, or allowUnauthenticated: without either the peer cannot bind',
      );
    if (remote.mtaName === (connector.local?.mtaName ?? file.mta.name))
      report('warning', [...path, 'remote', 'mtaName'], "the peer's name: this is our own");
  }
}

function peersCanBeReached(file: SiteFile, report: Report): void {
  for (const { connector, path } of connectorsOf(file)) {
    const { remote } = connector;
    if (remote.host !== undefined) continue;
    const since = 'without remote.host only the peer opens associations';
    if (remote.via !== undefined) report('error', [...path, 'remote', 'via'], `no link, or a remote.host: ${since}`);
    if (remote.port !== undefined) report('warning', [...path, 'remote', 'port'], `no port: ${since}`);
    if (connector.dialogue !== 'two-way-alternate' && (connector.addressSpace ?? []).length > 0)
      report(
        'warning',
        [...path, 'addressSpace'],
        `a remote.host, or dialogue "two-way-alternate": ${since}, and in a monologue it alone sends on them`,
      );
  }
}

function mailboxesMakeSense(file: SiteFile, report: Report): void {
  const domains = file.localDomains ?? [globalDomainPattern(resolveGlobalDomain(file.mta.globalDomain))];
  const first = new Map<string, number>();
  for (const [index, mailbox] of (file.mailboxes ?? []).entries()) {
    const key = addressKey(mailbox.address);
    const path = ['mailboxes', index, 'address'];
    const earlier = first.get(key.text);
    if (earlier === undefined) first.set(key.text, index);
    else report('error', path, `an address of its own, since mailboxes[${earlier}] has this one`);
    if (!domains.some((domain) => matchesPattern(domain, key)))
      report('warning', path, `an address in ${domains.map(({ text }) => text).join(' or ')}, which are our own`);
  }
}

function listenersDiffer(file: SiteFile, report: Report): void {
  const seen = new Map<string, number>();
  for (const [index, listen] of file.listen.entries()) {
    const { transport, session, presentation } = selectorsOf(listen);
    const key = JSON.stringify([
      (listen.host ?? listenHost).toLowerCase(),
      listen.port ?? isoTransportPort,
      ...[transport, session, presentation].map((selector) => selector && [...selector]),
    ]);
    const earlier = seen.get(key);
    if (earlier === undefined) seen.set(key, index);
    else report('error', ['listen', index], `another host, port or selector than listen[${earlier}]`);
  }
}

export const rules: readonly ((file: SiteFile, report: Report) => void)[] = [
  namesOnce,
  overridesAllowed,
  windowNeedsCheckpoints,
  versionFitsMode,
  selectorsFitMode,
  callingOnce,
  connectorsDiffer,
  checkpointSizeDoubts,
  peersCanBind,
  peersCanBeReached,
  mailboxesMakeSense,
  listenersDiffer,
];
