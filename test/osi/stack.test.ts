import { describe, expect, it } from 'vitest';
import type { Effect, Observation } from '../../src/osi/machine.js';
import { Stack, type AnyMachine, type StackOutput } from '../../src/osi/stack.js';

type Step = readonly [layer: string, input: string, primitive: unknown];

/** A layer that notes what it is given and answers it from a script. */
function scripted(
  name: string,
  log: Step[],
  script: Readonly<Record<string, readonly Effect<string, string>[]>>,
): AnyMachine {
  const answer = (input: string, primitive: unknown): readonly Effect<string, string>[] => {
    log.push([name, input, primitive]);
    return script[String(primitive)] ?? [];
  };
  return {
    fromAbove: (primitive: unknown) => answer('above', primitive),
    fromBelow: (primitive: unknown) => answer('below', primitive),
    timer: (timer) => answer('timer', timer),
  };
}

const up = (primitive: string): Effect<string, string> => ({ to: 'above', primitive });
const down = (primitive: string): Effect<string, string> => ({ to: 'below', primitive });

function output(log: Step[]): StackOutput {
  return {
    above: (primitive) => log.push(['output', 'above', primitive]),
    below: (primitive) => log.push(['output', 'below', primitive]),
    setTimer: (layer, name) => log.push(['output', `set ${String(layer)}`, name]),
    clearTimer: (layer, name) => log.push(['output', `clear ${String(layer)}`, name]),
    observe: (layer, observation: Observation) => log.push(['output', `observe ${String(layer)}`, observation.event]),
  };
}

describe('a stack of layers', () => {
  it('lets the user answer one unit before the layer below it takes the next', () => {
    const log: Step[] = [];
    const low = scripted('low', log, { octets: [up('unit 1'), up('unit 2')] });
    const middle = scripted('middle', log, { 'unit 1': [up('indication 1')], response: [down('answer')] });
    const high = scripted('high', log, { 'indication 1': [down('response')] });
    new Stack([low, middle, high], output(log)).fromBelow('octets');
    expect(log).toEqual([
      ['low', 'below', 'octets'],
      ['middle', 'below', 'unit 1'],
      ['high', 'below', 'indication 1'],
      ['middle', 'above', 'response'],
      ['middle', 'below', 'unit 2'],
      ['low', 'above', 'answer'],
    ]);
  });

  it('keeps the order in which a layer gave units to its neighbour, whatever its user adds meanwhile', () => {
    const log: Step[] = [];
    const low = scripted('low', log, { octets: [up('unit')], first: [down('first')], second: [down('second')] });
    const middle = scripted('middle', log, { unit: [up('indication'), down('first')], request: [down('second')] });
    const high = scripted('high', log, { indication: [down('request')] });
    new Stack([low, middle, high], output(log)).fromBelow('octets');
    expect(log.filter(([layer]) => layer === 'output')).toEqual([
      ['output', 'below', 'first'],
      ['output', 'below', 'second'],
    ]);
  });

  it('never enters a layer while it works, also when the user above answers at once', () => {
    const log: Step[] = [];
    const only = scripted('only', log, { octets: [up('indication'), down('own answer')], response: [down('answer')] });
    const stack: Stack = new Stack([only], {
      ...output(log),
      above: (primitive) => {
        log.push(['output', 'above', primitive]);
        stack.fromAbove('response');
      },
    });
    stack.fromBelow('octets');
    expect(log.map(([, , primitive]) => primitive)).toEqual([
      'octets',
      'indication',
      'own answer',
      'response',
      'answer',
    ]);
  });

  it('hands timers and observations out with the number of their layer', () => {
    const log: Step[] = [];
    const low = scripted('low', log, {});
    const high = scripted('high', log, {
      go: [
        { to: 'timer', action: 'set', name: 'T', milliseconds: 5 },
        { to: 'timer', action: 'clear', name: 'T' },
        { to: 'observer', observation: { event: 'seen', level: 'info', fields: {} } },
      ],
    });
    const stack = new Stack([low, high], output(log));
    stack.timer(1, 'go');
    expect(log).toEqual([
      ['high', 'timer', 'go'],
      ['output', 'set 1', 'T'],
      ['output', 'clear 1', 'T'],
      ['output', 'observe 1', 'seen'],
    ]);
  });
});
