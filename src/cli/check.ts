/** `mta check`: is the site file good, and what holds for each connector, and why. */
import { printORAddress } from '../p1/or-address-text.js';
import { valueGroups } from '../config/values.js';
import type { Origin } from '../config/values.js';
import { selectorsText } from '../config/selectors.js';
import type { Connector, Site } from '../config/site.js';
import { loadSiteFile } from '../host/site-files.js';
import { exitCodes, writeJson } from './command.js';
import type { CommandOutput, ExitCode } from './command.js';
import { writeProblems } from './problems.js';
import { renderTable } from './table.js';

export interface CheckArguments {
  readonly site: string;
  readonly json: boolean;
}

interface EffectiveValue {
  readonly value: string | number;
  readonly origin: Origin;
}

type EffectiveGroup = Readonly<Record<string, EffectiveValue>>;

function effectiveGroup(values: object, origins: object): EffectiveGroup {
  const originOf = new Map(Object.entries(origins as Readonly<Record<string, Origin>>));
  return Object.fromEntries(
    Object.entries(values as Readonly<Record<string, string | number>>).map(([name, value]) => [
      name,
      { value, origin: originOf.get(name) ?? 'builtin' },
    ]),
  );
}

function effectiveValues(connector: Connector): Readonly<Record<string, EffectiveGroup>> {
  return Object.fromEntries(
    valueGroups.map((group) => [group, effectiveGroup(connector[group], connector.origins[group])]),
  );
}

function connectorJson(connector: Connector) {
  const { name, type, mode, p1, dialogue, remote, local, addressSpace } = connector;
  return {
    name,
    type,
    mode,
    p1,
    dialogue,
    remote: {
      mtaName: remote.mtaName,
      ...remote.address,
      ...(remote.via === undefined ? {} : { via: remote.via }),
      selectors: selectorsText(remote.selectors),
      calling: selectorsText(remote.calling),
    },
    local: { mtaName: local.mtaName },
    passwordType: connector.passwordType,
    allowUnauthenticated: connector.allowUnauthenticated,
    addressSpace: addressSpace.map(({ pattern, cost }) => ({ pattern: pattern.text, cost })),
    ...effectiveValues(connector),
  };
}

function siteJson(site: Site) {
  return {
    mta: { name: site.mta.name, globalDomain: site.mta.globalDomain },
    listen: site.listen.map(({ host, port, selectors }) => ({ host, port, selectors: selectorsText(selectors) })),
    dataDirectory: site.dataDirectory,
    admin: site.admin,
    localDomains: site.localDomains.map(({ text }) => text),
    mailboxes: site.mailboxes.map(({ name, address }) => ({ name, address: printORAddress(address) })),
    connectors: site.connectors.map(connectorJson),
  };
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}

function peerText({ remote }: Connector): string {
  const place =
    remote.address === undefined
      ? 'which opens associations itself'
      : `at ${remote.address.host}:${remote.address.port}`;
  const via = remote.via === undefined ? '' : ` by way of ${remote.via.host}:${remote.via.port}`;
  return `${remote.mtaName} ${place}${via}`;
}

function connectorText(connector: Connector): string {
  const { name, type, mode, p1, dialogue, local } = connector;
  const rows = Object.entries(effectiveValues(connector)).flatMap(([group, values]) =>
    Object.entries(values).map(([value, effective]) => [
      `${group}.${value}`,
      String(effective.value),
      effective.origin,
    ]),
  );
  return [
    `connector ${name}: type ${type}, mode ${mode}, P1 ${p1}, ${dialogue}; we are ${local.mtaName}, the peer is ${peerText(connector)}\n`,
    renderTable(['VALUE', 'EFFECTIVE', 'ORIGIN'], rows, '  '),
  ].join('');
}

function siteText(site: Site): string {
  const connectors = count(site.connectors.length, 'connector', 'connectors');
  const mailboxes = count(site.mailboxes.length, 'mailbox', 'mailboxes');
  return [
    `${site.path}: good; ${site.mta.name}, ${connectors}, ${mailboxes}\n`,
    ...site.connectors.map(connectorText),
  ].join('\n');
}

export function runCheck(args: CheckArguments, output: CommandOutput): ExitCode {
  const load = loadSiteFile(args.site);
  if (args.json) {
    const { valid, problems } = load;
    writeJson(output, { site: args.site, valid, problems, ...(load.valid ? siteJson(load.site) : {}) });
  } else {
    writeProblems(output, load.problems);
    if (load.valid) output.stdout.write(siteText(load.site));
  }
  return load.valid ? exitCodes.good : exitCodes.usage;
}
