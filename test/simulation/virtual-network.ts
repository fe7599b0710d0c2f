export { VirtualNetwork } from '../../src/simulation/virtual-network.js';
