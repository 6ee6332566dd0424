import type { CodegenConfig } from '@graphql-codegen/cli';

// The CLI cannot load a TypeScript schema on Node 20, so it gets what the build printed.
const { publicSchema } = await import('./dist/graphql/schema.js');
const { printAnnotated } = await import('./dist/graphql/federation.js');
const sdl: string = printAnnotated(publicSchema);

const config: CodegenConfig = {
  schema: sdl,
  documents: ['src/client/operations/*.graphql'],
  generates: {
    './schema/schema.graphql': { plugins: ['schema-ast'], config: { includeDirectives: true, sort: false } },
    './src/client/documents/': {
      preset: 'client',
      presetConfig: { fragmentMasking: false, persistedDocuments: false },
      config: {
        useTypeImports: true,
        enumsAsTypes: true,
        defaultScalarType: 'unknown',
        importExtension: '.ts',
        scalars: { DateTime: 'string', URL: 'string', JSONObject: 'Record<string, unknown>' },
      },
    },
  },
};
export default config;
