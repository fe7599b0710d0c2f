/**
 * A site as the rest of the program sees it: every value effective, every secret found, every address parsed. Immutable; a reload makes
 * another one.
 */
import type { ORAddress } from '../p1/or-address.js';
import type { AddressPattern } from '../p1/or-address-pattern.js';
import type { Limits } from './limits.js';
import type { Secret } from './secret.js';
import type { Selectors } from './selectors.js';
import type { ConnectorValues, ResolvedValues, ValueOrigins } from './values.js';

export interface GlobalDomain {
  readonly country: string;
  /** One space: any. */
  readonly admd: string;
  readonly prmd?: string;
}

export interface HostAndPort {
  readonly host: string;
  readonly port: number;
}

/** A place where peers may call. A selector that is left out takes any called selector, and none. */
export interface Listen extends HostAndPort {
  readonly selectors: Selectors;
}

export interface AddressSpaceEntry {
  readonly pattern: AddressPattern;
  readonly cost: number;
}

export interface Mailbox {
  readonly name: string;
  readonly address: ORAddress;
}

export type ConnectorType = 'x400' | 'site';
export type ConnectorMode = 'normal' | 'x410-1984';
export type P1Version = '1988' | '1984';
export type Dialogue = 'monologue' | 'two-way-alternate';
export type PasswordType = 'ia5' | 'octets';
export type TpduSizeOffer = 'preferred' | '2048' | 'none';
export type ExtensionTagging = 'standard' | 'draft';

export interface Remote {
  readonly mtaName: string;
  /** Undefined: the peer may bind only if `allowUnauthenticated`, and then without one. */
  readonly password?: Secret;
  /** Where the peer itself listens; undefined: only the peer opens associations. */
  readonly address?: HostAndPort;
  /** A link in between. */
  readonly via?: HostAndPort;
  /** Where to connect to: `via`, else `address`. */
  readonly connectTo?: HostAndPort;
  /** Selectors that we call. */
  readonly selectors: Selectors;
  /** Selectors that we give as our own when we call. */
  readonly calling: Selectors;
}

export interface Connector extends ConnectorValues {
  readonly name: string;
  readonly type: ConnectorType;
  readonly mode: ConnectorMode;
  readonly p1: P1Version;
  readonly dialogue: Dialogue;
  readonly remote: Remote;
  /** What we say of ourselves to this peer, in both roles. */
  readonly local: { readonly mtaName: string; readonly password?: Secret };
  readonly passwordType: PasswordType;
  readonly tpduSizeOffer: TpduSizeOffer;
  readonly extensionTagging: ExtensionTagging;
  readonly allowUnauthenticated: boolean;
  readonly addressSpace: readonly AddressSpaceEntry[];
  /** Where each of the effective values comes from. */
  readonly origins: ValueOrigins;
}

export interface Site {
  /** Absolute path of the site file. */
  readonly path: string;
  readonly mta: { readonly name: string; readonly password?: Secret; readonly globalDomain: GlobalDomain };
  readonly listen: readonly Listen[];
  /** Absolute. */
  readonly dataDirectory: string;
  /** `socket` is an absolute path. */
  readonly admin: { readonly socket: string; readonly http?: HostAndPort };
  readonly siteDefaults: ResolvedValues;
  readonly connectors: readonly Connector[];
  readonly mailboxes: readonly Mailbox[];
  readonly localDomains: readonly AddressPattern[];
  readonly limits: Limits;
}
