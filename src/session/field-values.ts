/** What the bits of single-octet and two-octet parameters mean. X.225 §8.3 */
import type { Token, TokenSide } from './service.js';

/** Units that reliable transfer needs, bits of Session User Requirements: half-duplex, minor synchronize, activity management, exceptions. */
export const SESSION_USER_REQUIREMENTS = 0x0249;
/** What an absent parameter means; it adds capability data. X.225 §8.3.1 */
export const SESSION_USER_REQUIREMENTS_DEFAULT = 0x0349;

export const VERSION_1 = 0x01;
export const VERSION_2 = 0x02;

export const TRANSPORT_RELEASE = 0x01;
export const ABORT_BY_USER = 0x02;
export const ABORT_PROTOCOL_ERROR = 0x04;
export const ABORT_NO_REASON = 0x08;

/** Sync Type Item: of MINOR SYNC POINT, and of what would be a MAJOR SYNC POINT under the code of ACTIVITY END. X.225 §8.3.20, §8.3.22 */
export const SYNC_NO_EXPLICIT_CONFIRMATION = 0x01;
export const SYNC_DATA_SEPARATION = 0x02;
export const SYNC_MAJOR = 0x01;

export const DATA_OVERFLOW = 0x01;

/** Reasons of REFUSE that the SPM itself gives. X.225 §8.3.5 */
export const REFUSE_SELECTOR_UNKNOWN = 129;
export const REFUSE_VERSIONS_NOT_SUPPORTED = 132;
export const REFUSE_IMPLEMENTATION_RESTRICTION = 134;

interface TokenBits {
  /** In the Token Item. */
  readonly item: number;
  /** How far the two bits of the Token Setting Item stand from the right. */
  readonly settingShift: number;
}

const TOKEN_BITS: Readonly<Record<Token, TokenBits>> = {
  data: { item: 0x01, settingShift: 0 },
  'synchronize-minor': { item: 0x04, settingShift: 2 },
  'major-activity': { item: 0x10, settingShift: 4 },
};

export const TOKENS: readonly Token[] = ['data', 'synchronize-minor', 'major-activity'];

const SETTING_INITIATOR = 0;
const SETTING_RESPONDER = 1;
const SETTING_CALLED_USER = 2;

export function tokenItemOf(tokens: readonly Token[]): number {
  return tokens.reduce((item, token) => item | TOKEN_BITS[token].item, 0);
}

/** Bits of tokens that are not available mean nothing: peers of 1988 may set them. */
export function tokensOf(tokenItem: number): readonly Token[] {
  return TOKENS.filter((token) => (tokenItem & TOKEN_BITS[token].item) !== 0);
}

/** All three tokens to one side. */
export function tokenSettingOf(side: TokenSide): number {
  const setting = side === 'initiator' ? SETTING_INITIATOR : SETTING_RESPONDER;
  return TOKENS.reduce((item, token) => item | (setting << TOKEN_BITS[token].settingShift), 0);
}

/**
 * Who gets the tokens first. Those left to the called user follow the others; `called-user` if all are. Undefined: a reserved value, or the
 * tokens are to be divided between the sides, which reliable transfer cannot use.
 */
export function tokenSideOf(tokenSettingItem: number): TokenSide | 'called-user' | undefined {
  const settings = new Set(TOKENS.map((token) => (tokenSettingItem >> TOKEN_BITS[token].settingShift) & 0x03));
  if (settings.delete(SETTING_CALLED_USER) && settings.size === 0) return 'called-user';
  if (settings.size > 1) return undefined;
  if (settings.has(SETTING_INITIATOR)) return 'initiator';
  return settings.has(SETTING_RESPONDER) ? 'responder' : undefined;
}

/** The highest version in both masks. */
export function commonVersion(oneMask: number, otherMask: number): 1 | 2 | undefined {
  const common = oneMask & otherMask;
  if ((common & VERSION_2) !== 0) return 2;
  return (common & VERSION_1) !== 0 ? 1 : undefined;
}

export function versionMask(versions: readonly (1 | 2)[]): number {
  return (versions.includes(1) ? VERSION_1 : 0) | (versions.includes(2) ? VERSION_2 : 0);
}

interface RefuseReason {
  readonly transient: boolean;
  readonly text: string;
}

const REFUSE_REASONS: Readonly<Partial<Record<number, RefuseReason>>> = {
  0: { transient: true, text: 'the called user refuses' },
  1: { transient: true, text: 'the called user is congested' },
  2: { transient: true, text: 'the called user refuses, with its own data' },
  129: { transient: false, text: 'the called session selector is unknown' },
  130: { transient: false, text: 'the called session user is not attached' },
  131: { transient: true, text: 'the session entity is congested' },
  132: { transient: false, text: 'the proposed session versions are not supported' },
  133: { transient: true, text: 'the session entity refuses without a reason' },
  134: { transient: false, text: 'an implementation restriction of the session entity' },
};

/** An unknown reason may pass; X.225 marks some of its own as persistent. X.225 §8.3.5 */
export function refuseReason(code: number): RefuseReason {
  return REFUSE_REASONS[code] ?? { transient: true, text: `refused with the unknown reason ${String(code)}` };
}
