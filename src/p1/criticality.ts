/**
 * Which extensions hold up a message: those marked critical for what this MTA is about to do, whose function it does not have (X.411, criticality;
 * P1-029). Not to be able to read the value is not to have the function.
 */
import {
  forDelivery,
  forTransfer,
  readExtensionField,
  type ExtensionField,
  type ExtensionFields,
} from './extension-field.js';
import { readableExtensions } from './extensions.js';

/** Relaying to another MTA, or delivering into one of our mailboxes. */
export type CriticalPurpose = 'transfer' | 'delivery';

/**
 * For transfer: what asks nothing of a relay but to carry it, and what this MTA honours (no conversion, no list expansion, no reassignment; latest
 * delivery time; histories and trace). Not 20, which asks it to enforce a security policy, nor 21 and 34..37, which do not belong in a transfer.
 */
const functionsForTransfer: ReadonlySet<number> = new Set([
  ...Array.from({ length: 19 }, (_, i) => i + 1),
  ...Array.from({ length: 12 }, (_, i) => i + 22),
  ...[38, 39, 40, 41, 42, 43, 44, 45, 46],
]);

/** For delivery: not physical delivery, proofs, tokens, signatures, labels. */
const functionsForDelivery: ReadonlySet<number> = new Set([1, 2, 3, 4, 5, 13, 15, 23, 25, 26, 28, 38, 40, 41, 42]);

const functions = { transfer: functionsForTransfer, delivery: functionsForDelivery } as const;
const criticalBit = { transfer: forTransfer, delivery: forDelivery } as const;

const readable = new Map(readableExtensions.map((extension) => [extension.number, extension]));

function isSupported(field: ExtensionField, purpose: CriticalPurpose): boolean {
  if (field.type.kind === 'private' || !functions[purpose].has(field.type.value)) return false;
  const extension = readable.get(field.type.value);
  return extension === undefined || readExtensionField(field, extension) !== undefined;
}

/** The fields because of which the message, or the recipient whose fields these are, gets 1/18. */
export function unsupportedCriticalExtensions(
  fields: ExtensionFields,
  purpose: CriticalPurpose,
): readonly ExtensionField[] {
  return fields.filter((field) => field.criticality.has(criticalBit[purpose]) && !isSupported(field, purpose));
}

/** Whether any field is critical for transfer or delivery: such a message cannot be downgraded to 1984 (X.419 Annex B). */
export function hasCriticalExtension(fields: ExtensionFields): boolean {
  return fields.some(({ criticality }) => criticality.has(forTransfer) || criticality.has(forDelivery));
}
