/** Reads the lines of a connector's profile, which came by mail and may be anything. */
import { digestKeyOctets, digestSaltOctets, isAcceptable, type DigestParameters } from './password-digest.js';
import { checkSumKey, checkSumOf, profileVersion, versionKey } from './profile-text.js';

/** Longest text that is looked through for a profile, characters. */
const textMax = 1024 * 1024;
const linesMax = 1000;
const wholeNumberDigitsMax = 9;

/** The text is no profile, or not one that can be used. The message says what to do. */
export class ProfileError extends Error {
  override readonly name = 'ProfileError';
}

/** Quoting marks of a reply, spaces at the end and the line ends of other systems mean nothing. */
function bareLines(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/).map((line) => line.replace(/^(?:> ?)+/, '').trimEnd());
}

export class ProfileReader {
  readonly #values = new Map<string, string>();

  /** Finds the profile in the text and judges its version and its check sum. Throws ProfileError. */
  constructor(text: string) {
    if (text.length > textMax)
      throw new ProfileError(`it has ${text.length} characters: a profile is shorter than ${textMax}`);
    const lines = bareLines(text);
    const start = lines.findIndex((line) => line.startsWith(`${versionKey}:`));
    if (start === -1)
      throw new ProfileError(`it has no line "${versionKey}: ...": make one with mta verify --export-profile`);
    const version = (lines[start] ?? '').slice(versionKey.length + 1).trim();
    if (version !== String(profileVersion)) throw new ProfileError(versionText(version));
    const length = lines.slice(start).findIndex((line) => line.startsWith(`${checkSumKey}:`));
    if (length === -1 || length > linesMax) {
      throw new ProfileError(`it has no line "${checkSumKey}: ...": its end is missing, have it sent again`);
    }
    const profile = lines.slice(start, start + length).filter((line) => line !== '');
    const said = (lines[start + length] ?? '').slice(checkSumKey.length + 1).trim();
    const counted = checkSumOf(profile.map((line) => `${line}\n`).join(''));
    if (said !== counted) {
      throw new ProfileError(
        `its check sum is "${said}", that of its lines "${counted}": lines were changed on the way or by hand, have it sent again as an attachment`,
      );
    }
    for (const line of profile.slice(1)) this.#enter(line);
  }

  #enter(line: string): void {
    const [, key, value] = /^([a-z0-9-]+): (.*)$/.exec(line) ?? [];
    if (key === undefined || value === undefined)
      throw new ProfileError(`the line "${line}" is not of the form "key: value"`);
    if (this.#values.has(key)) throw new ProfileError(`the key "${key}" is there twice`);
    this.#values.set(key, value);
  }

  has(key: string): boolean {
    return this.#values.has(key);
  }

  /** As it stands. */
  value(key: string): string {
    const value = this.#values.get(key);
    if (value === undefined) throw new ProfileError(`it has no line "${key}: ..."`);
    this.#values.delete(key);
    return value;
  }

  /** In quotes. */
  text(key: string): string {
    const value = this.value(key);
    try {
      const text: unknown = JSON.parse(value);
      if (typeof text === 'string') return text;
    } catch {
      // told below
    }
    throw new ProfileError(`${key}: ${value} is not a text in quotes`);
  }

  oneOf<Word extends string>(key: string, words: readonly Word[]): Word {
    const value = this.value(key);
    const word = words.find((candidate) => candidate === value);
    if (word === undefined) throw new ProfileError(`${key}: "${value}" is none of ${words.join(', ')}`);
    return word;
  }

  wholeNumber(key: string): number {
    const value = this.value(key);
    if (!/^\d+$/.test(value) || value.length > wholeNumberDigitsMax) {
      throw new ProfileError(`${key}: "${value}" is not a whole number`);
    }
    return Number(value);
  }

  octets(key: string): Uint8Array {
    const value = this.value(key);
    const octets = Buffer.from(value, 'base64url');
    const length = key.endsWith('-salt') ? digestSaltOctets : digestKeyOctets;
    if (octets.length !== length || octets.toString('base64url') !== value) {
      throw new ProfileError(`${key}: "${value}" is not ${length} octets in base64url`);
    }
    return octets;
  }

  selector(key: string): Uint8Array | undefined {
    if (!this.has(key)) return undefined;
    const hex = /^hex ((?:[0-9a-f]{2})*)$/.exec(this.#values.get(key) ?? '')?.[1];
    if (hex === undefined) return Buffer.from(this.text(key), 'latin1');
    this.#values.delete(key);
    return Buffer.from(hex, 'hex');
  }

  /** Undefined: there is no password. */
  digestParameters(key: string): DigestParameters | undefined {
    const value = this.value(key);
    if (value === 'none') return undefined;
    const [, cost, blockSize, parallelization] = /^scrypt N=(\d{1,9}) r=(\d{1,4}) p=(\d{1,4})$/.exec(value) ?? [];
    const parameters = { cost: Number(cost), blockSize: Number(blockSize), parallelization: Number(parallelization) };
    if (parallelization === undefined || !isAcceptable(parameters)) {
      throw new ProfileError(`${key}: "${value}" is no digest that is computed here`);
    }
    return parameters;
  }

  /** After everything was read. */
  end(): void {
    const [unknown] = this.#values.keys();
    if (unknown !== undefined) throw new ProfileError(`the key "${unknown}" is unknown`);
  }
}

function versionText(version: string): string {
  const number = Number(version);
  if (Number.isInteger(number) && number > profileVersion) {
    return `it is a profile of version ${version}, this mta reads version ${profileVersion}: update mta, or compare the two by eye`;
  }
  return `"${versionKey}: ${version}" is no version of a profile`;
}
