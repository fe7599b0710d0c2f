/** What a link is to do, from a file: a line of a certain kind, and the faults that strike on it. */
import { checkField, jsonSchemaOf, optional, wholeNumber, type Field } from './fields.js';
import { presetNames, type PresetName } from './presets.js';
import { faultField, linkFaults } from './schedule-json.js';
import type { LinkFault } from './schedule.js';
import { toxicField } from './toxic-field.js';
import type { ToxicSettings } from './toxics.js';

export interface Scenario {
  /** What is random is the same for the same seed and the same order of connections. */
  readonly seed: number;
  /** Rounds: when every one of `faults` has struck, they are armed anew, so many times in all. */
  readonly repeat: number;
  readonly presets: readonly PresetName[];
  readonly toxics: readonly ToxicSettings[];
  /** What strikes once. */
  readonly timeline: readonly LinkFault[];
  /** What strikes in every round. */
  readonly faults: readonly LinkFault[];
}

export const emptyScenario: Scenario = { seed: 1, repeat: 1, presets: [], toxics: [], timeline: [], faults: [] };

const seedMax = 0xffff_ffff;
const repeatMax = 1_000_000;

const scenarioField: Field = {
  kind: 'object',
  about: 'What a link is to do; a list of faults alone will do too.',
  members: {
    about: optional({ kind: 'text', about: 'What it is for.' }),
    seed: optional(wholeNumber('What is random is the same for the same seed; 1 if left out.', 0, seedMax)),
    repeat: optional(
      wholeNumber(
        'When every one of `faults` has struck, they are armed anew, so many times in all; 1 if left out.',
        1,
        repeatMax,
      ),
    ),
    presets: optional({
      kind: 'list',
      about: 'Lines to be laid over one another.',
      of: { kind: 'word', about: 'A preset.', words: presetNames },
    }),
    toxics: optional({ kind: 'list', about: 'Toxics from the start on.', of: toxicField }),
    timeline: optional({ kind: 'list', about: 'Faults that strike once.', of: faultField }),
    faults: optional({ kind: 'list', about: 'Faults that strike in every round.', of: faultField }),
  },
};

/** A value that was read from a file. Throws FieldError. */
export function checkScenario(value: unknown): Scenario {
  if (Array.isArray(value)) return { ...emptyScenario, faults: linkFaults(value) };
  checkField(value, scenarioField, 'the scenario');
  const scenario = { ...emptyScenario, ...(value as Partial<Scenario>) };
  const { seed, repeat, presets, toxics } = scenario;
  return {
    seed,
    repeat,
    presets,
    toxics,
    timeline: linkFaults(scenario.timeline),
    faults: linkFaults(scenario.faults),
  };
}

export function scenarioJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'mta linkfault scenario',
    anyOf: [jsonSchemaOf(scenarioField), { type: 'array', items: jsonSchemaOf(faultField) }],
  };
}
