import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import type { IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import type { AddonRelations } from './addon-catalogue';

/** An add-on as the checks see it. */
interface CheckedAddon {
  readonly addonName: string;
  readonly node: { readonly path: string };
  readonly _relations: AddonRelations;
}

/** Sees whether the add-ons of a stack fit together and to the platform. One in a stack. */
export class AddonChecks extends Construct {
  public static of(scope: Construct, platform: IMlPlatform): AddonChecks {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild('AddonChecks');
    return existing instanceof AddonChecks ? existing : new AddonChecks(stack, platform);
  }

  private readonly addons: CheckedAddon[] = [];
  private readonly elsewhere = new Set<string>();

  private constructor(
    stack: TerraformStack,
    private readonly platform: IMlPlatform,
  ) {
    super(stack, 'AddonChecks');
    this.node.addValidation({ validate: () => this.findings() });
  }

  public register(addon: CheckedAddon, providedElsewhere: string[]): void {
    const twice = this.addons.find((other) => other.addonName === addon.addonName);
    if (twice) {
      throw new ConfigurationError(addon.node.path, {
        what: `${addon.addonName} is installed twice`,
        got: `${twice.node.path} and ${addon.node.path}`,
        allowed: 'one in a cluster',
        fix: 'remove one of them',
      });
    }
    this.addons.push(addon);
    for (const name of providedElsewhere) this.elsewhere.add(name);
  }

  private findings(): string[] {
    const managed = (this.platform.attributes.cluster.managedAddOns ?? []).map((name) => `aks-${name}`);
    const present = new Set([...this.addons.map((addon) => addon.addonName), ...this.elsewhere, ...managed]);
    return [
      ...this.addons.flatMap((addon) => relationFindings(addon, present)),
      ...this.gpuFindings(present),
      ...this.placeFindings(),
    ];
  }

  private gpuFindings(present: Set<string>): string[] {
    const unserved = this.platform.attributes.nodePools.filter(
      (pool) =>
        pool.gpu?.vendor === 'nvidia' &&
        pool.gpu.driver !== 'none' &&
        !present.has('gpu-operator') &&
        !(present.has('nvidia-device-plugin') && pool.gpu.driver === 'aks'),
    );
    if (unserved.length === 0) return [];
    return [
      ConfigurationError.message(TerraformStack.of(this).node.path, {
        what: 'nothing would offer the GPUs of these pools to pods',
        got: unserved.map((pool) => `${pool.name} (driver ${pool.gpu?.driver})`).join(', '),
        allowed: 'GpuOperator, or NvidiaDevicePlugin for pools with the driver of AKS',
        fix: 'add new GpuOperator(this, "GpuOperator", { platform }), or providedElsewhere: ["gpu-operator"] where it stands already',
      }),
    ];
  }

  /** Controllers tolerate none of our taints: they need nodes that carry none. */
  private placeFindings(): string[] {
    const { nodePools } = this.platform.attributes;
    if (nodePools.some(({ mode, taints, maxCount }) => mode === 'User' && taints.length === 0 && maxCount > 0)) return [];
    return [
      ConfigurationError.message(TerraformStack.of(this).node.path, {
        what: 'no pool takes the controllers of the add-ons',
        got: nodePools.map(({ name, taints }) => `${name} (${taints.join(', ')})`).join(', '),
        allowed: 'a user pool without taints',
        fix: 'add one: cluster.addCpuPool("cpu", { minCount: 1, maxCount: 3 })',
      }),
    ];
  }
}

function relationFindings(addon: CheckedAddon, present: Set<string>): string[] {
  const { requires, requiresOneOf, conflictsWith } = addon._relations;
  const missing = requires.filter((name) => !present.has(name));
  const conflicts = Object.entries(conflictsWith).filter(([name]) => present.has(name));
  return [
    ...missing.map((name) =>
      ConfigurationError.message(addon.node.path, {
        what: `${addon.addonName} needs ${name}`,
        got: 'none in this stack',
        allowed: `${name} in the stack, or installed elsewhere`,
        fix: `add it, or providedElsewhere: [${JSON.stringify(name)}] when the cluster has it already`,
      }),
    ),
    ...(requiresOneOf && !requiresOneOf.some((name) => present.has(name))
      ? [
          ConfigurationError.message(addon.node.path, {
            what: `${addon.addonName} needs one of ${requiresOneOf.join(', ')}`,
            got: 'none in this stack',
            allowed: 'one of them in the stack, or installed elsewhere',
            fix: `add one, or providedElsewhere: [${JSON.stringify(requiresOneOf[0])}] when the cluster has it already`,
          }),
        ]
      : []),
    ...conflicts.map(([name, reason]) =>
      ConfigurationError.message(addon.node.path, {
        what: `${addon.addonName} and ${name} exclude each other: ${reason}`,
        got: 'both',
        allowed: 'one of them',
        fix: `remove ${addon.addonName} or ${name}`,
      }),
    ),
  ];
}
