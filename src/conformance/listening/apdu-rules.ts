/**
 * Rules that every MTS-APDU keeps that the implementation under test sends (X.411, MTAAbstractService; X.419 Annex B for 1984): which members
 * a structure has, and what is in those that it made itself. Undefined where all is well; else what is wrong, in a phrase.
 */
import { integerIn, memberOf, type Ber } from '../octets/ber.js';
import type { Peer } from '../peer/peer-file.js';
import { apduTags, envelopeOf, members, recipientsOf, reportContentOf, textIn } from './transferred.js';

interface Shape {
  readonly mandatory: readonly number[];
  readonly optional: readonly number[];
  /** Not in P1 of 1984. */
  readonly later: readonly number[];
}

const shapes = {
  message: {
    mandatory: [0x64, 0x60, 0xa2, 0x69],
    optional: [0x65, 0x46, 0x4a, 0x47, 0x48, 0x80, 0xa1],
    later: [0xa3, 0x06, 0x0d],
  },
  probe: { mandatory: [0x64, 0x60, 0xa2, 0x69], optional: [0x65, 0x46, 0x4a, 0x48, 0x80, 0xa1], later: [0xa3, 0x06] },
  recipient: { mandatory: [0x60, 0x80, 0x81], optional: [0x82], later: [0xa3] },
  report: { mandatory: [0x64, 0x60, 0x69], optional: [], later: [0xa1] },
  reportContent: { mandatory: [0x64, 0xa0], optional: [0x69, 0x4a, 0x81, 0xa2], later: [0x65, 0x46, 0x06, 0xa3] },
  reportedRecipient: { mandatory: [0xa0, 0x81, 0x82, 0xa3], optional: [0xa4, 0x85], later: [0xa6] },
  lastTrace: { mandatory: [0x80, 0xa1], optional: [0x65], later: [] },
} as const satisfies Record<string, Shape>;

/** Members that are lists of extensions, or bit strings, whose default is empty (P1-014). */
const emptyByDefault = new Set([0xa3, 0xa6, 0x48]);

function shapeFault(what: keyof typeof shapes, node: Ber, peer: Peer): string | undefined {
  const shape: Shape = shapes[what];
  const found = node.children.map(({ identifier }) => identifier);
  const missing = shape.mandatory.find((identifier) => !found.includes(identifier));
  if (missing !== undefined) return `${what}: member ${missing.toString(16)} is missing`;
  const allowed = [...shape.mandatory, ...shape.optional, ...(peer.p1 === '1984' ? [] : shape.later)];
  const surplus = found.find((identifier, i) => !allowed.includes(identifier) || found.indexOf(identifier) !== i);
  if (surplus !== undefined) return `${what}: member ${surplus.toString(16)} is one too many`;
  const empty = node.children.find(
    ({ identifier, content, children }) =>
      emptyByDefault.has(identifier) &&
      !(what === 'reportedRecipient' && identifier === 0xa3) &&
      (identifier === 0x48 ? content.length <= 1 : children.length === 0),
  );
  return empty === undefined
    ? undefined
    : `${what}: member ${empty.identifier.toString(16)} is sent though it is empty`;
}

/** Whether its identifier was made in the domain of the implementation under test: the last element of its trace is the first, too. */
function isItsOwn(envelope: Ber): boolean {
  return memberOf(envelope, members.trace)?.children.length === 1;
}

const sentTime = /^\d{12}Z$/;

function ownTraceFault(envelope: Ber): string | undefined {
  const elements = memberOf(envelope, members.trace)?.children ?? [];
  const last = elements.at(-1);
  const time = textIn(memberOf(last, members.set, 0x80));
  if (!sentTime.test(time)) return `the arrival time of its trace element is "${time}" instead of YYMMDDhhmmssZ`;
  const action = integerIn(memberOf(last, members.set, 0x82));
  if (action !== 0 && action !== 1) return `the routing action of its trace element is ${String(action)}`;
  if (memberOf(last, members.set, 0x83)?.content.length === 1) return 'other-actions is sent though it is empty';
  const administration = memberOf(last, members.domain, 0x62)?.children[0]?.content.length;
  return administration === 0 ? 'its domain has an ADMD of no characters instead of one space' : undefined;
}

function ownIdentifierFault(envelope: Ber): string | undefined {
  const identifier = memberOf(envelope, members.identifier);
  const domain = memberOf(identifier, members.domain)?.octets.join();
  const traced = memberOf(envelope, members.trace)?.children[0];
  if (domain !== memberOf(traced, members.domain)?.octets.join()) {
    return 'the domain of its identifier is not that of its first trace element';
  }
  const local = textIn(memberOf(identifier, 0x16));
  return /^[\x20-\x7e]{1,32}$/.test(local) ? undefined : `its local identifier is "${local}"`;
}

/** Eight bits, the reserved ones zero, a request of the MTA that is none of the illegal ones (P1-015, P1-016). */
function indicatorsFault(recipient: Ber): string | undefined {
  const [unused, bits, ...others] = memberOf(recipient, 0x81)?.content ?? [];
  if (unused !== 0 || bits === undefined || others.length > 0) return 'per-recipient-indicators have not eight bits';
  if ((bits & 0x07) !== 0) return 'reserved bits of per-recipient-indicators are not zero';
  const mta = (bits >> 5) & 3;
  const originator = (bits >> 3) & 3;
  if (mta === 0) return 'the originating-MTA request is 00';
  return originator === 3 || mta < originator
    ? 'the originating-MTA request asks for less than the originator'
    : undefined;
}

function firstFault(faults: readonly (string | undefined)[]): string | undefined {
  return faults.find((fault) => fault !== undefined);
}

function submittedFault(apdu: Ber): string | undefined {
  return firstFault(
    recipientsOf(apdu).flatMap((recipient, i) => [
      indicatorsFault(recipient),
      integerIn(memberOf(recipient, 0x80)) === i + 1 ? undefined : `recipient ${String(i + 1)} has another number`,
    ]),
  );
}

function reportFault(apdu: Ber, peer: Peer): string | undefined {
  const content = reportContentOf(apdu);
  if (content === undefined || apdu.children.length !== 2) return 'a report has not two parts';
  const recipients = recipientsOf(apdu).flatMap((recipient) => {
    const lastTrace = memberOf(recipient, 0xa3);
    return [
      shapeFault('reportedRecipient', recipient, peer),
      lastTrace === undefined ? undefined : shapeFault('lastTrace', lastTrace, peer),
      isItsOwn(envelopeOf(apdu)) && !sentTime.test(textIn(memberOf(lastTrace, 0x80)))
        ? 'the arrival time of a last trace is not YYMMDDhhmmssZ'
        : undefined,
    ];
  });
  return firstFault([shapeFault('reportContent', content, peer), ...recipients]);
}

export function apduFault(apdu: Ber, peer: Peer): string | undefined {
  const envelope = envelopeOf(apdu);
  const common = (): readonly (string | undefined)[] => [
    ownTraceFault(envelope),
    isItsOwn(envelope) ? ownIdentifierFault(envelope) : undefined,
  ];
  const recipients = (): readonly (string | undefined)[] =>
    recipientsOf(apdu).map((recipient) => shapeFault('recipient', recipient, peer));
  const submitted = (): string | undefined => (isItsOwn(envelope) ? submittedFault(apdu) : undefined);
  switch (apdu.identifier) {
    case apduTags.message:
      if (apdu.children.length !== 2) return 'a message has not two parts';
      return firstFault([shapeFault('message', envelope, peer), ...recipients(), ...common(), submitted()]);
    case apduTags.probe:
      return firstFault([shapeFault('probe', envelope, peer), ...recipients(), ...common(), submitted()]);
    case apduTags.report:
      return firstFault([shapeFault('report', envelope, peer), ...common(), reportFault(apdu, peer)]);
    default:
      return `${apdu.identifier.toString(16)} is the identifier of no MTS-APDU`;
  }
}
