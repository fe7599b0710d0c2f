export { VirtualClock } from '../../src/simulation/virtual-clock.js';
