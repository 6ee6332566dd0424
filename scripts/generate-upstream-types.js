// Generates the types of every upstream contract: schema/upstream/NAME.openapi.yaml → src/providers/NAME/openapi.gen.ts.
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

for (const file of readdirSync('schema/upstream')) {
  const provider = file.replace('.openapi.yaml', '');
  // Otherwise a default makes a member of a request mandatory.
  const options = ['--default-non-nullable=false', '--output', `src/providers/${provider}/openapi.gen.ts`];
  const { status } = spawnSync('openapi-typescript', [`schema/upstream/${file}`, ...options], { stdio: 'inherit' });
  if (status !== 0) process.exit(1);
}
