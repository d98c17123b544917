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
function runAspects(stack: TerraformStack): void {
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

type Resolve = (scope: IConstruct, value: unknown, preparing?: boolean) => unknown;

/**
 * Makes the Terraform JSON of stacks, which synth then takes as it is. cdktf resolves every token twice, first only to find
 * references between stacks: here they are found on the way.
 */
export function resolveOnce(stacks: readonly TerraformStack[]): void {
  for (const stack of stacks) {
    (stack as unknown as { ensureBackendExists(): void }).ensureBackendExists();
    runAspects(stack);
    retireAspects(stack);
  }
  const size = () => stacks.reduce((total, stack) => total + stack.node.findAll().length, 0);
  const before = size();
  const found = whilePreparing(() => stacks.map((stack): unknown => stack.toTerraform()));
  // A reference to another stack adds an output there and a data source here, where all may have been resolved already.
  const resolved = size() === before ? found : stacks.map((stack): unknown => stack.toTerraform());
  stacks.forEach((stack, index) => {
    Object.defineProperties(stack, {
      toTerraform: { value: () => resolved[index] },
      prepareStack: { value: () => undefined },
    });
  });
}

function whilePreparing<T>(work: () => T): T {
  const tokens = createRequire(__filename)('cdktf/lib/_tokens') as { resolve: Resolve };
  const { resolve } = tokens;
  tokens.resolve = (scope, value) => (isResolved(scope, value) ? value : resolve(scope, value, true));
  try {
    return work();
  } finally {
    tokens.resolve = resolve;
  }
}

/** Whether it is a whole stack, which cdktf resolves once more after its parts; nothing in it is new but overrides of the stack. */
function isResolved(scope: IConstruct, value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('//' in value)) return false;
  return Object.keys((scope as unknown as { rawOverrides: object }).rawOverrides).length === 0;
}

/** Makes the next run of Aspects visit nothing: each aspect sees each construct once. */
function retireAspects(stack: TerraformStack): void {
  for (const construct of stack.node.findAll()) {
    const aspects = Aspects.of(construct);
    if (aspects.all.length > 0) Object.defineProperty(aspects, 'all', { value: [] });
  }
}
