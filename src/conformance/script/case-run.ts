/**
 * Carries one case out: what happens goes in, what is to be done comes out. Knows no socket and no clock; whoever drives it lends them.
 */
import { DecodeError } from '../../bytes/decode-error.js';
import { toHex } from '../../bytes/octets.js';
import { Ear } from '../listening/ear.js';
import { heardText, type Heard } from '../listening/heard.js';
import { ScriptError, type Conversation } from './conversation.js';
import { match, wantedText } from './matching.js';
import type {
  Alternative,
  ConnectWay,
  DeliveryCount,
  DeliveryWanted,
  LoopAlternative,
  Step,
  TestCase,
  TriggerSize,
  Verdict,
} from './test-case.js';

export type CaseEvent =
  | { readonly kind: 'connected' }
  | { readonly kind: 'octets'; readonly octets: Uint8Array }
  | { readonly kind: 'ended'; readonly how: 'closed' | 'reset' }
  /** The timer that was set last. */
  | { readonly kind: 'timer' }
  | { readonly kind: 'failed'; readonly text: string }
  /** The trigger has run. */
  | { readonly kind: 'triggered' }
  /** The observer has run, and gave this answer. */
  | { readonly kind: 'observed'; readonly count: DeliveryCount };

export type CaseEffect =
  | { readonly kind: 'connect'; readonly way?: ConnectWay }
  | { readonly kind: 'send'; readonly octets: Uint8Array }
  | { readonly kind: 'close'; readonly how: 'graceful' | 'reset' }
  /** Takes the place of the one that was set before. */
  | { readonly kind: 'timer'; readonly milliseconds: number }
  | { readonly kind: 'trigger'; readonly size: TriggerSize }
  | { readonly kind: 'observe'; readonly octets: Uint8Array }
  | { readonly kind: 'finished' };

type Phase = 'preamble' | 'steps' | 'postamble';
/** How a failure in each phase is judged. */
const verdictOf: Readonly<Record<Phase, Verdict>> = { preamble: 'inconclusive', steps: 'fail', postamble: 'fail' };

interface PhaseSteps {
  readonly name: Phase;
  readonly steps: readonly Step[];
}

interface Frame {
  readonly steps: readonly Step[];
  next: number;
}

const shownOctetsMax = 96;

const countsWanted: Readonly<Record<DeliveryWanted, readonly DeliveryCount[]>> = {
  delivered: ['once', 'more than once'],
  'delivered once': ['once'],
  'not delivered': ['never'],
};

export class CaseRun {
  readonly conversation: Conversation;
  verdict: Verdict = 'pass';
  text = '';
  readonly trace: string[] = [];
  /** Messages of the implementation under test that it still has to send. */
  outstanding: number;
  #phases: PhaseSteps[];
  #phase: Phase = 'preamble';
  #frames: Frame[] = [];
  #waiting: Step | undefined;
  #inbox: Heard[] = [];
  #ear = new Ear();
  #open = false;
  #finished = false;

  constructor(test: TestCase, postamble: readonly Step[], conversation: Conversation, outstanding: number) {
    this.conversation = conversation;
    this.outstanding = outstanding;
    this.#phases = [
      { name: 'preamble', steps: test.preamble },
      { name: 'steps', steps: test.steps },
      { name: 'postamble', steps: test.postamble ?? postamble },
    ];
  }

  start(): readonly CaseEffect[] {
    return this.#advance();
  }

  on(event: CaseEvent): readonly CaseEffect[] {
    if (this.#finished) return [];
    switch (event.kind) {
      case 'connected':
        this.#open = true;
        if (this.#waiting?.do === 'connect') this.#waiting = undefined;
        break;
      case 'octets':
        this.#hear(this.#ear.hear(event.octets));
        break;
      case 'ended':
        this.#open = false;
        this.#hear([{ kind: 'end', how: event.how }]);
        break;
      case 'timer':
        this.#timedOut();
        break;
      case 'failed':
        this.#fail(event.text);
        break;
      case 'triggered':
        this.outstanding += 1;
        this.#waiting = undefined;
        break;
      case 'observed':
        this.#observed(event.count);
        break;
    }
    if (this.#waiting !== undefined && !this.#takesWhatWasHeard(this.#waiting)) return [];
    return this.#advance();
  }

  #hear(heard: readonly Heard[]): void {
    this.conversation.tpdus = this.#ear.tpdus;
    for (const one of heard) this.trace.push(`<- ${heardText(one)}`);
    this.#inbox.push(...heard);
  }

  #timedOut(): void {
    const step = this.#waiting;
    if (step === undefined) return;
    if (step.do === 'silence') this.#waiting = undefined;
    else if (step.do === 'expect' || step.do === 'repeat')
      this.#fail(`expected ${wantedText(step.alternatives)}, heard nothing in time`);
    else this.#fail(step.do === 'connect' ? 'there was no connection in time' : `the ${step.do} did not end in time`);
  }

  #observed(count: DeliveryCount): void {
    const step = this.#waiting;
    this.#waiting = undefined;
    if (step?.do === 'observe' && !countsWanted[step.what].includes(count)) {
      this.#fail(`the message was delivered ${count} instead of ${step.what}`);
    }
  }

  /** Carries steps out until one has to wait. */
  #advance(): readonly CaseEffect[] {
    const effects: CaseEffect[] = [];
    for (let step = this.#nextStep(); step !== undefined; step = this.#nextStep()) {
      const fault = this.#carryOut(step, effects);
      if (fault !== undefined) this.#fail(fault);
      if (this.#waiting === undefined || this.#takesWhatWasHeard(this.#waiting)) continue;
      return effects;
    }
    this.#finished = true;
    if (this.#open) effects.push({ kind: 'close', how: 'graceful' });
    effects.push({ kind: 'finished' });
    return effects;
  }

  #nextStep(): Step | undefined {
    for (;;) {
      const frame = this.#frames.at(-1);
      const step = frame?.steps[frame.next];
      if (frame !== undefined && step !== undefined) {
        frame.next += 1;
        return step;
      }
      this.#frames.pop();
      if (this.#frames.length > 0) continue;
      const phase = this.#phases.shift();
      if (phase === undefined) return undefined;
      this.#phase = phase.name;
      this.#frames = [{ steps: phase.steps, next: 0 }];
    }
  }

  /** Does what a step says; the answer is what is wrong. A step that has to wait stands in `#waiting` afterwards. */
  #carryOut(step: Step, effects: CaseEffect[]): string | undefined {
    try {
      return this.#act(step, effects);
    } catch (error) {
      if (error instanceof ScriptError) return error.message;
      if (error instanceof DecodeError) return `what was heard cannot be read: ${error.message}`;
      throw error;
    }
  }

  #act(step: Step, effects: CaseEffect[]): string | undefined {
    const { times } = this.conversation.peer;
    switch (step.do) {
      case 'connect':
        this.#begin(step.way, effects);
        this.#wait(step, times.callSeconds, effects);
        return undefined;
      case 'send':
        this.#send(step.what, step.octets(this.conversation), effects);
        return undefined;
      case 'expect':
        this.#wait(step, times[step.within ?? 'answerSeconds'], effects);
        return undefined;
      case 'repeat':
        this.#wait(step, times.answerSeconds, effects);
        return undefined;
      case 'silence':
        this.#wait(step, step.seconds?.(this.conversation) ?? times.silenceSeconds, effects);
        return undefined;
      case 'close':
        this.#open = false;
        effects.push({ kind: 'close', how: step.how });
        return undefined;
      case 'trigger':
        if (this.outstanding > 0) return undefined;
        effects.push({ kind: 'trigger', size: step.size });
        this.#wait(step, times.callSeconds, effects);
        return undefined;
      case 'settle':
        this.outstanding = Math.max(this.outstanding - 1, 0);
        return undefined;
      case 'whileOutstanding':
        if (this.outstanding > 0) this.#frames.push({ steps: [...step.steps, step], next: 0 });
        return undefined;
      case 'until':
        if (!step.holds(this.conversation)) this.#frames.push({ steps: [...step.steps, step], next: 0 });
        return undefined;
      case 'observe':
        this.#observe(step, effects);
        return undefined;
      case 'check': {
        const fault = step.fault(this.conversation);
        return fault === undefined ? undefined : `${step.what}: ${fault}`;
      }
    }
  }

  #observe(step: Extract<Step, { do: 'observe' }>, effects: CaseEffect[]): void {
    const octets = this.conversation.noted.get(step.noted);
    if (octets === undefined) throw new ScriptError(`nothing was noted as ${step.noted}`);
    if (this.conversation.peer.observe === undefined) return;
    effects.push({ kind: 'observe', octets });
    this.#wait(step, this.conversation.peer.times.callSeconds, effects);
  }

  #send(what: string, octets: Uint8Array, effects: CaseEffect[]): void {
    const shown = toHex(octets.subarray(0, shownOctetsMax));
    this.trace.push(`-> ${what} ${shown}${octets.length > shownOctetsMax ? '...' : ''}`);
    effects.push({ kind: 'send', octets });
  }

  #begin(way: ConnectWay | undefined, effects: CaseEffect[]): void {
    if (this.#open) effects.push({ kind: 'close', how: 'graceful' });
    this.#open = false;
    this.#ear = new Ear();
    this.#inbox = [];
    this.conversation.heard = [];
    this.conversation.connections += 1;
    effects.push({ kind: 'connect', ...(way === undefined ? {} : { way }) });
  }

  #wait(step: Step, seconds: number, effects: CaseEffect[]): void {
    this.#waiting = step;
    effects.push({ kind: 'timer', milliseconds: seconds * 1000 });
  }

  /** Gives what was heard to the step that waits for it. True if the step is over. */
  #takesWhatWasHeard(step: Step): boolean {
    if (step.do === 'silence') {
      const [heard] = this.#inbox;
      if (heard === undefined) return false;
      this.#fail(`expected nothing, heard ${heardText(heard)}`);
      return true;
    }
    if (step.do !== 'expect' && step.do !== 'repeat') return false;
    for (let heard = this.#inbox.shift(); heard !== undefined; heard = this.#inbox.shift()) {
      const found = match<Alternative | LoopAlternative>(
        step.alternatives,
        step.do === 'expect' ? (step.passing ?? []) : [],
        heard,
        this.conversation,
      );
      this.conversation.heard.push(heard);
      if (found.kind === 'passing') continue;
      this.#waiting = undefined;
      if (found.kind === 'mismatch') this.#fail(found.text);
      else {
        if (step.do === 'repeat' && 'next' in found.alternative && found.alternative.next === 'again') {
          this.#frames.push({ steps: [step], next: 0 });
        }
        this.#frames.push({ steps: found.alternative.then ?? [], next: 0 });
      }
      return true;
    }
    return false;
  }

  /** Goes on with the postamble, which a failure does not spare: what comes after must find everything in order. */
  #fail(text: string): void {
    this.trace.push(`!! ${text}`);
    if (this.verdict === 'pass') {
      this.verdict = verdictOf[this.#phase];
      this.text = this.#phase === 'postamble' ? `afterwards: ${text}` : text;
    }
    this.#waiting = undefined;
    this.#frames = [];
    this.#phases = this.#phases.filter(({ name }) => name === 'postamble');
  }
}
