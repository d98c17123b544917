import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 compile for a run of seconds: by itself it inlines as for a server, and a fifth of the processor time of a large review goes
 * into code that has done its work before it is ready (bench/review.mjs).
 */
export function tuneCompiler(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=250');
}
