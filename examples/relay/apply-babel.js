// What a bundler does in an application: Relay's babel plugin puts the compiled artifact in the place of each query.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { transformFileSync } from '@babel/core';

/** Node wants the whole name of a module's file, where bundlers add the end themselves. */
const addFileExtension = () => ({
  visitor: {
    ImportDeclaration: ({ node: { source } }) => {
      if (source.value.endsWith('.graphql')) source.value += '.js';
    },
  },
});

const file = fileURLToPath(new URL('../dist/relay/page-webhooks.js', import.meta.url));
const plugins = [['relay', { eagerEsModules: true }], addFileExtension];
const { code } = transformFileSync(file, { plugins, configFile: false, sourceType: 'module' });
writeFileSync(file, code);
