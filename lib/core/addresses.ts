import { TerraformElement, TerraformResource, type TerraformStack } from 'cdktf';
import { ConfigurationError } from './configuration-error';

/**
 * Resources of a stack that share an address. cdktf merges them without a word, and the last one wins key by key.
 * @returns the paths of the constructs by address
 */
export function sharedAddresses(stack: TerraformStack): Map<string, string[]> {
  const paths = new Map<string, string[]>();
  for (const node of stack.node.findAll()) {
    if (!TerraformElement.isTerraformElement(node) || !TerraformResource.isTerraformResource(node)) continue;
    const address = `${node.terraformResourceType}.${node.friendlyUniqueId}`;
    paths.set(address, [...(paths.get(address) ?? []), node.node.path]);
  }
  return new Map([...paths].filter(([, sharing]) => sharing.length > 1));
}

/** The same as a message for each shared address. */
export function duplicateAddresses(stack: TerraformStack): string[] {
  return [...sharedAddresses(stack)].map(([address, sharing]) =>
    ConfigurationError.message(stack.node.path, {
      what: 'resources share one Terraform address, which would merge them into one',
      got: `${address} from ${sharing.join(' and ')}`,
      allowed: 'one resource for an address',
      fix: 'give one of the constructs another id, or drop the overrideLogicalId',
    }),
  );
}
