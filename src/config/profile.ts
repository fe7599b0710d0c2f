/**
 * A connector's profile: everything that must fit at the other end of it, as plain text that can be read in a letter, without passwords. Key
 * and value on each line, the version first and a check sum last.
 */
import { PasswordDigest, type ComparedPassword } from './password-digest.js';
import { ProfileReader, ProfileError } from './profile-reader.js';
import { checkSumKey, checkSumOf, lineOf, profileVersion, quoted, versionKey } from './profile-text.js';
import type { Secret } from './secret.js';
import { selectorLayersOf, selectorText, type Selectors } from './selectors.js';
import type { Connector, HostAndPort, Listen, Site } from './site.js';
import type { ComparedConnector, ComparedEnd } from './verify.js';

type Line = readonly [key: string, value: string];

/** What stands for a password in a profile; each with a salt of its own, so that equal ones do not look equal. */
export type Digest = (password: Secret) => PasswordDigest;

export function writeProfile(site: Site, connector: Connector, digest: Digest): string {
  const { mode, p1, dialogue, rts, remote, local } = connector;
  const lines: readonly Line[] = [
    [versionKey, String(profileVersion)],
    ['mta', quoted(site.mta.name)],
    ['connector', quoted(connector.name)],
    ['mode', mode],
    ['p1', p1],
    ['dialogue', dialogue],
    ['checkpoint-size-k', String(rts.checkpointSizeK)],
    ['window-size', String(rts.windowSize)],
    ['recovery-timeout-seconds', String(rts.recoveryTimeoutSeconds)],
    ['own-name', quoted(local.mtaName)],
    ...passwordLines('own', local.password, digest),
    ['peer-name', quoted(remote.mtaName)],
    ...passwordLines('peer', remote.password, digest),
    ['peer-without-password', connector.allowUnauthenticated ? 'allowed' : 'refused'],
    ...addressLines('peer', remote.address),
    ...addressLines('peer-via', remote.via),
    ...selectorLines('peer', mode, remote.selectors),
    ...selectorLines('calling', mode, remote.calling),
    ...site.listen.flatMap((listen, index) => [
      ...addressLines(`listen-${index}`, listen),
      ...selectorLines(`listen-${index}`, mode, listen.selectors),
    ]),
  ];
  const text = lines.map(lineOf).join('');
  return text + lineOf([checkSumKey, checkSumOf(text)]);
}

function passwordLines(whose: 'own' | 'peer', password: Secret | undefined, digest: Digest): readonly Line[] {
  if (password === undefined) return [[`${whose}-password`, 'none']];
  const { parameters, salt, key } = digest(password);
  const { cost, blockSize, parallelization } = parameters;
  return [
    [`${whose}-password`, `scrypt N=${cost} r=${blockSize} p=${parallelization}`],
    [`${whose}-password-salt`, Buffer.from(salt).toString('base64url')],
    [`${whose}-password-digest`, Buffer.from(key).toString('base64url')],
  ];
}

function addressLines(name: string, address: HostAndPort | undefined): readonly Line[] {
  if (address === undefined) return [];
  return [
    [`${name}-host`, address.host],
    [`${name}-port`, String(address.port)],
  ];
}

function selectorLines(name: string, mode: Connector['mode'], selectors: Selectors): readonly Line[] {
  return selectorLayersOf(mode).flatMap((layer): readonly Line[] => {
    const selector = selectors[layer];
    if (selector === undefined) return [];
    const text = selectorText(selector);
    return [
      [
        `${name}-${layer}-selector`,
        text.startsWith('hex ') ? `hex ${Buffer.from(selector).toString('hex')}` : quoted(text),
      ],
    ];
  });
}

export interface Profile extends ComparedEnd {
  readonly mtaName: string;
}

/** Reads a profile out of a text that may have other lines before and behind it. Throws ProfileError. */
export function readProfile(text: string): Profile {
  const reader = new ProfileReader(text);
  const mode = reader.oneOf('mode', ['normal', 'x410-1984']);
  const connector: ComparedConnector = {
    name: reader.text('connector'),
    mode,
    p1: reader.oneOf('p1', ['1988', '1984']),
    dialogue: reader.oneOf('dialogue', ['monologue', 'two-way-alternate']),
    allowUnauthenticated: reader.oneOf('peer-without-password', ['allowed', 'refused']) === 'allowed',
    rts: {
      checkpointSizeK: reader.wholeNumber('checkpoint-size-k'),
      windowSize: reader.wholeNumber('window-size'),
      recoveryTimeoutSeconds: reader.wholeNumber('recovery-timeout-seconds'),
    },
    local: { mtaName: reader.text('own-name'), ...passwordIn(reader, 'own') },
    remote: {
      mtaName: reader.text('peer-name'),
      ...passwordIn(reader, 'peer'),
      ...optional('address', addressIn(reader, 'peer')),
      ...optional('via', addressIn(reader, 'peer-via')),
      selectors: selectorsIn(reader, 'peer'),
      calling: selectorsIn(reader, 'calling'),
    },
  };
  const profile = { mtaName: reader.text('mta'), connector, listen: listenersIn(reader) };
  reader.end();
  return profile;
}

function optional<Name extends string, Value>(name: Name, value: Value | undefined): { readonly [N in Name]?: Value } {
  return (value === undefined ? {} : { [name]: value }) as { readonly [N in Name]?: Value };
}

function passwordIn(reader: ProfileReader, whose: 'own' | 'peer'): { readonly password?: ComparedPassword } {
  const parameters = reader.digestParameters(`${whose}-password`);
  if (parameters === undefined) return {};
  const salt = reader.octets(`${whose}-password-salt`);
  const key = reader.octets(`${whose}-password-digest`);
  return { password: new PasswordDigest(parameters, salt, key) };
}

function addressIn(reader: ProfileReader, name: string): HostAndPort | undefined {
  if (!reader.has(`${name}-host`)) return undefined;
  return { host: reader.value(`${name}-host`), port: reader.wholeNumber(`${name}-port`) };
}

function selectorsIn(reader: ProfileReader, name: string): Selectors {
  const selector = (layer: 'transport' | 'session' | 'presentation') =>
    optional(layer, reader.selector(`${name}-${layer}-selector`));
  return { ...selector('transport'), ...selector('session'), ...selector('presentation') };
}

function listenersIn(reader: ProfileReader): readonly Listen[] {
  const listeners: Listen[] = [];
  for (;;) {
    const name = `listen-${listeners.length}`;
    const address = addressIn(reader, name);
    if (address === undefined) break;
    listeners.push({ ...address, selectors: selectorsIn(reader, name) });
  }
  if (listeners.length === 0)
    throw new ProfileError('it has no line "listen-0-host": a profile names at least one listener');
  return listeners;
}
