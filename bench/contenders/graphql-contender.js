/** @typedef {import('../workloads.js').Workload} Workload */

/**
 * The GraphQL request of a workload, as any client sends it.
 * @param {Workload} workload
 * @param {number} index
 * @param {Readonly<Record<string, string>>} headers
 * @returns {import('./contenders.js').LoadRequest}
 */
export function graphqlRequest({ query, variables }, index, headers) {
  const operationName = /(?:query|mutation) (\w+)/.exec(query)?.[1];
  return {
    method: 'POST',
    path: '/graphql',
    headers: { ...headers, 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ operationName, query, variables: variables(index) }),
  };
}

/**
 * The data of an answer without errors. Cursors are opaque and everyone's own: only whether there is one counts. Times
 * are compared as instants.
 * @param {string} body
 * @returns {unknown}
 */
export function graphqlData(body) {
  const { data, errors } = JSON.parse(body, (key, value) => {
    if (key === 'endCursor') return typeof value === 'string' && value !== '';
    return key.endsWith('At') && value !== null ? new Date(value).toISOString() : value;
  });
  if (errors) throw new Error(`it answered errors: ${JSON.stringify(errors).slice(0, 500)}`);
  return data;
}
