import fc from 'fast-check';
import { ByteList } from '../../../src/bytes/byte-list.js';
import type { Spdu } from '../../../src/session/pdu.js';

const octets = (minLength: number, maxLength: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength, maxLength });
const octet = fc.nat(255);
const serialNumber = fc.oneof(fc.nat(20), fc.nat(999_999));
const activityIdentifier = octets(1, 6);
const userData = fc.oneof(octets(1, 40), octets(245, 265));
const references = { common: octets(1, 64), additional: octets(1, 4) };
const connectAcceptItem = fc.record(
  {
    protocolOptions: octet,
    tsduMaximumSize: fc.nat(0xffffffff),
    versionNumber: octet,
    initialSerialNumber: serialNumber,
    tokenSettingItem: octet,
  },
  { requiredKeys: ['versionNumber'] },
);
const requirements = fc.nat(0xffff);
/** Enclosure Items of SPDUs that begin an SSDU; those of others are continuations. */
const beginning = fc.constantFrom(1, 3);

/** SPDUs with any parameters that their tables allow. */
export const anySpdu: fc.Arbitrary<Spdu> = fc.oneof(
  fc.record(
    {
      spdu: fc.constant('CN'),
      identifier: fc.record({ ...references, calling: octets(1, 64) }, { requiredKeys: ['common'] }),
      connectAcceptItem,
      sessionUserRequirements: requirements,
      callingSelector: octets(1, 16),
      calledSelector: octets(1, 16),
      dataOverflow: octet,
      userData: octets(1, 512),
      extendedUserData: octets(1, 700),
    },
    { requiredKeys: ['spdu'] },
  ),
  fc.record(
    { spdu: fc.constant('OA'), tsduMaximumSize: fc.nat(0xffffffff), versionNumber: octet },
    { requiredKeys: ['spdu', 'versionNumber'] },
  ),
  fc.record({ spdu: fc.constant('CDO'), enclosureItem: octet, userData }, { requiredKeys: ['spdu', 'enclosureItem'] }),
  fc.record(
    {
      spdu: fc.constant('AC'),
      identifier: fc.record({ ...references, called: octets(1, 64) }, { requiredKeys: ['called'] }),
      connectAcceptItem,
      tokenItem: octet,
      sessionUserRequirements: requirements,
      enclosureItem: beginning,
      callingSelector: octets(1, 16),
      respondingSelector: octets(1, 16),
      userData,
    },
    { requiredKeys: ['spdu'] },
  ),
  fc.record(
    {
      spdu: fc.constant('RF'),
      transportDisconnect: octet,
      sessionUserRequirements: requirements,
      versionNumber: octet,
      enclosureItem: beginning,
      reasonCode: userData,
    },
    { requiredKeys: ['spdu'] },
  ),
  fc.record(
    { spdu: fc.constant('FN'), transportDisconnect: octet, enclosureItem: beginning, userData },
    { requiredKeys: ['spdu'] },
  ),
  fc.record(
    {
      spdu: fc.constant('AB'),
      transportDisconnect: octet,
      enclosureItem: beginning,
      reflectParameterValues: octets(1, 9),
      userData,
    },
    { requiredKeys: ['spdu', 'transportDisconnect'] },
  ),
  fc.record(
    { spdu: fc.constantFrom('GT', 'PT'), tokenItem: octet, enclosureItem: beginning, userData },
    { requiredKeys: ['spdu'] },
  ),
  fc.record(
    { spdu: fc.constantFrom('DN', 'GTC', 'AIA', 'ADA'), enclosureItem: beginning, userData },
    { requiredKeys: ['spdu'] },
  ),
  fc.constantFrom<Spdu>({ spdu: 'AA' }, { spdu: 'GTA' }),
  fc.record(
    { spdu: fc.constantFrom('MIP', 'AE'), syncTypeItem: octet, enclosureItem: beginning, serialNumber, userData },
    { requiredKeys: ['spdu', 'serialNumber'] },
  ),
  fc.record(
    { spdu: fc.constantFrom('MIA', 'AEA'), enclosureItem: beginning, serialNumber, userData },
    { requiredKeys: ['spdu', 'serialNumber'] },
  ),
  fc.record(
    { spdu: fc.constant('AS'), enclosureItem: beginning, activityIdentifier, userData },
    { requiredKeys: ['spdu', 'activityIdentifier'] },
  ),
  fc.record(
    {
      spdu: fc.constant('AR'),
      enclosureItem: beginning,
      linkingInformation: fc.record(
        {
          ...references,
          called: octets(1, 64),
          calling: octets(1, 64),
          oldActivityIdentifier: activityIdentifier,
          serialNumber,
        },
        { requiredKeys: ['oldActivityIdentifier', 'serialNumber'] },
      ),
      activityIdentifier,
      userData,
    },
    { requiredKeys: ['spdu', 'linkingInformation', 'activityIdentifier'] },
  ),
  fc.record(
    { spdu: fc.constantFrom('AI', 'AD'), enclosureItem: beginning, reason: octet, userData },
    { requiredKeys: ['spdu'] },
  ),
  fc.record({ spdu: fc.constant('ER'), reflectParameterValues: octets(1, 300) }),
  fc.record(
    { spdu: fc.constant('ED'), enclosureItem: beginning, reason: octet, userData },
    { requiredKeys: ['spdu', 'reason'] },
  ),
  fc.record(
    {
      spdu: fc.constant('DT'),
      enclosureItem: octet,
      userInformation: octets(0, 300).map((chunk) => ByteList.of(chunk)),
    },
    { requiredKeys: ['spdu', 'userInformation'] },
  ),
);
