/** Presentation addresses as text (RFC 1278): `"psel"/"ssel"/'00a1'H/NS+49001122_NS+3600`. Network addresses in the NS form only. */
import { fromHex, latin1Octets, latin1Text, toHex } from '../bytes/octets.js';
import type { PresentationAddress } from './extension-attributes.js';

const quotable = /^[A-Za-z0-9 .+-]+$/;

function selectorText(selector: Uint8Array | undefined): string {
  if (selector === undefined || selector.length === 0) return '';
  const text = latin1Text(selector);
  return quotable.test(text) ? `"${text}"` : `'${toHex(selector)}'H`;
}

export function printPresentationAddress(address: PresentationAddress): string {
  const selectors = [address.presentationSelector, address.sessionSelector, address.transportSelector].map(
    selectorText,
  );
  const first = selectors.findIndex((selector) => selector !== '');
  const prefix = first < 0 ? '' : `${selectors.slice(first).join('/')}/`;
  const text = prefix + address.networkAddresses.map((network) => `NS+${toHex(network)}`).join('_');
  return text === '' ? '/' : text; // An attribute without a text could not be read again.
}

function readSelector(text: string): Uint8Array | undefined {
  const quoted = /^"([^"]*)"$/.exec(text)?.[1];
  if (quoted !== undefined) return latin1Octets(quoted);
  const hexadecimal = /^'((?:[0-9a-f]{2})*)'H$/i.exec(text)?.[1];
  return hexadecimal === undefined ? undefined : fromHex(hexadecimal);
}

/** Undefined where the text is no such address. */
export function parsePresentationAddress(text: string): PresentationAddress | undefined {
  const parts = text.split('/');
  const networkText = parts.pop() ?? '';
  if (parts.length > 3 || !/^(NS\+([0-9a-f]{2})+)?(_NS\+([0-9a-f]{2})+)*$/i.test(networkText)) return undefined;
  const networkAddresses = networkText === '' ? [] : networkText.split('_').map((network) => fromHex(network.slice(3)));
  const selectors = parts.map((part) => (part === '' ? null : readSelector(part)));
  if (selectors.includes(undefined)) return undefined;
  const [transport, session, presentation] = selectors.reverse();
  return {
    ...(presentation ? { presentationSelector: presentation } : {}),
    ...(session ? { sessionSelector: session } : {}),
    ...(transport ? { transportSelector: transport } : {}),
    networkAddresses,
  };
}
