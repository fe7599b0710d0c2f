import type { SessionContext } from './context.js';
import { agreement } from './establishment.js';
import { spduTable, type Spdu } from './pdu.js';
import { segmentedOctets } from './segmentation.js';

/** The rule that a whole SPDU breaks by what it holds, whatever the state table says of its kind; undefined if none. */
export function contentFault(spdu: Spdu, context: SessionContext): string | undefined {
  switch (spdu.spdu) {
    case 'CN':
      if (spdu.userData === undefined || spdu.extendedUserData === undefined) return undefined;
      return 'CN with both kinds of user data'; // X.225 §8.3.1
    case 'CDO': {
      const octets = context.connectUserData.length + (spdu.userData?.length ?? 0);
      return tooLong('CN', octets, context.options.userDataOctetsMax);
    }
    case 'AC': {
      if (context.state !== '02A' || context.connect === undefined) return undefined;
      const settled = agreement(context.connect, spdu);
      return 'fault' in settled ? settled.fault : userDataFault(spdu, settled.version, context);
    }
    default:
      return userDataFault(spdu, context.version, context);
  }
}

/** What a version 1 SPDU cannot have at all is skipped like any unknown parameter, not counted. */
function userDataFault(spdu: Spdu, version: 1 | 2, { options }: SessionContext): string | undefined {
  const { version1OctetsMax } = spduTable(spdu.spdu);
  if (version === 2) return tooLong(spdu.spdu, segmentedOctets(spdu).length, options.userDataOctetsMax);
  return version1OctetsMax === undefined || version1OctetsMax === 0
    ? undefined
    : tooLong(spdu.spdu, segmentedOctets(spdu).length, version1OctetsMax);
}

function tooLong(name: string, octets: number, octetsMax: number): string | undefined {
  return octets > octetsMax ? `${name} with more than ${String(octetsMax)} octets of user data` : undefined;
}
