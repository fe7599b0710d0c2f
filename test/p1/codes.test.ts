import { describe, expect, it } from 'vitest';
import {
  bindErrors,
  builtInEncodedInformationTypes,
  extensionTypes,
  nonDeliveryDiagnostics,
  nonDeliveryReasons,
  priorities,
  prioritiesInOrder,
  priorityOf,
} from '../../src/p1/codes.js';
import { AddressTextError } from '../../src/p1/address-text-error.js';
import { parseContentType, printContentType } from '../../src/p1/content-type-text.js';

describe('numbers and names', () => {
  it.each([
    [nonDeliveryReasons, 1, 'unable-to-transfer'],
    [nonDeliveryReasons, 8, 'transfer-failure-for-security-reason'],
    [nonDeliveryDiagnostics, 0, 'unrecognised-OR-name'],
    [nonDeliveryDiagnostics, 18, 'unsupported-critical-function'],
    [nonDeliveryDiagnostics, 26, 'recipient-reassignment-prohibited'],
    [nonDeliveryDiagnostics, 47, 'unable-to-downgrade'],
    [nonDeliveryDiagnostics, 49, 'transfer-attempts-limit-reached'],
    [nonDeliveryDiagnostics, 53, 'security-policy-violation'],
    [nonDeliveryDiagnostics, 78, 'unsupported-security-policy'],
    [builtInEncodedInformationTypes, 2, 'ia5-text'],
    [builtInEncodedInformationTypes, 9, 'mixed-mode'],
    [extensionTypes, 23, 'content-correlator'],
    [extensionTypes, 38, 'internal-trace-information'],
    [extensionTypes, 46, 'certificate-selectors-override'],
    [bindErrors, 2, 'authentication-error'],
    [bindErrors, 5, 'inadequate-association-confidentiality'],
  ])('finds one by the other: %#', (table, code, name) => {
    expect(table.name(code)).toBe(name);
    expect(table.code(name.toUpperCase())).toBe(code);
  });

  it('keeps numbers without names as numbers (P1-057)', () => {
    expect(nonDeliveryDiagnostics.name(9999)).toBe('9999');
    expect(nonDeliveryDiagnostics.code('9999')).toBe(9999);
    expect(nonDeliveryDiagnostics.code('nonsense')).toBeUndefined();
  });

  it('serves urgent before normal before non-urgent, whatever their numbers (P1-011)', () => {
    expect(prioritiesInOrder.map((name) => priorities.code(name))).toEqual([2, 0, 1]);
    expect([0, 1, 2, 7].map(priorityOf)).toEqual(['normal', 'non-urgent', 'urgent', 'normal']);
  });

  it('reads and writes content types as integer or object identifier (P1-066)', () => {
    for (const text of ['0', '2', '22', '32767', '1.3.26.0.4406.0.4.1']) {
      expect(printContentType(parseContentType(text))).toBe(text);
    }
    expect(printContentType({ kind: 'relative', value: Uint8Array.of(5, 6) })).toBe('relative:0506');
    for (const text of ['', '-1', '32768', '3.4', 'p22'])
      expect(() => parseContentType(text)).toThrow(AddressTextError);
  });
});
