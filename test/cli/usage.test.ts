import { afterEach, describe, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/main.js';
import { examplePath } from './site-directory.js';

const site = ['--site', examplePath('alpha.json')];
const anna = 'C=GB;ADMD= ;PRMD=ALPHA;S=Smith;G=Anna';
const submit = ['submit', ...site, '--from', anna, '--to', anna];
const load = ['load', ...site, '--from', anna, '--to', anna];

afterEach(() => {
  vi.restoreAllMocks();
});

/** Runs a command in this process; what it says on the standard error output. */
async function run(words: readonly string[]): Promise<{ readonly code: number; readonly said: string }> {
  let said = '';
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += text.toString();
    return true;
  });
  return { code: await main(words), said };
}

describe('a wrong command line ends with 2 and a sentence that names what is wrong:', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['no site file', [], 'site'],
    ['no site file of a command', ['status'], 'site'],
    ['a site file that is not there', ['status', '--site', '/nowhere/site.json'], '/nowhere/site.json'],
    ['a site file to be started with that is not there', ['--site', '/nowhere/site.json'], '/nowhere/site.json'],
    ['an option without its value', ['status', '--site'], 'site'],
    ['an option given twice', ['status', ...site, ...site], '--site'],
    ['an unknown option', ['status', ...site, '--colour'], 'colour'],
    ['an unknown option of the daemon', [...site, '--colour'], 'colour'],
    ['an unknown command', ['frobnicate', ...site], 'frobnicate'],
    ['a word too many', ['check', ...site, 'more'], 'more'],
    ['an unknown level', [...site, '--log-level', 'loud'], 'log-level'],
    ['an unknown priority', [...submit, '--priority', 'fast'], 'priority'],
    ['an originator that is no address', ['submit', ...site, '--from', 'Anna', '--to', anna], '--from: "Anna"'],
    ['a recipient that is no address', [...submit, '--to', 'Bob'], '--to: "Bob"'],
    ['no recipient', ['submit', ...site, '--from', anna], 'to'],
    ['two kinds of content', [...submit, '--content', 'a', '--text', '-'], 'content and text'],
    ['a content type without content', [...submit, '--content-type', '22'], 'content-type'],
    ['a content type that is none', [...submit, '--content', 'a', '--content-type', '3.4'], '--content-type: "3.4"'],
    ['a count that is no number', [...load, '--count', 'many', '--size', '1'], '--count: "many"'],
    ['a count of none', [...load, '--count', '0', '--size', '1'], '--count: "0"'],
    ['a mailbox command without a word', ['mailbox'], 'ls, show, export or rm'],
    ['a mailbox command without its mailbox', ['mailbox', 'ls', ...site], 'need at least 1'],
    ['an unknown queue command', ['queue', 'drop', 'x', ...site], 'drop'],
    ['an unknown connector', ['trace', ...site, '--connector', 'gamma', '--out', '/tmp/x'], 'gamma'],
    [
      'a time that is no number',
      ['trace', ...site, '--connector', 'beta', '--out', '/tmp/x', '--seconds', '1.5'],
      '--seconds: "1.5"',
    ],
    ['an unknown encoding', ['decode', '--as', 'xml', 'file'], 'as'],
  ];
  for (const [what, words, named] of cases) {
    it(what, async () => {
      const { code, said } = await run(words);
      expect(said).toContain(named);
      expect(code).toBe(2);
    });
  }
});

describe('a command that cannot do its work ends with 1 and a sentence that names the cause:', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['a daemon that does not run', ['status', ...site], 'no daemon answers on'],
    ['a file to attach that is not there', [...submit, '--attach', '/nowhere/file'], '--attach: /nowhere/file'],
    ['a folder to attach', [...submit, '--attach', '/tmp'], '--attach: /tmp is no file'],
    ['a text that is not there', [...submit, '--text', '/nowhere/file'], '--text: /nowhere/file'],
    ['a content that is not there', [...submit, '--content', '/nowhere/file'], '--content: /nowhere/file'],
    ['a file to decode that is not there', ['decode', '/nowhere/file'], '/nowhere/file'],
  ];
  for (const [what, words, named] of cases) {
    it(what, async () => {
      const { code, said } = await run(words);
      expect(said).toContain(named);
      expect(code).toBe(1);
    });
  }
});
