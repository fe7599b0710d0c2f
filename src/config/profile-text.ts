/** The lines of a connector's profile: what both its writer and its reader know of them. */
import { createHash } from 'node:crypto';

export const profileVersion = 1;
export const versionKey = 'mta-connector-profile';
export const checkSumKey = 'check-sum';
/** Hexadecimal digits of the check sum that are written: it finds what a letter did to the lines, it proves nobody's hand. */
const checkSumDigits = 32;

export function lineOf([key, value]: readonly [key: string, value: string]): string {
  return `${key}: ${value}\n`;
}

/** Of all lines before it, each with one line feed behind. */
export function checkSumOf(text: string): string {
  return `sha256 ${createHash('sha256').update(text).digest('hex').slice(0, checkSumDigits)}`;
}

/** In quotes, ASCII only: letters that a letter's way could change are written as \uXXXX. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[^\x20-\x7e]/g,
    (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
