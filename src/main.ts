#!/usr/bin/env node
import { keepHeapSmall } from './keep-heap-small.ts';

keepHeapSmall();
// Loaded after it: to load a thousand modules is what makes V8 enlarge its heap.
const { runCommandLine } = await import('./command-line.ts');
await runCommandLine(process.argv.slice(2));
