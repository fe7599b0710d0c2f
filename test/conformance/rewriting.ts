import { berOctets, readWholeBerNode, type BerNode } from '../../src/asn1/ber-node.js';
import { ByteList } from '../../src/bytes/byte-list.js';
import { concatOctets, fromHex, joinOctets, toHex } from '../../src/bytes/octets.js';
import { decodeTsdu, encodeTsdu } from '../../src/session/concatenation.js';
import { VERSION_1 } from '../../src/session/field-values.js';
import { spduTable, type Spdu } from '../../src/session/pdu.js';
import { decodeTpdu } from '../../src/transport/codec.js';
import { packetHead, tpduOctetsMax, tpktOctetsMax, TpktReader } from '../../src/transport/tpkt.js';
import { segmentTsdu } from '../../src/transport/tsdu.js';
import type { Step } from './conversation.js';

/**
 * The programs that drove the reliable transfer library name an application of their own. These are the values in its place that ours takes;
 * everything else of their octets stays.
 */
const acseDefinition = '300f020103060452010001300406025101';
const mtseDefinition = '300f020105060456000207300406025101';
const accepted = '300780010081025101';

const replacements: ReadonlyMap<string, Uint8Array> = new Map([
  ['06025300', fromHex('06045600020c')], // abstract syntax of reliable transfer: 2.3.0, here 2.6.0.2.12
  ['060439010202', fromHex('060456000106')], // application context: 1.17.1.2.2, here 2.6.0.1.6
  ['84020084', fromHex('84010c')], // application protocol of X.410-1984 mode: 132, here 12
  [acseDefinition, fromHex(acseDefinition + mtseDefinition)], // a third context, for messages
  [`a512${accepted.repeat(2)}`, fromHex(`a51b${accepted.repeat(3)}`)],
]);

const openingOctetsMax = 1024;

/** Codes of CONNECT, ACCEPT and REFUSE. */
const openingSpdus: readonly number[] = [spduTable('CN').code, spduTable('AC').code, spduTable('RF').code];

/** A library's program as if its application were ours. */
export function ofOurApplication(step: Step): Step {
  return changed(step, (spdu) => {
    switch (spdu.spdu) {
      case 'CN':
      case 'AC':
        return spdu.userData === undefined ? spdu : { ...spdu, userData: rewrittenBer(spdu.userData) };
      case 'RF': {
        const { reasonCode } = spdu;
        if (reasonCode === undefined || reasonCode.length < 2) return spdu;
        const userData = rewrittenBer(reasonCode.subarray(1));
        return { ...spdu, reasonCode: concatOctets(reasonCode.subarray(0, 1), userData) };
      }
      default:
        return spdu;
    }
  });
}

/** A responder as if session version 1 alone had been proposed to it, as we do in X.410-1984 mode. */
export function ofVersion1(step: Step): Step {
  return changed(step, (spdu) =>
    spdu.spdu === 'AC' ? { ...spdu, connectAcceptItem: { ...spdu.connectAcceptItem, versionNumber: VERSION_1 } } : spdu,
  );
}

function changed(step: Step, change: (spdu: Spdu) => Spdu): Step {
  if ('closed' in step || step.octets.length > openingOctetsMax) return step;
  const packets = [...new TpktReader().read(step.octets, () => tpktOctetsMax)];
  return { from: step.from, octets: joinOctets(packets.map((packet) => changedPacket(packet, change))) };
}

function changedPacket(packet: ByteList, change: (spdu: Spdu) => Spdu): Uint8Array {
  const { tpdu } = decodeTpdu(packet);
  if (tpdu.type !== 'DT' || !openingSpdus.includes(tpdu.userData.at(0))) return packetHead(packet.toUint8Array(), 0);
  const [spdu] = decodeTsdu(tpdu.userData);
  if (spdu === undefined || 'continues' in spdu) throw new Error('a segment in an opening');
  return segmentTsdu(encodeTsdu(change(spdu)), tpduOctetsMax).toUint8Array();
}

function rewrittenBer(octets: Uint8Array): Uint8Array {
  return rewrittenNode(readWholeBerNode(octets), octets);
}

function rewrittenNode(node: BerNode, octets: Uint8Array): Uint8Array {
  const own = octets.subarray(node.start, node.end);
  const replacement = replacements.get(toHex(own));
  if (replacement !== undefined) return replacement;
  if (!node.constructed) return own;
  return berOctets(node.tag, 'constructed', joinOctets(node.children.map((child) => rewrittenNode(child, octets))));
}
