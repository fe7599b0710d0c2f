/**
 * The SPDUs of X.225 §8.3 in our functional units, a table each. Rows stand in increasing order of code. Parameters that belong to functional
 * units which we never select (the second and large serial numbers, PI 54 to 58) are left out and therefore skipped on receipt.
 */
import type { ByteList } from '../bytes/byte-list.js';
import { group, octets, parameter, serialNumber, unsigned, type Rows, type ValuesOf } from './parameter.js';

/** What LI can count at most. X.225 §8.2 */
export const PARAMETER_FIELD_OCTETS_MAX = 65_535;
/** User data of a CONNECT that version 1 knows, and of most other SPDUs in version 1. */
export const USER_DATA_OCTETS_MAX = 512;
/** User data of a CONNECT that needs version 2; more overflows into CONNECT DATA OVERFLOW. X.225 §8.3.1 */
export const EXTENDED_USER_DATA_OCTETS_MAX = 10_240;
/** User data of a CONNECT DATA OVERFLOW, or of a middle segment: what the parameter field has left. X.225 §8.3.3 */
export const CONTINUATION_OCTETS_MAX = 65_528;

const references = {
  common: parameter(11, octets(1, 64), 'optional'),
  additional: parameter(12, octets(1, 4), 'optional'),
};
const callingIdentifier = group(1, { calling: parameter(10, octets(1, 64), 'optional'), ...references }, 'optional');
const calledIdentifier = group(1, { called: parameter(9, octets(1, 64), 'optional'), ...references }, 'optional');

/** Protocol options and version are mandatory in the group, but their absence has a meaning, that of an absent group. */
const connectAcceptItem = group(
  5,
  {
    protocolOptions: parameter(19, unsigned(1), 'optional'),
    tsduMaximumSize: parameter(21, unsigned(4), 'optional'),
    versionNumber: parameter(22, unsigned(1), 'optional'),
    initialSerialNumber: parameter(23, serialNumber, 'optional'),
    tokenSettingItem: parameter(26, unsigned(1), 'optional'),
  },
  'optional',
);

const sessionUserRequirements = parameter(20, unsigned(2), 'optional');
const tokenItem = parameter(16, unsigned(1), 'optional');
const transportDisconnect = parameter(17, unsigned(1), 'optional');
const enclosureItem = parameter(25, unsigned(1), 'optional');
const activityIdentifier = parameter(41, octets(1, 6), 'mandatory');
const serial = parameter(42, serialNumber, 'mandatory');
const reason = parameter(50, unsigned(1), 'optional');
const userData = parameter(193, octets(1, PARAMETER_FIELD_OCTETS_MAX), 'optional');
const onlyUserData = { enclosureItem, userData };
const selectors = {
  calling: parameter(51, octets(1, 16), 'optional'),
  called: parameter(52, octets(1, 16), 'optional'),
};

interface SpduTable {
  readonly name: string;
  readonly code: number;
  readonly parameters: Rows;
  /** 0 alone or in front of category 2; 1 alone; 2 only behind category 0. X.225 §6.3.7 */
  readonly category: 0 | 1 | 2;
  /** Category 2: behind which prefix it is sent (the first) and taken (any). */
  readonly behind?: readonly ('GT' | 'PT')[];
  /** Where it comes when several category 2 SPDUs of one TSDU are processed; absent: it is the only one. */
  readonly order?: 1 | 2 | 3;
  /** The parameter that is continued in further SPDUs if it is too long for one; they hold nothing else but the Enclosure Item. */
  readonly segmented?: 'userData' | 'reasonCode';
  /** How long that parameter may be in version 1, in octets; 0: version 1 has no such parameter. */
  readonly version1OctetsMax?: number;
}

const LIMITED = { segmented: 'userData', version1OctetsMax: USER_DATA_OCTETS_MAX } as const;
const VERSION_2_ONLY = { segmented: 'userData', version1OctetsMax: 0 } as const;

export const spduTables = {
  CN: {
    name: 'CONNECT',
    code: 13,
    category: 1,
    parameters: {
      identifier: callingIdentifier,
      connectAcceptItem,
      sessionUserRequirements,
      callingSelector: selectors.calling,
      calledSelector: selectors.called,
      dataOverflow: parameter(60, unsigned(1), 'optional'),
      userData: parameter(193, octets(1, USER_DATA_OCTETS_MAX), 'optional'),
      extendedUserData: parameter(194, octets(1, EXTENDED_USER_DATA_OCTETS_MAX), 'optional'),
    },
  },
  OA: {
    name: 'OVERFLOW ACCEPT',
    code: 16,
    category: 1,
    parameters: {
      tsduMaximumSize: parameter(21, unsigned(4), 'optional'),
      versionNumber: parameter(22, unsigned(1), 'mandatory'),
    },
  },
  CDO: {
    name: 'CONNECT DATA OVERFLOW',
    code: 15,
    category: 1,
    parameters: { enclosureItem: parameter(25, unsigned(1), 'mandatory'), userData },
  },
  AC: {
    name: 'ACCEPT',
    code: 14,
    category: 1,
    ...LIMITED,
    parameters: {
      identifier: calledIdentifier,
      connectAcceptItem,
      tokenItem,
      sessionUserRequirements,
      enclosureItem,
      callingSelector: selectors.calling,
      respondingSelector: selectors.called,
      userData,
    },
  },
  RF: {
    name: 'REFUSE',
    code: 12,
    category: 1,
    segmented: 'reasonCode',
    version1OctetsMax: USER_DATA_OCTETS_MAX + 1,
    parameters: {
      identifier: calledIdentifier,
      transportDisconnect,
      sessionUserRequirements,
      versionNumber: parameter(22, unsigned(1), 'optional'),
      enclosureItem,
      /** One octet of reason, user data behind it. */
      reasonCode: parameter(50, octets(1, PARAMETER_FIELD_OCTETS_MAX), 'optional'),
    },
  },
  FN: { name: 'FINISH', code: 9, category: 1, ...LIMITED, parameters: { transportDisconnect, ...onlyUserData } },
  DN: { name: 'DISCONNECT', code: 10, category: 1, ...LIMITED, parameters: onlyUserData },
  AB: {
    name: 'ABORT',
    code: 25,
    category: 1,
    segmented: 'userData',
    // Departs from X.225 §8.3.9, which has 9 octets: peers send more, and more does no harm.
    version1OctetsMax: USER_DATA_OCTETS_MAX,
    parameters: {
      transportDisconnect: parameter(17, unsigned(1), 'mandatory'),
      enclosureItem,
      reflectParameterValues: parameter(49, octets(1, 9), 'optional'),
      userData,
    },
  },
  AA: { name: 'ABORT ACCEPT', code: 26, category: 1, parameters: {} },
  GTC: { name: 'GIVE TOKENS CONFIRM', code: 21, category: 1, ...VERSION_2_ONLY, parameters: onlyUserData },
  GTA: { name: 'GIVE TOKENS ACK', code: 22, category: 1, parameters: {} },
  GT: { name: 'GIVE TOKENS', code: 1, category: 0, ...VERSION_2_ONLY, parameters: { tokenItem, ...onlyUserData } },
  PT: { name: 'PLEASE TOKENS', code: 2, category: 0, ...LIMITED, parameters: { tokenItem, ...onlyUserData } },
  DT: { name: 'DATA TRANSFER', code: 1, category: 2, behind: ['GT'], order: 2, parameters: { enclosureItem } },
  MIP: {
    name: 'MINOR SYNC POINT',
    code: 49,
    category: 2,
    behind: ['GT'],
    order: 3,
    ...LIMITED,
    parameters: { syncTypeItem: parameter(15, unsigned(1), 'optional'), enclosureItem, serialNumber: serial, userData },
  },
  MIA: {
    name: 'MINOR SYNC ACK',
    code: 50,
    category: 2,
    // GT only with extended concatenation. X.225 §6.3.7
    behind: ['PT', 'GT'],
    order: 3,
    ...LIMITED,
    parameters: {
      enclosureItem,
      serialNumber: serial,
      // The one SPDU whose user data is a PI. X.225 §8.3.21
      userData: parameter(46, octets(1, PARAMETER_FIELD_OCTETS_MAX), 'optional'),
    },
  },
  AS: {
    name: 'ACTIVITY START',
    code: 45,
    category: 2,
    behind: ['GT'],
    order: 1,
    ...LIMITED,
    parameters: { enclosureItem, activityIdentifier, userData },
  },
  AR: {
    name: 'ACTIVITY RESUME',
    code: 29,
    category: 2,
    // X.225 (1995) prints PT for basic concatenation where the 1988 edition and the table of extended concatenation have GT.
    behind: ['GT', 'PT'],
    order: 1,
    ...LIMITED,
    parameters: {
      enclosureItem,
      linkingInformation: group(
        33,
        {
          called: parameter(9, octets(1, 64), 'optional'),
          calling: parameter(10, octets(1, 64), 'optional'),
          ...references,
          oldActivityIdentifier: activityIdentifier,
          serialNumber: serial,
        },
        'mandatory',
      ),
      activityIdentifier,
      userData,
    },
  },
  AI: {
    name: 'ACTIVITY INTERRUPT',
    code: 25,
    category: 2,
    behind: ['GT'],
    ...VERSION_2_ONLY,
    parameters: { enclosureItem, reason, userData },
  },
  AIA: {
    name: 'ACTIVITY INTERRUPT ACK',
    code: 26,
    category: 2,
    behind: ['PT'],
    ...VERSION_2_ONLY,
    parameters: onlyUserData,
  },
  AD: {
    name: 'ACTIVITY DISCARD',
    code: 57,
    category: 2,
    behind: ['GT'],
    ...VERSION_2_ONLY,
    parameters: { enclosureItem, reason, userData },
  },
  ADA: {
    name: 'ACTIVITY DISCARD ACK',
    code: 58,
    category: 2,
    behind: ['PT'],
    ...VERSION_2_ONLY,
    parameters: onlyUserData,
  },
  AE: {
    name: 'ACTIVITY END',
    code: 41,
    category: 2,
    behind: ['GT'],
    order: 3,
    ...LIMITED,
    parameters: { syncTypeItem: parameter(15, unsigned(1), 'optional'), enclosureItem, serialNumber: serial, userData },
  },
  AEA: {
    name: 'ACTIVITY END ACK',
    code: 42,
    category: 2,
    behind: ['PT'],
    order: 3,
    ...LIMITED,
    parameters: { enclosureItem, serialNumber: serial, userData },
  },
  ER: {
    name: 'EXCEPTION REPORT',
    code: 0,
    category: 2,
    behind: ['PT'],
    parameters: { reflectParameterValues: parameter(49, octets(1, 65_531), 'mandatory') },
  },
  ED: {
    name: 'EXCEPTION DATA',
    code: 48,
    category: 2,
    behind: ['PT'],
    ...LIMITED,
    parameters: { enclosureItem, reason: parameter(50, unsigned(1), 'mandatory'), userData },
  },
} as const satisfies Readonly<Record<string, SpduTable>>;

export type SpduName = keyof typeof spduTables;

export function spduTable(name: SpduName): SpduTable {
  return spduTables[name];
}

/** One SPDU, decoded: its abbreviation and the parameters of its table. DATA TRANSFER also has the user information field. */
export type SpduOf<Name extends SpduName> = Name extends SpduName
  ? { readonly spdu: Name } & ValuesOf<(typeof spduTables)[Name]['parameters']> &
      (Name extends 'DT' ? { readonly userInformation: ByteList } : unknown)
  : never;

export type Spdu = SpduOf<SpduName>;

/** A middle or last segment of a long SPDU. It has none of the other parameters, not even the mandatory ones. */
export interface Continuation {
  readonly continues: SpduName;
  readonly last: boolean;
  readonly userData: Uint8Array;
}
