import { dirname, resolve } from 'node:path';
import tseslint from 'typescript-eslint';

/**
 * Who may import whom: the floor plan of ARCHITECTURE.md as a rule. A folder may import itself, the folders listed, and, where a list says
 * `layer/service`, only that layer's `service.ts`.
 */
const layers = ['transport', 'session', 'presentation', 'acse', 'rtse'];
const servicesBelow = (layer) => layers.slice(0, layers.indexOf(layer)).map((below) => `${below}/service`);
const everything = ['*'];

const floorPlan = {
  bytes: [],
  asn1: ['bytes'],
  osi: ['bytes'],
  ...Object.fromEntries(layers.map((layer) => [layer, ['bytes', 'asn1', 'osi', ...servicesBelow(layer)]])),
  p1: ['bytes', 'asn1'],
  ipms: ['bytes', 'asn1', 'p1'],
  config: ['p1'],
  association: ['bytes', 'asn1', 'osi', 'p1', 'config', ...layers],
  mta: ['bytes', 'asn1', 'osi', 'p1', 'ipms', 'config', 'queue'],
  queue: ['bytes', 'asn1', 'p1', 'osi'],
  faults: [],
  engine: [
    'bytes',
    'asn1',
    'osi',
    'association',
    'mta',
    'queue',
    'config',
    'p1',
    ...layers.map((layer) => `${layer}/service`),
  ],
  advice: ['config'],
  probe: [
    'bytes',
    'asn1',
    'osi',
    'p1',
    'config',
    'advice',
    'association',
    'engine',
    'transport',
    'session',
    ...layers.map((layer) => `${layer}/service`),
  ],
  conformance: ['bytes', 'asn1', 'osi', 'p1', 'config', ...layers],
  host: ['bytes', 'asn1', 'osi', 'p1', 'engine', 'association', 'queue', 'faults', 'config', 'conformance'],
  linkfault: ['bytes', 'asn1', 'osi', 'association', 'faults', 'host', ...layers],
  daemon: everything,
  admin: everything,
  cli: everything,
  demo: everything,
  simulation: everything,
  fuzz: everything,
  mutation: everything,
  soak: everything,
  crash: everything,
  bench: everything,
  selftest: everything,
  analysis: everything,
};

const importsOf = {
  create(context) {
    const placeOf = (path) => /[\\/]src[\\/]([^\\/]+)[\\/](.+?)(?:\.[jt]s)$/.exec(path);
    const place = placeOf(context.filename)?.[1];
    const allowed = place === undefined ? everything : (floorPlan[place] ?? []);
    const check = (node) => {
      const source = node.source?.value ?? '';
      const match = source.startsWith('.') ? placeOf(resolve(dirname(context.filename), source)) : null;
      if (match === null || allowed.includes('*')) return;
      const [, folder, file] = match;
      if (folder === place || allowed.includes(folder) || allowed.includes(`${folder}/${file}`)) return;
      context.report({
        node,
        message: `${place} may not import ${folder}/${file}: see the floor plan in ARCHITECTURE.md`,
      });
    };
    return { ImportDeclaration: check, ExportNamedDeclaration: check, ExportAllDeclaration: check };
  },
};

const worldly = [
  'node:net',
  'node:fs',
  'node:fs/promises',
  'node:tls',
  'node:dgram',
  'node:http',
  'node:worker_threads',
  'node:child_process',
  'node:timers',
  'node:timers/promises',
];

export default tseslint.config(
  { ignores: ['dist', 'coverage', 'node_modules', '**/var'] },
  { linterOptions: { noInlineConfig: true } },
  ...tseslint.configs.strictTypeChecked.map((config) => ({
    ...config,
    files: ['src/**/*.ts', 'test/**/*.ts', 'conformance/**/*.ts'],
  })),
  {
    files: ['src/**/*.ts', 'test/**/*.ts', 'conformance/**/*.ts'],
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-unnecessary-condition': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { house: { rules: { 'floor-plan': importsOf } } },
    rules: { 'house/floor-plan': 'error' },
  },
  {
    files: ['src/**/*.ts'],
    ignores: [
      'src/{host,daemon,admin,cli,demo,bench,selftest,soak,crash}/**',
      'src/linkfault/host/**',
      'src/analysis/tshark.ts',
      'src/simulation/main.ts',
      'src/fuzz/main.ts',
      'src/mutation/main.ts',
    ],
    rules: {
      'no-restricted-imports': ['error', { paths: worldly }],
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'setImmediate', 'fetch', 'performance'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'time comes in through a port' },
        { object: 'Math', property: 'random', message: 'randomness comes in through a port' },
      ],
    },
  },
);
