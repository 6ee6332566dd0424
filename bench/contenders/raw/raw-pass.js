// The floor: it makes a workload's upstream calls and hands their bytes on, one behind the other. A request names the
// workload and its number in the path (`/ping/17`); nothing is parsed.
import { workloadNamed } from '../../workloads.js';
import { callUpstream } from '../call-upstream.js';
import { serve } from './raw-server.js';

serve(async ({ url = '' }) => {
  const [, name = '', index] = url.split('/');
  const { upstream, method } = workloadNamed(name);
  /** @type {Buffer[]} */
  const bodies = [];
  for (const paths of upstream(Number(index))) {
    bodies.push(...(await Promise.all(paths.map((path) => callUpstream(path, method)))));
  }
  return bodies.length === 1 && bodies[0] ? bodies[0] : Buffer.concat(bodies);
});
