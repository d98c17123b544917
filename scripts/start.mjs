// `npm start`: synthesizes all stacks, then writes the report about them.
import { bin, run } from './run.mjs';

const synth = run(bin('tsx'), ['stacks/main.ts']);
if (synth.code !== 0) process.exit(synth.code);
process.exit(run(bin('tsx'), ['lib/review/main.ts', 'report']).code);
