import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';
import data from './data/outbound-targets.json';

/** Ports of a service tag. */
interface TagRule {
  readonly tag: string;
  readonly protocol: string;
  readonly ports: string[];
}

interface Targets {
  readonly fqdns443: string[];
  readonly fqdns80: string[];
  readonly tags: TagRule[];
}

const USES: Readonly<Record<string, Targets>> = data.uses;

/** Something that nodes or compute do, with the targets that must be open for it. */
export class OutboundUse {
  /** Nodes of AKS: images of the platform, the control plane, updates of Ubuntu. */
  public static readonly AKS = new OutboundUse('aks');
  /** Nodes whose API server has a public address. */
  public static readonly AKS_PUBLIC_API = new OutboundUse('aks-public-api');
  /** GPU drivers that AKS installs. */
  public static readonly AKS_GPU = new OutboundUse('aks-gpu');
  /** Azure Monitor: logs, managed Prometheus. */
  public static readonly MONITORING = new OutboundUse('monitoring');
  /** Azure Policy add-on of AKS. */
  public static readonly AZURE_POLICY = new OutboundUse('azure-policy');
  /** Microsoft Defender for Containers. */
  public static readonly DEFENDER = new OutboundUse('defender');
  /** Key Vault provider of the secrets store driver. */
  public static readonly KEY_VAULT_CSI = new OutboundUse('key-vault-csi');
  /** Azure ML compute in the customer's network. */
  public static readonly AZURE_ML = new OutboundUse('azure-ml');
  /** Azure ML on AKS: training and inference. */
  public static readonly AZURE_ML_KUBERNETES = new OutboundUse('azure-ml-kubernetes');
  /** Python packages from public indexes. A way for data to leave: prefer a mirror of your own. */
  public static readonly PYTHON = new OutboundUse('python');
  /** Models and images from public hubs, as Azure ML lists them. A way for data to leave. */
  public static readonly HUGGING_FACE = new OutboundUse('hugging-face');

  /**
   * A use by its name, e.g. "aks-gpu".
   * @throws when none has that name
   */
  public static of(useName: string): OutboundUse {
    if (USES[useName]) return new OutboundUse(useName);
    throw new ConfigurationError('OutboundUse.of', {
      what: 'use is not known',
      got: JSON.stringify(useName),
      allowed: nearest(useName, Object.keys(USES), Object.keys(USES).length).join(', '),
      fix: 'name single hosts with allowedFqdns instead',
    });
  }

  private constructor(public readonly useName: string) {}

  /** Hosts reached over HTTPS. */
  public httpsFqdns(location: string): string[] {
    return this.targets.fqdns443.map((fqdn) => fqdn.replace('{region}', location));
  }

  /** Hosts reached over plain HTTP, as package archives are. */
  public httpFqdns(location: string): string[] {
    return this.targets.fqdns80.map((fqdn) => fqdn.replace('{region}', location));
  }

  /** Names of the service tags in a region. */
  public serviceTags(location: string): string[] {
    return [...new Set(this._tagRules(location).map(({ tag }) => tag))];
  }

  /** @internal */
  public _tagRules(location: string): TagRule[] {
    return this.targets.tags.map((rule) => ({ ...rule, tag: rule.tag.replace('{region}', location) }));
  }

  private get targets(): Targets {
    return USES[this.useName] ?? { fqdns443: [], fqdns80: [], tags: [] };
  }
}
