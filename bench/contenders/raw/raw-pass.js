// The floor: it makes a workload's upstream calls and hands their bytes on, one behind the other. A request names the
// workload and its number in the path (`/ping/17`); nothing is parsed.
import { WORKLOADS } from '../../workloads.js';
import { callUpstream } from '../call-upstream.js';
import { serve } from './raw-server.js';

const workloads = new Map(WORKLOADS.map((workload) => [workload.name, workload]));

serve(async ({ url = '' }) => {
  const [, name = '', index] = url.split('/');
  const workload = workloads.get(/** @type {import('../../workloads.js').WorkloadName} */ (name));
  if (!workload) throw new Error(`${url} is no workload`);
  /** @type {Buffer[]} */
  const bodies = [];
  for (const paths of workload.upstream(Number(index))) {
    bodies.push(...(await Promise.all(paths.map((path) => callUpstream(path, workload.method)))));
  }
  return bodies.length === 1 && bodies[0] ? bodies[0] : Buffer.concat(bodies);
});
