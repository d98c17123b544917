import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 work for a run of seconds: by itself it inlines and optimizes as for a server, and a quarter of the processor time of a large
 * review goes into code that has done its work before it is ready; bench/review.mjs measures it.
 */
export function tuneCompiler(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=250');
  // Later versions wait longer by themselves, and do not know the name.
  if (process.versions.v8.startsWith('11.')) setFlagsFromString('--interrupt-budget=500000');
  // For threads: what they read stays until they end, so there is nothing to collect before.
  setFlagsFromString('--initial-heap-size=256');
}
