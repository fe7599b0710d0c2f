import type { AcseRequest } from '../acse/service.js';
import type { Effect, Observation } from '../osi/machine.js';
import type { TimerName } from './events.js';
import type { RtseIndication } from './service.js';

export type RtseEffect = Effect<RtseIndication, AcseRequest>;

/** Collects the effects of one event in their order. */
export class Effects {
  #effects: RtseEffect[] = [];

  above(primitive: RtseIndication): void {
    this.#effects.push({ to: 'above', primitive });
  }

  below(primitive: AcseRequest): void {
    this.#effects.push({ to: 'below', primitive });
  }

  setTimer(name: TimerName, milliseconds: number): void {
    this.#effects.push({ to: 'timer', action: 'set', name, milliseconds });
  }

  clearTimer(name: TimerName): void {
    this.#effects.push({ to: 'timer', action: 'clear', name });
  }

  observe(event: string, level: Observation['level'], fields: Observation['fields']): void {
    this.#effects.push({ to: 'observer', observation: { event, level, fields } });
  }

  /** What was collected since the last call. */
  take(): readonly RtseEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }
}
