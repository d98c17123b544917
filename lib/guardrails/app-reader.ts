import type { TerraformStack } from 'cdktf';
import { sharedAddresses } from '../core/addresses';
import type { StackModel } from './model/stack-model';
import { readSynthesizedStack } from './model/synth-reader';

/** Reads the stacks of an app once each, as far as they do not change. */
export class AppReader {
  private readonly read = new Map<TerraformStack, { readonly json: unknown; readonly model: StackModel }>();

  constructor(private readonly stacks: readonly TerraformStack[]) {}

  /** The stack as Terraform would read it now. */
  public fresh(stack: TerraformStack): StackModel {
    const json: unknown = stack.toTerraform();
    const known = this.read.get(stack);
    if (known && known.json === json) return known.model;
    const shared = [...sharedAddresses(stack)].map(([address, paths]) => `${address} from ${paths.join(' and ')}`);
    const model = readSynthesizedStack(stack.node.id, json, undefined, shared);
    // Others are read when a rule looks beyond its stack; resolving a stack anew for each rule would cost more than synth.
    model._joinApp(() =>
      this.stacks.map((other) => (other === stack ? model : (this.read.get(other)?.model ?? this.fresh(other)))),
    );
    this.read.set(stack, { json, model });
    return model;
  }
}
