/** Where the APDUs of the upper layers stand in what was heard. Undefined where there is none; octets that are no BER throw DecodeError. */
import { concatOctets } from '../../bytes/octets.js';
import { integerIn, memberOf, readWholeBer, type Ber } from '../octets/ber.js';
import { units } from '../octets/spdu.js';
import type { Mode } from '../peer/peer-file.js';
import { unitOf, type HeardSpdu } from './heard.js';

/** The user data of an SPDU; of a REFUSE what stands behind its reason. Empty where there are none. */
export function userDataIn(spdu: HeardSpdu): Uint8Array {
  if (spdu.name === 'DT') return spdu.userInformation;
  if (spdu.name === 'RF') return (unitOf(spdu, units.reason) ?? new Uint8Array(1)).subarray(1);
  return unitOf(spdu, units.userData) ?? unitOf(spdu, units.extendedUserData) ?? concatOctets();
}

/** The PPDU of connection or abort. */
export function ppduIn(spdu: HeardSpdu): Ber | undefined {
  const octets = userDataIn(spdu);
  return octets.length === 0 ? undefined : readWholeBer(octets);
}

/** The APDU of association control in a CP, CPA, CPR, ARU, or in the data of release. */
export function acseIn(spdu: HeardSpdu): Ber | undefined {
  const ppdu = ppduIn(spdu);
  const data = ppdu?.identifier === 0x61 ? ppdu : (memberOf(ppdu, 0xa2, 0x61) ?? memberOf(ppdu, 0x61));
  return memberOf(data, 0x30, 0xa0)?.children[0];
}

/** The members of the APDU of reliable transfer in an SPDU of connection or abort, whatever its tag. */
export function reliableTransferIn(spdu: HeardSpdu, mode: Mode): Ber | undefined {
  if (mode === 'normal') return memberOf(acseIn(spdu), 0xbe, 0x28, 0xa0)?.children[0];
  const ppdu = ppduIn(spdu);
  return spdu.name === 'CN' || spdu.name === 'AC' ? memberOf(ppdu, 0xa1) : ppdu;
}

export interface HeardValues {
  /** Defaults filled in: 0 and 3. */
  readonly checkpointSizeK: number;
  readonly windowSize: number;
}

/** Checkpoint size and window of an RTORQ or RTOAC. */
export function valuesIn(spdu: HeardSpdu, mode: Mode): HeardValues {
  const apdu = reliableTransferIn(spdu, mode);
  return {
    checkpointSizeK: integerIn(memberOf(apdu, 0x80)) ?? 0,
    windowSize: integerIn(memberOf(apdu, 0x81)) ?? 3,
  };
}
