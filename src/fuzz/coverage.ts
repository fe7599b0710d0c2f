import { Session, type Profiler } from 'node:inspector';

type Script = Profiler.ScriptCoverage;

/** Where the code that is watched lies. */
export interface CoverageOf {
  readonly urlBeginning: string;
  /** Folders inside whose code is not what is tested. */
  readonly without: readonly string[];
}

/**
 * Which blocks of our code have run, as V8 counts them. It must be started before that code is loaded: what was compiled before counts whole
 * functions only.
 */
export class Coverage {
  readonly #session = new Session();
  readonly #of: CoverageOf;

  constructor(of: CoverageOf) {
    this.#of = of;
    this.#session.connect();
    this.#session.post('Profiler.enable');
    this.#session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** What has run since it was last asked. */
  take(): readonly Script[] {
    let scripts: readonly Script[] = [];
    this.#session.post('Profiler.takePreciseCoverage', (error, { result }) => {
      if (error === null) scripts = result.filter(({ url }) => this.#isOurs(url));
    });
    return scripts;
  }

  stop(): void {
    this.#session.disconnect();
  }

  #isOurs(url: string): boolean {
    const { urlBeginning, without } = this.#of;
    return url.startsWith(urlBeginning) && !without.some((folder) => url.startsWith(`${urlBeginning}${folder}/`));
  }
}

/** The code that the inputs of one target have reached: each character of each function, once. */
export class Reached {
  readonly #functions = new Map<string, Uint8Array>();
  /** Characters of compiled code that have run. */
  characters = 0;

  /** Whether something has run that never had before. */
  hasNew(scripts: readonly Script[]): boolean {
    for (const { key, ran } of functionsIn(scripts)) {
      const reached = this.#functions.get(key);
      if (ran.some((octet, i) => octet === 1 && reached?.[i] !== 1)) return true;
    }
    return false;
  }

  /** Adds what has run; whether there was something new. */
  add(scripts: readonly Script[]): boolean {
    const before = this.characters;
    for (const { key, ran } of functionsIn(scripts)) {
      let reached = this.#functions.get(key);
      if (reached === undefined) this.#functions.set(key, (reached = new Uint8Array(ran.length)));
      for (let i = 0; i < ran.length; i++) {
        if (ran[i] !== 1 || reached[i] === 1) continue;
        reached[i] = 1;
        this.characters += 1;
      }
    }
    return this.characters > before;
  }
}

interface RanFunction {
  readonly key: string;
  /** 1 for each character that has run. */
  readonly ran: Uint8Array;
}

/** Inner ranges stand behind the ones around them and overrule these. */
function* functionsIn(scripts: readonly Script[]): Generator<RanFunction> {
  for (const { url, functions } of scripts) {
    for (const { ranges } of functions) {
      const [whole] = ranges;
      if (whole === undefined || ranges.every(({ count }) => count === 0)) continue;
      const ran = new Uint8Array(whole.endOffset - whole.startOffset);
      for (const { startOffset, endOffset, count } of ranges) {
        ran.fill(count > 0 ? 1 : 0, startOffset - whole.startOffset, endOffset - whole.startOffset);
      }
      yield { key: `${url} ${String(whole.startOffset)}`, ran };
    }
  }
}
