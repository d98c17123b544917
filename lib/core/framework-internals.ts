// The only file that reaches into cdktf beyond its public entry. cdktf 0.21 is its last release, so these cannot move; a port to
// a successor changes this file.
import { Aspects, type TerraformStack } from 'cdktf';
import { addCustomSynthesis, invokeAspects } from 'cdktf/lib/synthesize/synthesizer';
import * as stackTrace from 'cdktf/lib/tokens/private/stack-trace';
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
  Object.defineProperty(stackTrace, 'captureStackTrace', { value: () => [], configurable: true });
}

/** Makes the next run of Aspects visit nothing: each aspect sees each construct once. */
export function retireAspects(stack: TerraformStack): void {
  for (const construct of stack.node.findAll()) {
    const aspects = Aspects.of(construct);
    if (aspects.all.length > 0) Object.defineProperty(aspects, 'all', { value: [] });
  }
}
