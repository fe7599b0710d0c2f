/**
 * The text of a site file: JSON with comments and trailing commas, whose values keep their places, so that every problem can name its line.
 */
import { findNodeAtLocation, getNodeValue, parseTree, printParseErrorCode } from 'jsonc-parser';
import type { Node, ParseError } from 'jsonc-parser';
import { pathText } from './problem.js';
import type { Path, Problem } from './problem.js';

const shownCharactersMax = 80;

/** Member names whose values are never shown, nor anything below them. */
const secretKey = /^(?!passwordType$).*(?:pass|secret)/i;

export interface JsonSource {
  readonly file: string;
  /** The whole value; undefined when the text is not JSON. */
  readonly value: unknown;
  /** Faults of the text itself: syntax, and names given twice. */
  readonly problems: readonly Problem[];
  problem(severity: Problem['severity'], path: Path, found: string, expected: string): Problem;
  /** The value at `path` as a problem may show it: never a secret, never the inside of an object. */
  foundText(path: Path): string;
  /** As foundText, but with the inside of an object: for places where no secret can be, whatever the operator got wrong. */
  foundWhole(path: Path): string;
  /** Only what sort of value is there, for places where a text may be a misplaced secret. */
  foundSort(path: Path): string;
}

interface Position {
  readonly line: number;
  readonly column: number;
}

function positionOf(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}

/** The value at the path, or the nearest enclosing one that exists; of an object's member, its name. */
function nearestNode(root: Node, path: Path): Node {
  for (let length = path.length; length > 0; length--) {
    const node = findNodeAtLocation(root, [...path.slice(0, length)]);
    if (node !== undefined) return length === path.length ? (node.parent?.children?.[0] ?? node) : node;
  }
  return root;
}

const sortNames: Readonly<Record<Node['type'], string>> = {
  object: 'an object',
  array: 'a list',
  property: 'a member',
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};

/** `commaExpected` of the parser's codes as words. */
function syntaxText(error: ParseError): string {
  return printParseErrorCode(error.error)
    .replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
    .trim();
}

const nothing = 'nothing';
const notShown = 'a value that is not shown';

function isSecretPath(path: Path): boolean {
  return path.some((step) => typeof step === 'string' && secretKey.test(step));
}

function shortened(node: Node): string {
  const shown = JSON.stringify(getNodeValue(node));
  return shown.length > shownCharactersMax ? `${shown.slice(0, shownCharactersMax)}…` : shown;
}

function* repeatedNames(node: Node, path: Path): Generator<{ readonly path: Path; readonly node: Node }> {
  const seen = new Set<unknown>();
  for (const [index, child] of (node.children ?? []).entries()) {
    if (node.type === 'array') {
      yield* repeatedNames(child, [...path, index]);
      continue;
    }
    const [name, value] = child.children ?? [];
    if (name === undefined) continue;
    const memberPath = [...path, String(name.value)];
    if (seen.has(name.value)) yield { path: memberPath, node: name };
    seen.add(name.value);
    if (value !== undefined) yield* repeatedNames(value, memberPath);
  }
}

export function parseJsonSource(file: string, text: string): JsonSource {
  const withoutMark = text.startsWith('\uFEFF') ? ` ${text.slice(1)}` : text;
  const syntaxErrors: ParseError[] = [];
  const root = parseTree(withoutMark, syntaxErrors, { allowTrailingComma: true });
  const problems: Problem[] = [];
  const add = (offset: number, path: Path, found: string, expected: string): void => {
    const position = positionOf(withoutMark, offset);
    problems.push({ severity: 'error', file, path: pathText(path), ...position, found, expected });
  };
  for (const error of syntaxErrors) add(error.offset, [], `a fault in the JSON (${syntaxText(error)})`, 'JSON');
  if (root !== undefined)
    for (const repeated of repeatedNames(root, []))
      add(repeated.node.offset, repeated.path, 'the same key a second time', 'each key once');
  const nodeAt = (path: Path): Node | undefined =>
    root === undefined ? undefined : findNodeAtLocation(root, [...path]);
  return {
    file,
    value: root === undefined || syntaxErrors.length > 0 ? undefined : getNodeValue(root),
    problems,
    problem(severity, path, found, expected) {
      const offset = root === undefined ? 0 : nearestNode(root, path).offset;
      return { severity, file, path: pathText(path), ...positionOf(withoutMark, offset), found, expected };
    },
    foundText(path) {
      const node = nodeAt(path);
      if (node === undefined || isSecretPath(path)) return node === undefined ? nothing : notShown;
      return node.type === 'object' || node.type === 'array' ? sortNames[node.type] : shortened(node);
    },
    foundWhole(path) {
      const node = nodeAt(path);
      if (node === undefined || isSecretPath(path)) return node === undefined ? nothing : notShown;
      return shortened(node);
    },
    foundSort(path) {
      const node = nodeAt(path);
      return node === undefined ? nothing : sortNames[node.type];
    },
  };
}
