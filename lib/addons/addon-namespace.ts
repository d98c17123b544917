import { NamespaceV1 } from '@cdktf/provider-kubernetes/lib/namespace-v1';
import { type ITerraformDependable, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import { PodSecurity } from './pod-security';

/** A namespace for add-ons, labelled with what its pods may do. One of a name in a stack. */
export class AddonNamespace extends Construct {
  public static of(scope: Construct, name: string, podSecurity: PodSecurity): AddonNamespace {
    const stack = TerraformStack.of(scope);
    const id = `Namespace-${name}`;
    const existing = stack.node.tryFindChild(id);
    if (!(existing instanceof AddonNamespace)) return new AddonNamespace(stack, id, name, podSecurity);
    if (existing.podSecurity === podSecurity) return existing;
    throw new ConfigurationError(scope.node.path, {
      what: `add-ons in namespace ${name} ask for different pod security`,
      got: `${podSecurity} beside ${existing.podSecurity}`,
      allowed: 'one level a namespace',
      fix: 'give one of them a namespace of its own: namespace: "…"',
    });
  }

  public readonly dependable: ITerraformDependable;

  private constructor(
    stack: TerraformStack,
    id: string,
    name: string,
    private readonly podSecurity: PodSecurity,
  ) {
    super(stack, id);
    // What a namespace is for is stricter than what it must allow: warnings then show who could be tightened.
    const wish = podSecurity === PodSecurity.PRIVILEGED ? PodSecurity.PRIVILEGED : PodSecurity.RESTRICTED;
    this.dependable = new NamespaceV1(this, 'Default', {
      metadata: {
        name,
        labels: {
          'app.kubernetes.io/managed-by': 'cdktf-ml-platform',
          'pod-security.kubernetes.io/enforce': podSecurity,
          'pod-security.kubernetes.io/warn': wish,
          'pod-security.kubernetes.io/audit': wish,
        },
      },
    });
  }
}
