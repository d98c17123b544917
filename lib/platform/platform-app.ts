import { App, type AppConfig, TerraformStack } from 'cdktf';
import { duplicateAddresses } from '../core/addresses';
import { ConfigurationError } from '../core/configuration-error';
import { retireAspects, runAspects, skipTokenStackTraces } from '../core/framework-internals';

/**
 * A cdktf app that writes all of its stacks or none: every stack is checked before the first file is written, and all problems
 * are told at once. cdktf itself checks and writes stack by stack.
 *
 * Set `CDKTF_ML_DEBUG` to record where tokens were made; it makes synth slower.
 */
export class PlatformApp extends App {
  constructor(config: AppConfig = {}) {
    if (!process.env.CDKTF_ML_DEBUG) skipTokenStackTraces();
    super(config);
  }

  /** @throws when a stack does not pass its validations or two resources share an address; then nothing is written */
  public override synth(): void {
    const stacks = this.node.findAll().filter((node): node is TerraformStack => TerraformStack.isStack(node));
    for (const stack of stacks) prepareOnce(stack);
    if (!this.skipValidation) {
      const problems = [
        ...stacks.flatMap((stack) => [...duplicateAddresses(stack), ...problemsOf(stack)]),
        ...this.node.validate(),
      ];
      if (problems.length > 0) throw ConfigurationError.all(problems);
      Object.defineProperty(this, 'skipValidation', { value: true });
    }
    super.synth();
  }
}

/** Does for a stack what synth does before it writes, and makes synth take the result as it is: resolving twice costs twice. */
function prepareOnce(stack: TerraformStack): void {
  stack.prepareStack();
  runAspects(stack);
  retireAspects(stack);
  const json: unknown = stack.toTerraform();
  Object.defineProperties(stack, { toTerraform: { value: () => json }, prepareStack: { value: () => undefined } });
}

function problemsOf(stack: TerraformStack): string[] {
  return stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node
        .validate()
        .map((message) => (message.startsWith(stack.node.path) ? message : `${construct.node.path}: ${message}`)),
    );
}
