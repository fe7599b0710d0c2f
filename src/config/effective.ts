/** From the site file as it is written to the site as it holds: every left-out member gets what it stands for. */
import { dirname, resolve } from 'node:path';
import { globalDomainPattern } from './address-fields.js';
import { addressSpaceCost, adminPageHost, adminSocketName, anyAdmd, isoTransportPort, listenHost } from './defaults.js';
import type { SecretSource } from './fields.js';
import { builtinLimits } from './limits.js';
import type { Path } from './problem.js';
import type { ConnectorFile, SiteFile } from './schema.js';
import type { Secret } from './secret.js';
import { selectorsOf, type Selectors } from './selectors.js';
import type { Connector, GlobalDomain, Remote, Site } from './site.js';
import { resolveValues } from './values.js';

/** Gives the secret that the file names at `path`; undefined when there is none to be found, which the giver has then reported. */
export type FindSecret = (source: SecretSource, path: Path) => Secret | undefined;

function passwordMember(
  source: SecretSource | undefined,
  path: Path,
  findSecret: FindSecret,
): { readonly password?: Secret } {
  const password = source === undefined ? undefined : findSecret(source, path);
  return password === undefined ? {} : { password };
}

/** The selectors that we give as our own, whichever of its two places holds them. */
export function callingSelectorsOf(connector: ConnectorFile): Selectors {
  return selectorsOf(connector.calling ?? connector.remote.calling ?? {});
}

function resolveRemote(connector: ConnectorFile, path: Path, findSecret: FindSecret): Remote {
  const { remote } = connector;
  const address = remote.host === undefined ? undefined : { host: remote.host, port: remote.port ?? isoTransportPort };
  const connectTo = remote.via ?? address;
  return {
    mtaName: remote.mtaName,
    ...passwordMember(remote.password, [...path, 'password'], findSecret),
    ...(address === undefined ? {} : { address }),
    ...(remote.via === undefined ? {} : { via: remote.via }),
    ...(connectTo === undefined ? {} : { connectTo }),
    selectors: selectorsOf(remote),
    calling: callingSelectorsOf(connector),
  };
}

function resolveConnector(
  connector: ConnectorFile,
  path: Path,
  mta: Site['mta'],
  siteDefaults: SiteFile['siteDefaults'],
  findSecret: FindSecret,
): Connector {
  const { values, origins } = resolveValues(siteDefaults, connector.override);
  const ownPassword =
    connector.local?.password === undefined
      ? mta.password
      : findSecret(connector.local.password, [...path, 'local', 'password']);
  const p1 = connector.p1 ?? '1988';
  return {
    name: connector.name,
    type: connector.type ?? 'x400',
    mode: connector.mode ?? 'normal',
    p1,
    dialogue: connector.dialogue ?? 'monologue',
    remote: resolveRemote(connector, [...path, 'remote'], findSecret),
    local: {
      mtaName: connector.local?.mtaName ?? mta.name,
      ...(ownPassword === undefined ? {} : { password: ownPassword }),
    },
    passwordType: connector.passwordType ?? (p1 === '1984' ? 'ia5' : 'octets'),
    tpduSizeOffer: connector.tpduSizeOffer ?? 'preferred',
    extensionTagging: connector.extensionTagging ?? 'standard',
    allowUnauthenticated: connector.allowUnauthenticated ?? false,
    addressSpace: (connector.addressSpace ?? []).map(({ pattern, cost }) => ({
      pattern,
      cost: cost ?? addressSpaceCost,
    })),
    ...values,
    origins,
  };
}

export function resolveGlobalDomain({ country, admd, prmd }: SiteFile['mta']['globalDomain']): GlobalDomain {
  const administrationDomain = admd === undefined || admd === '' ? anyAdmd : admd;
  return { country: country.toUpperCase(), admd: administrationDomain, ...(prmd === undefined ? {} : { prmd }) };
}

/** `path` is the absolute path of the site file; relative paths in the file start at its folder. */
export function resolveSite(file: SiteFile, path: string, findSecret: FindSecret): Site {
  const folder = dirname(path);
  const globalDomain = resolveGlobalDomain(file.mta.globalDomain);
  const mta = {
    name: file.mta.name,
    ...passwordMember(file.mta.password, ['mta', 'password'], findSecret),
    globalDomain,
  };
  const dataDirectory = resolve(folder, file.dataDirectory);
  const http = file.admin?.http;
  return {
    path,
    mta,
    listen: file.listen.map((listen) => ({
      host: listen.host ?? listenHost,
      port: listen.port ?? isoTransportPort,
      selectors: selectorsOf(listen),
    })),
    dataDirectory,
    admin: {
      socket:
        file.admin?.socket === undefined ? resolve(dataDirectory, adminSocketName) : resolve(folder, file.admin.socket),
      ...(http === undefined ? {} : { http: { host: http.host ?? adminPageHost, port: http.port } }),
    },
    siteDefaults: resolveValues(file.siteDefaults),
    connectors: (file.connectors ?? []).map((connector, index) =>
      resolveConnector(connector, ['connectors', index], mta, file.siteDefaults, findSecret),
    ),
    mailboxes: file.mailboxes ?? [],
    localDomains: file.localDomains ?? [globalDomainPattern(globalDomain)],
    limits: { ...builtinLimits, ...file.limits },
  };
}
