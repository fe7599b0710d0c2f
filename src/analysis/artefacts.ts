/** What the analyser (tshark 4.0) says of octets that are right, and why. Each is as narrow as what passed before allows. */
import { spdu, type Frame } from './frame.js';
import { connectUserDataOctetsMax, type Streams, type StreamState } from './streams.js';

export interface Artefact {
  readonly name: string;
  readonly why: string;
  readonly explains: (fault: string, frame: Frame, state: StreamState, streams: Streams) => boolean;
}

const joinedLayers = ['rtse', 'p1', 'p22', 'ros', 'pres', 'ses'];

export const artefacts: readonly Artefact[] = [
  {
    name: 'raw data of X.410-1984 mode',
    why: 'It has no dissector for DATA TRANSFER and PLEASE TOKENS in that mode, which hold no PPDU: it reads their user data as one, and so it does in what the agents of conformance/captures said.',
    explains: (_fault, { spdus }, { mode }) =>
      mode === 'x410-1984' && [spdu.DT, spdu.PT, spdu.AE].some((code) => spdus.includes(code)),
  },
  {
    name: 'an APDU that is not all on one connection',
    why: 'It joins the DATA TRANSFERs of one end of a TCP connection up to its next ACTIVITY END, what was interrupted or discarded among them, and knows nothing of an earlier connection whose activity is resumed.',
    explains: (_fault, { spdus, from, layer }, { mode, pieces }) =>
      mode === 'normal' && spdus.includes(spdu.AE) && joinedLayers.includes(layer) && pieces[from] !== 'whole',
  },
  {
    name: 'CONNECT DATA OVERFLOW',
    why: 'It does not join the user data of CONNECT with what goes on in CONNECT DATA OVERFLOW, and reads both as PPDUs.',
    explains: (_fault, { spdus, octets }) =>
      spdus.includes(spdu.CDO) || (spdus.includes(spdu.CN) && octets > connectUserDataOctetsMax),
  },
  {
    name: 'presentation contexts that it has not learnt',
    why: 'It knows abstract syntaxes from a CONNECT that it could read, and there was none.',
    explains: (fault, _frame, { contexts }) => fault === 'Dissector is not available' && contexts === 'unknown',
  },
  {
    name: 'content that it does not know',
    why: 'Content of type 0 is unidentified, and one of an object identifier of our own is known to nobody: it says so, and reads the content as BER all the same.',
    explains: (fault, { faults }) =>
      isUnknownContent(fault) ||
      faults.slice(0, faults.indexOf(fault)).some((earlier) => earlier.startsWith(unknownContent)),
  },
  {
    name: 'the application protocol of another bind',
    why: 'It keeps the application protocol of a bind of X.410-1984 mode for the rest of the capture, and reads the binds of normal mode as if they had said it.',
    explains: (fault, { spdus }, { mode }, { x410Seen }) =>
      fault === 'Internal error, zero-byte P1 PDU' &&
      mode === 'normal' &&
      x410Seen &&
      (spdus.includes(spdu.CN) || spdus.includes(spdu.AC)),
  },
];

const unknownContent = 'P1 Unknown Content';

function isUnknownContent(fault: string): boolean {
  return fault.startsWith(unknownContent) || fault.startsWith('BER: Dissector for OID not implemented');
}
