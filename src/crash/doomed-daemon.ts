/**
 * A daemon that kills itself at a numbered step of its store: node doomed-daemon.js SITE NAMESFILE STEP. A program of its own, so that no
 * option of `mta` leads here.
 */
import { runDaemon } from '../daemon/daemon.js';
import { loadSiteFile } from '../host/site-files.js';

const [, , sitePath = '', namesFile = '', step = '0'] = process.argv;
const load = loadSiteFile(sitePath);
if (!load.valid) throw new Error(JSON.stringify(load.problems));
const steps = { killAtStep: Number(step), namesFile };
process.exitCode = await runDaemon({ sitePath, logLevel: 'info', steps }, load.site);
