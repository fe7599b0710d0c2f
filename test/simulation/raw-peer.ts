export { RawPeer } from '../../src/simulation/raw-peer.js';
