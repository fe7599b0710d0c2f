/** Defects of presentation, association control and reliable transfer, and the case that must find each out. */
import { beginsWith, packetOf, type DefectRow } from './defective-link.js';

const called = 'called';

/** The packet with one octet sequence in place of another of the same length, wherever it stands first. */
function replaced(packet: Buffer, wanted: string, by: string): Buffer {
  const at = packet.indexOf(Buffer.from(wanted, 'hex'));
  if (at < 0) return packet;
  const changed = Buffer.from(packet);
  Buffer.from(by, 'hex').copy(changed, at);
  return changed;
}

const accept = 0x0e;
const refuse = 0x0c;
const abort = 0x19;
const connect = 0x0d;
const disconnect = 0x0a;

/** A user abort without user data. */
const bareAbort = packetOf(abort, 3, 0x11, 1, 3);

export const upperLayersOfResponder: readonly DefectRow[] = [
  {
    what: 'accepts a context whose transfer syntax was not offered',
    defect: (packet) => [
      beginsWith(packet, accept) ? replaced(packet, '300780010081025101', '300780010081025102') : packet,
    ],
    caseId: 'PRE-R-VA-025',
  },
  {
    what: 'gives another reason for a version that it does not know',
    defect: (packet) => [beginsWith(packet, refuse) ? replaced(packet, '8a0104', '8a0101') : packet],
    caseId: 'PRE-R-IV-012',
  },
  {
    what: 'answers a release in a context of its own choice',
    defect: (packet) => [beginsWith(packet, disconnect) ? replaced(packet, '020105', '020101') : packet],
    caseId: 'PRE-R-VA-020',
  },
  {
    what: 'aborts without saying that presentation found the fault',
    defect: (packet) => [beginsWith(packet, abort) ? bareAbort : packet],
    caseId: 'PRE-R-IV-020',
  },
  {
    what: 'says that its user aborted where association control did',
    defect: (packet) => [beginsWith(packet, abort) ? replaced(packet, '6403800101', '6403800100') : packet],
    caseId: 'ACS-R-IV-020',
  },
  {
    what: 'answers a window above the offer',
    defect: (packet) => [beginsWith(packet, accept) ? replaced(packet, '810101', '810107') : packet],
    caseId: 'RTS-R-VA-102',
  },
  {
    what: 'answers a window of 1 by one of 2',
    defect: (packet) => [beginsWith(packet, accept) ? replaced(packet, '810101', '810102') : packet],
    caseId: 'RTS-R-VA-004',
  },
  {
    what: 'forgets on an abort what it has confirmed',
    defect: (packet, from) => {
      if (from !== called && beginsWith(packet, 1, 0, 0x29)) return [packetOf(1, 0, 0x39, 3, 0x32, 1, 0)];
      return [beginsWith(packet, 2, 0, 0x3a) ? packetOf(2, 0, 0x2a, 3, 0x2a, 1, 0x31) : packet];
    },
    caseId: 'RTS-R-VA-012',
  },
  {
    what: 'gives another bind error for the dialogue mode',
    defect: (packet) => [beginsWith(packet, refuse) ? replaced(packet, 'b203020103', 'b203020102') : packet],
    caseId: 'RTS-R-IV-100',
  },
  {
    what: 'gives another reason for an APDU that is none of its own',
    defect: (packet) => [beginsWith(packet, abort) ? replaced(packet, 'b603800104', 'b603800100') : packet],
    caseId: 'RTS-R-IV-045',
  },
  {
    what: 'confirms what it could not secure',
    defect: (packet, from) => [
      from === called && beginsWith(packet, 2, 0, 0x30) ? packetOf(2, 0, 0x2a, 3, 0x2a, 1, 0x31) : packet,
    ],
    caseId: 'RTS-R-IV-050',
  },
  {
    what: 'accepts a recovery as if it were an opening',
    defect: (packet) => {
      // Behind the tag of the connection data there is nothing but text.
      if (beginsWith(packet, accept)) packet[packet.lastIndexOf(0xa1)] = 0xa0;
      return [packet];
    },
    caseId: 'RTS-R-VA-060',
  },
];

export const upperLayersOfInitiator: readonly DefectRow[] = [
  {
    what: 'proposes an even context identifier',
    defect: (packet) => [beginsWith(packet, connect) ? replaced(packet, '300f020105', '300f020104') : packet],
    caseId: 'PRE-I-VA-001',
  },
  {
    what: 'aborts on a faulty CPA without an ARP',
    defect: (packet) => [beginsWith(packet, abort) ? bareAbort : packet],
    caseId: 'PRE-I-IV-010',
  },
  {
    what: 'ignores that it was aborted',
    defect: (packet, from) => (from === called && beginsWith(packet, abort) ? [] : [packet]),
    caseId: 'RTS-I-VA-030',
  },
  {
    what: 'resumes at another checkpoint than the one confirmed',
    defect: (packet) => [beginsWith(packet, 1, 0, 0x1d) ? replaced(packet, '2a0131', '2a0132') : packet],
    caseId: 'RTS-I-VA-025',
  },
  {
    what: 'gives a reason of its own for an interruption that it was asked for',
    defect: (packet) => [beginsWith(packet, 1, 0, 0x19) ? replaced(packet, '320100', '320105') : packet],
    caseId: 'RTS-I-VA-025',
  },
  {
    what: 'sets a checkpoint behind the last piece',
    defect: (packet, from) =>
      from !== called && beginsWith(packet, 1, 0, 0x29)
        ? [packetOf(1, 0, 0x31, 3, 0x2a, 1, 0x31), packetOf(1, 0, 0x29, 3, 0x2a, 1, 0x32)]
        : [packet],
    caseId: 'RTS-I-VA-011',
  },
];
