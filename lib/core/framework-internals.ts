// The only file that reaches into cdktf beyond its public entry. cdktf 0.21 is its last release, so these cannot move; a port to
// a successor changes this file.
import { createRequire } from 'node:module';
import { Aspects, type TerraformStack } from 'cdktf';
import { addCustomSynthesis, invokeAspects } from 'cdktf/lib/synthesize/synthesizer';
import type { IConstruct } from 'constructs';

/** Runs `write` with the output folder when the construct's stack is written. */
export function onSynthesize(construct: IConstruct, write: (outdir: string) => void): void {
  addCustomSynthesis(construct, { onSynthesize: (session) => write(session.outdir) });
}

/** Runs the Aspects of a stack; a second run visits nothing twice that the aspect itself does not repeat. */
export function runAspects(stack: TerraformStack): void {
  invokeAspects(stack);
}

/**
 * cdktf 0.21 records a JavaScript stack for every token, about 50 times the cost of the token itself. They help only to find
 * where an unresolved token was made.
 */
export function skipTokenStackTraces(): void {
  // An import would give a copy of the module; cdktf calls the function on the module itself.
  const stackTrace = createRequire(__filename)('cdktf/lib/tokens/private/stack-trace') as { captureStackTrace: () => string[] };
  stackTrace.captureStackTrace = () => [];
}

/** Makes the next run of Aspects visit nothing: each aspect sees each construct once. */
export function retireAspects(stack: TerraformStack): void {
  for (const construct of stack.node.findAll()) {
    const aspects = Aspects.of(construct);
    if (aspects.all.length > 0) Object.defineProperty(aspects, 'all', { value: [] });
  }
}
