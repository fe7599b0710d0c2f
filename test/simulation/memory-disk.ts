export { MemoryDisk } from '../../src/simulation/memory-disk.js';
