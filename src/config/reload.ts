/** What a reload of the site file changes, and from when on: SIGHUP and the admin API apply it, logs and listings show it. */
import { printORAddress } from '../p1/or-address-text.js';
import { Secret } from './secret.js';
import { selectorsText } from './selectors.js';
import type { Connector, HostAndPort, Site } from './site.js';
import { valueGroups } from './values.js';

/**
 * `next-association`: running associations keep what they began with, the next one has the new value at the latest. `restart`: the daemon
 * keeps the old value until it is started anew.
 */
export type ChangeApplies = 'at-once' | 'next-association' | 'restart';

export interface SiteChange {
  /** Such as `connectors.beta.rts.windowSize`. */
  readonly setting: string;
  /** Undefined: there was none. Of a secret only that there is one. */
  readonly before?: string;
  readonly after?: string;
  readonly applies: ChangeApplies;
}

interface Setting {
  readonly value: string | Secret;
  readonly applies: ChangeApplies;
}

type SettingValue = string | number | boolean | Secret | undefined;

function placeText(place: HostAndPort | undefined): string | undefined {
  return place === undefined ? undefined : `${place.host}:${place.port}`;
}

function connectorSettings(connector: Connector): Readonly<Record<string, SettingValue>> {
  const { remote, local } = connector;
  const values = valueGroups.flatMap((group) =>
    Object.entries(connector[group]).map(([name, value]) => [`${group}.${name}`, value as SettingValue] as const),
  );
  return {
    type: connector.type,
    mode: connector.mode,
    p1: connector.p1,
    dialogue: connector.dialogue,
    'remote.mtaName': remote.mtaName,
    'remote.password': remote.password,
    'remote.address': placeText(remote.address),
    'remote.via': placeText(remote.via),
    'remote.selectors': selectorsText(remote.selectors),
    'remote.calling': selectorsText(remote.calling),
    'local.mtaName': local.mtaName,
    'local.password': local.password,
    passwordType: connector.passwordType,
    tpduSizeOffer: connector.tpduSizeOffer,
    extensionTagging: connector.extensionTagging,
    allowUnauthenticated: connector.allowUnauthenticated,
    ...Object.fromEntries(values),
  };
}

function settingsOf(site: Site): ReadonlyMap<string, Setting> {
  const settings = new Map<string, Setting>();
  const add = (applies: ChangeApplies, name: string, value: SettingValue): void => {
    if (value !== undefined) settings.set(name, { value: value instanceof Secret ? value : String(value), applies });
  };
  const { country, admd, prmd } = site.mta.globalDomain;
  add('restart', 'mta.name', site.mta.name);
  add('restart', 'mta.globalDomain', JSON.stringify({ country, admd, prmd }));
  add(
    'restart',
    'listen',
    site.listen.map((listen) => `${placeText(listen)} ${selectorsText(listen.selectors)}`.trim()).join(', '),
  );
  add('restart', 'dataDirectory', site.dataDirectory);
  add('restart', 'admin.socket', site.admin.socket);
  add('restart', 'admin.http', placeText(site.admin.http));
  add('at-once', 'localDomains', site.localDomains.map(({ text }) => text).join(', '));
  for (const { name, address } of site.mailboxes) add('at-once', `mailboxes.${name}`, printORAddress(address));
  for (const [name, value] of Object.entries(site.limits))
    add('next-association', `limits.${name}`, value as SettingValue);
  for (const connector of site.connectors) {
    const prefix = `connectors.${connector.name}`;
    for (const [name, value] of Object.entries(connectorSettings(connector)))
      add('next-association', `${prefix}.${name}`, value);
    const addressSpace = connector.addressSpace.map(({ pattern, cost }) => `${pattern.text} (cost ${cost})`);
    add('at-once', `${prefix}.addressSpace`, addressSpace.join(', '));
  }
  return settings;
}

function same(before: Setting | undefined, after: Setting | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  if (before.value instanceof Secret && after.value instanceof Secret) return before.value.equals(after.value);
  return before.value === after.value;
}

/** Every setting that differs, in the order of the site file; those of a new or removed connector one by one. */
export function compareForReload(running: Site, reloaded: Site): readonly SiteChange[] {
  const before = settingsOf(running);
  const after = settingsOf(reloaded);
  const changes: SiteChange[] = [];
  for (const setting of new Set([...before.keys(), ...after.keys()])) {
    const old = before.get(setting);
    const now = after.get(setting);
    if (same(old, now)) continue;
    changes.push({
      setting,
      ...(old === undefined ? {} : { before: String(old.value) }),
      ...(now === undefined ? {} : { after: String(now.value) }),
      applies: (now ?? old)?.applies ?? 'restart',
    });
  }
  return changes;
}
