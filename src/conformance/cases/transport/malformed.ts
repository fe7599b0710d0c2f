/** Octets that are no TPDU of X.224 §13: each TPDU with each fault that its form allows, in each state where it is waited for. */
import { fromHex } from '../../../bytes/octets.js';
import { answeringReference, sourceReferenceOf } from '../../octets/answer.js';
import { testerReference } from '../../octets/opening.js';
import { connectionTpdu, tpduCodes, transportParameter, transportParameters } from '../../octets/tpdu.js';
import type { Conversation } from '../../script/conversation.js';
import { ended, errorTpduHeard, tpdu } from '../../script/patterns.js';
import { calls, transportOpen } from '../../script/preambles.js';
import { close, connect, expect, expectOneOf, sendTpdu } from '../../script/steps.js';
import type { Step, TestCase } from '../../script/test-case.js';

/** ER, DR or the end of TCP (X.224 §6.22). */
const rejected: Step = expectOneOf(
  { pattern: errorTpduHeard, then: [close] },
  { pattern: tpdu('DR'), then: [close] },
  { pattern: ended },
);

interface Fault {
  readonly what: string;
  /** Of a right CR or CC, whose length indicator is the first octet. */
  readonly break: (octets: Uint8Array) => Uint8Array;
}

const withOctet =
  (index: number, change: (octet: number) => number) =>
  (octets: Uint8Array): Uint8Array =>
    octets.map((octet, place) => (place === index ? change(octet) : octet));

/** A parameter behind the others; the length indicator counts it. */
const withParameter =
  (parameter: Uint8Array) =>
  (octets: Uint8Array): Uint8Array =>
    Uint8Array.of((octets[0] ?? 0) + parameter.length, ...octets.subarray(1), ...parameter);

const codeOctet = 1;
const classOctet = 6;

/** Faults that CR and CC can have. */
const faults: readonly Fault[] = [
  { what: 'without its last octet', break: (octets) => octets.subarray(0, -1) },
  { what: 'of a length indicator alone', break: (octets) => Uint8Array.of(octets[0] ?? 0, octets[1] ?? 0, 0) },
  { what: 'with a length indicator of 0', break: withOctet(0, () => 0) },
  { what: 'with a length indicator of 255', break: withOctet(0, () => 255) },
  { what: 'whose length indicator cuts its fixed part', break: withOctet(0, () => 5) },
  { what: 'whose length indicator cuts its last parameter', break: withOctet(0, (length) => length - 1) },
  { what: 'with an unknown code', break: withOctet(codeOctet, () => 0x30) },
  { what: 'of class 5', break: withOctet(classOctet, () => 0x50) },
  { what: 'with half a parameter', break: withParameter(fromHex('c1')) },
  { what: 'with a size of 64 octets', break: withParameter(transportParameter(transportParameters.size, 0x06)) },
  { what: 'with a size beyond 65536', break: withParameter(transportParameter(transportParameters.size, 0x11)) },
  { what: 'with a size of two octets', break: withParameter(transportParameter(transportParameters.size, 0, 7)) },
  { what: 'with a size of no octets', break: withParameter(transportParameter(transportParameters.size)) },
  {
    what: 'with a preferred size of 0',
    break: withParameter(transportParameter(transportParameters.preferredSize, 0)),
  },
  {
    what: 'with a preferred size of five octets',
    break: withParameter(transportParameter(transportParameters.preferredSize, 0, 0, 0, 0, 1)),
  },
];

const request = ({ peer }: Conversation): Uint8Array =>
  connectionTpdu(tpduCodes.CR, {
    destinationReference: 0,
    sourceReference: testerReference,
    parameters:
      peer.implementation.transportSelector === undefined
        ? []
        : [transportParameter(transportParameters.calledSelector, peer.implementation.transportSelector)],
  });

const confirm = (c: Conversation): Uint8Array =>
  connectionTpdu(tpduCodes.CC, {
    destinationReference: sourceReferenceOf(c.tpdu('CR').octets),
    sourceReference: answeringReference,
    parameters: [transportParameter(transportParameters.callingSelector, c.peer.implementation.transportSelector ?? 0)],
  });

const common = { subject: 'transport', clause: 'X.224 §13.2', modes: ['normal'], octets: 'malformed' } as const;

const requests = faults.map(({ what, break: broken }, index): TestCase => ({
  ...common,
  id: `TRA-R-IV-${String(100 + index)}`,
  role: 'responder',
  points: ['T-009'],
  purpose: `Rejects a CR ${what}.`,
  preamble: [connect],
  steps: [sendTpdu(`CR ${what}`, (c) => broken(request(c))), rejected],
}));

const confirms = faults.map(({ what, break: broken }, index): TestCase => ({
  ...common,
  id: `TRA-I-IV-${String(100 + index)}`,
  role: 'initiator',
  points: ['T-031'],
  purpose: `Gives up on a CC ${what}.`,
  preamble: [...calls('short'), expect(tpdu('CR'))],
  steps: [sendTpdu(`CC ${what}`, (c) => broken(confirm(c))), rejected],
}));

/** On an open connection: DR and ER with their fixed parts cut, and codes that class 0 has not. */
const open = [
  { what: 'a DR whose length indicator cuts its fixed part', tpdu: '0480000001010180' },
  { what: 'a DR without its last octet', tpdu: '068000000101' },
  { what: 'an ER whose length indicator cuts its fixed part', tpdu: '0370000000' },
  { what: 'an ER whose parameter goes beyond it', tpdu: '0670000000c105' },
  { what: 'a DT without its mark', tpdu: '01f0' },
  { what: 'a DC', tpdu: '05c001010202' },
  { what: 'an EA', tpdu: '0420010100' },
  { what: 'an RJ', tpdu: '0450010100' },
  { what: 'a CC', tpdu: '06d00101020200' },
  { what: 'code 00', tpdu: '02000080' },
].map(({ what, tpdu: octets }, index): TestCase => ({
  ...common,
  id: `TRA-R-IV-${String(120 + index)}`,
  role: 'responder',
  points: ['T-031'],
  purpose: `Rejects ${what} on an open connection.`,
  preamble: transportOpen,
  steps: [sendTpdu(what, fromHex(octets)), rejected],
}));

export const malformed: readonly TestCase[] = [...requests, ...confirms, ...open];
