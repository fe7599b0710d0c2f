export { VirtualAgent, siteOf } from '../../src/simulation/virtual-agent.js';
