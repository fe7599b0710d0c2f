/** The live view: on a terminal drawn anew every second, else a line now and then. */
import type { Stream } from '../../faults/pdu-trigger.js';
import { renderView } from '../view-text.js';
import { LineState } from '../line-state.js';
import type { Recorder } from './recorder.js';

const drawMilliseconds = 1000;
const lineMilliseconds = 5000;
const clearScreen = '\u001b[H\u001b[J';

interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export function showLive(screen: Screen): Recorder {
  const states = new Map<string, LineState>();
  const stateOf = (link: string): LineState => {
    const state = states.get(link) ?? new LineState();
    states.set(link, state);
    return state;
  };
  let before: ReadonlyMap<string, Readonly<Record<Stream, number>>> = new Map();
  const terminal = screen.isTTY === true;
  const period = terminal ? drawMilliseconds : lineMilliseconds;
  const draw = (): void => {
    const texts = Array.from(states, ([name, state]) =>
      renderView(name, state, before.get(name), period, terminal ? 'page' : 'line'),
    );
    before = new Map(Array.from(states, ([name, { octets }]) => [name, { ...octets }]));
    screen.write((terminal ? clearScreen : '') + texts.join(''));
  };
  const timer = setInterval(draw, period);
  return {
    entry(entry) {
      stateOf(entry.link).entry(entry);
    },
    sent(link, _connection, stream, { length }) {
      stateOf(link).sent(stream, length);
    },
    close() {
      clearInterval(timer);
      draw();
      return Promise.resolve();
    },
  };
}
