import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';

/**
 * Has V8 work for a run of seconds: by itself it inlines, optimizes and collects as for a server, and a quarter of the processor time
 * of a large review goes into code that has done its work before it is ready; bench/review.mjs measures it.
 */
export function tuneV8(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=250');
  // For threads: what they read stays until they end, so there is nothing to collect before.
  setFlagsFromString('--initial-heap-size=256');
  // Later versions wait longer and grow faster by themselves; these take memory there and save nothing.
  if (process.versions.v8.startsWith('11.')) tuneV8OfNode20();
}

function tuneV8OfNode20(): void {
  setFlagsFromString('--interrupt-budget=500000');
  // What is read is kept: a nursery that grows step by step copies it at each step.
  setFlagsFromString('--semi-space-growth-factor=32');
  setFlagsFromString('--min-semi-space-size=16');
  // Where two processors are at work already, collecting on several threads has them wait for each other.
  if (availableParallelism() <= 2) setFlagsFromString('--no-parallel-scavenge');
}
