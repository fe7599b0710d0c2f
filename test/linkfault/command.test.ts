import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse as parseYaml } from 'yaml';
import { afterAll, describe, expect, it } from 'vitest';
import { runLinkfault, type LinkfaultRunArguments } from '../../src/cli/linkfault-run.js';
import { runLinkfaultVerify } from '../../src/cli/linkfault-verify.js';
import { checkScenario, emptyScenario, scenarioJsonSchema } from '../../src/faults/scenario.js';
import { replayOf } from '../../src/linkfault/replay.js';
import { parseTimeline, printEntry, type Entry } from '../../src/linkfault/timeline.js';
import { VirtualLink } from './links.js';

const folder = mkdtempSync(join(tmpdir(), 'mta-linkfault-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

function sink(): { readonly output: Parameters<typeof runLinkfaultVerify>[1]; readonly text: () => string } {
  let text = '';
  const write = (more: string): void => {
    text += more;
  };
  return { output: { stdout: { write }, stderr: { write } }, text: () => text };
}

const mts = 'M.1';
const submitted = { event: 'message.submitted', mts, kind: 'message', octets: 10, recipients: 1 };
const completed = { event: 'transfer.completed', mts, direction: 'outgoing', octetsResent: 0 };
const delivered = { event: 'message.delivered', mts, mailbox: 'bob', to: 'C=GB;S=Jones' };
const log = (...lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join('');
const started: Entry = {
  at: 0,
  link: 'beta',
  type: 'started',
  time: '2026-01-01T00:00:00.000Z',
  listen: '127.0.0.1:1',
  upstream: '127.0.0.1:2',
  scenario: emptyScenario,
};

describe('mta linkfault verify', () => {
  const timeline = file('run.jsonl', printEntry(started));
  const a = file('a.log', log(submitted, completed));
  const verify = (b: string, json = false) => {
    const { output, text } = sink();
    return { code: runLinkfaultVerify({ timelines: [timeline], a, b, json }, output), text: text() };
  };

  it('ends with 0 when every message was delivered once', () => {
    const { code, text } = verify(file('b.log', log(delivered)));
    expect(code).toBe(0);
    expect(text).toContain('1 messages: 1 delivered once\n');
  });

  it('ends with 3 and says so when a delivery was removed from the log, or doubled in it', () => {
    const lost = verify(file('b-lost.log', ''));
    expect([lost.code, lost.text]).toEqual([3, expect.stringContaining('violated: M.1: lost (0 deliveries')]);
    const doubled = verify(file('b-doubled.log', log(delivered, delivered)), true);
    expect(doubled.code).toBe(3);
    expect(JSON.parse(doubled.text)).toMatchObject({ messages: [{ verdict: 'duplicated', deliveries: 2 }] });
  });

  it('refuses what is no timeline or no log', () => {
    expect(() => verify(file('b-wrong.log', '{}\n'))).toThrow('b-wrong.log:1: no line of a tracking log');
  });
});

describe('mta linkfault run', () => {
  const run = (more: Partial<LinkfaultRunArguments>) => {
    const args: LinkfaultRunArguments = {
      name: 'beta',
      listen: '127.0.0.1:0',
      upstream: '127.0.0.1:9',
      presets: [],
      toxics: [],
      faults: [],
      view: 'none',
      end: 'when-played',
      ...more,
    };
    const { output, text } = sink();
    return { code: runLinkfault(args, output), text };
  };
  const fault = '{"kind":"refusal","milliseconds":5,"when":{"after":"milliseconds","milliseconds":5}}';

  it('plays a scenario to its end and writes it down, and the record can be played again', async () => {
    const scenario = file(
      's.yaml',
      'seed: 7\npresets: [satellite]\ntoxics:\n  - {type: slicer, attributes: {average_size: 5}}\n',
    );
    const [timeline, capture] = [join(folder, 'played.jsonl'), join(folder, 'played.pcapng')];
    const first = run({ scenario, faults: [fault], repeat: 3, timeline, capture });
    expect(await first.code).toBe(0);
    expect(first.text()).toContain('3 rounds of faults');
    const entries = parseTimeline(readFileSync(timeline, 'utf8'), timeline);
    expect(entries.filter(({ type }) => type === 'struck').length).toBe(3);
    expect(readFileSync(capture).readUInt32LE(0)).toBe(0x0a0d0d0a);
    expect(replayOf(entries)).toMatchObject({
      seed: 7,
      repeat: 3,
      presets: ['satellite'],
      faults: [JSON.parse(fault)],
    });
    const second = run({ replay: timeline, timeline: join(folder, 'again.jsonl') });
    expect(await second.code).toBe(0);
    expect(second.text()).toContain('3 rounds of faults');
  });

  for (const [what, more, said] of [
    ['a scenario', { scenario: file('bad.yaml', 'repeat: none\n') }, 'bad.yaml: the scenario: repeat: found "none"'],
    ['a preset', { presets: ['carrier-pigeon'] }, 'presets[0]: found "carrier-pigeon", expected one of "modem-9600"'],
    ['a fault', { faults: ['{"kind":"kill"'] }, '--fault: {"kind":"kill" is not JSON'],
    [
      'a fault for agents',
      { faults: ['{"kind":"kill","agent":0,"downMilliseconds":1,"when":{"after":"octets","octets":1}}'] },
      'kind kill is for the simulation',
    ],
    ['an address', { listen: 'nowhere' }, '"nowhere" is no address: expected HOST:PORT'],
    ['a file', { timeline: join(folder, 'nowhere', 'run.jsonl') }, 'ENOENT: no such file or directory'],
    ['nothing to do', { listen: undefined, upstream: undefined } as never, 'nothing to do'],
  ] as const) {
    it(`refuses ${what} that is wrong by saying what was expected`, async () => {
      await expect(run(more).code).rejects.toThrow(said);
    });
  }
});

describe('a scenario', () => {
  it('of the examples is valid, and has a schema', () => {
    for (const name of ['cut-after-third-acknowledgement', 'bad-day']) {
      const text = readFileSync(join(import.meta.dirname, `../../examples/linkfault/${name}.yaml`), 'utf8');
      expect(checkScenario(parseYaml(text)).repeat).toBeGreaterThan(1);
    }
    expect(scenarioJsonSchema()).toMatchObject({ anyOf: [{ type: 'object' }, { type: 'array' }] });
  });

  it('replayed brings back at its time what was done by hand', () => {
    const line = new VirtualLink();
    line.pass(100);
    line.do((link) => link.addToxic({ type: 'latency', attributes: { latency: 50 } }, 'operator', line.now));
    line.pass(400);
    line.do((link) => {
      const toxic = link.toxics.get('latency_downstream');
      if (toxic !== undefined) link.removeToxic(toxic, 'operator', line.now);
    });
    const entries = line.events.map((event, i): Entry => ({ at: [100, 500][i] ?? 0, link: 'beta', ...event }));
    const scenario = replayOf([started, ...entries]);
    expect(scenario.timeline).toMatchObject([
      {
        kind: 'toxic',
        toxic: { type: 'latency' },
        when: { after: 'milliseconds', milliseconds: 100 },
        milliseconds: 400,
      },
    ]);
    const again = new VirtualLink(checkScenario(scenario));
    again.pass(150);
    expect(again.link.toxics.all.map(({ name }) => name)).toEqual(['latency_downstream']);
    again.pass(400);
    expect(again.link.toxics.all).toEqual([]);
  });
});
