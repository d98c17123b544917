import { App, type AppConfig, TerraformStack } from 'cdktf';
import { duplicateAddresses } from '../core/addresses';
import { ConfigurationError } from '../core/configuration-error';
import { resolveOnce, skipTokenStackTraces } from '../core/framework-internals';
import { recordSourceLocations } from '../core/source-location';

/**
 * A cdktf app that writes all of its stacks or none: every stack is checked before the first file is written, and all problems
 * are told at once. cdktf itself checks and writes stack by stack.
 *
 * In pipelines (`CI`, `TF_BUILD`), or with `CDKTF_ML_LOCATIONS` set, resources carry the line of your code that made them, for
 * guardrails and reviews to point at: two or three percent of synth that nobody needs at a desk. `stackTraces` decides otherwise.
 *
 * Set `CDKTF_ML_DEBUG` to record where tokens were made; it makes synth slower.
 */
export class PlatformApp extends App {
  constructor(config: AppConfig = {}) {
    if (!process.env.CDKTF_ML_DEBUG) skipTokenStackTraces();
    if (config.stackTraces ?? wantsLocations()) recordSourceLocations();
    super(config);
  }

  /** @throws when a stack does not pass its validations or two resources share an address; then nothing is written */
  public override synth(): void {
    const stacks = this.node.findAll().filter((node): node is TerraformStack => TerraformStack.isStack(node));
    resolveOnce(stacks);
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

function problemsOf(stack: TerraformStack): string[] {
  return stack.node
    .findAll()
    .flatMap((construct) =>
      construct.node
        .validate()
        .map((message) => (message.startsWith(stack.node.path) ? message : `${construct.node.path}: ${message}`)),
    );
}

function wantsLocations(): boolean {
  return ['CI', 'TF_BUILD', 'CDKTF_ML_LOCATIONS'].some(
    (name) => !['', '0', 'false', undefined].includes(process.env[name]?.toLowerCase()),
  );
}
