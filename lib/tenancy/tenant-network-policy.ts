import {
  NetworkPolicyV1,
  type NetworkPolicyV1SpecEgress,
  type NetworkPolicyV1SpecIngress,
} from '@cdktf/provider-kubernetes/lib/network-policy-v1';
import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';

export interface TenantNetworkPolicyProps {
  readonly namespace: string;
  readonly labels: { [key: string]: string };
}

/** Azure's metadata service hands out the node's identity to any pod that can reach it. */
const METADATA_SERVICE = '169.254.169.254/32';

/**
 * What may reach the pods of a namespace, and what they may reach. Nothing but: each other, the cluster's DNS, and HTTPS
 * (storage, Entra) without the metadata service of the node.
 */
export class TenantNetworkPolicy extends Construct {
  private readonly namespace: string;
  private readonly labels: { [key: string]: string };

  constructor(scope: Construct, id: string, props: TenantNetworkPolicyProps) {
    super(scope, id);
    this.namespace = props.namespace;
    this.labels = props.labels;
    this.policy('DefaultDeny', 'default-deny', { ingress: [], egress: [] });
    this.policy('WithinNamespace', 'within-namespace', {
      ingress: [{ from: [{ podSelector: {} }] }],
      egress: [{ to: [{ podSelector: {} }] }],
    });
    this.policy('Dns', 'dns', {
      egress: [
        {
          to: [{ namespaceSelector: byName('kube-system'), podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
          ports: ['UDP', 'TCP'].map((protocol) => ({ port: '53', protocol })),
        },
      ],
    });
    this.policy('Https', 'https', {
      egress: [
        { to: [{ ipBlock: { cidr: '0.0.0.0/0', except: [METADATA_SERVICE] } }], ports: [{ port: '443', protocol: 'TCP' }] },
      ],
    });
  }

  /** Lets pods of another namespace reach the tenant's, e.g. those of the gateway. */
  public allowFromNamespace(namespace: string): void {
    this.policy(`From-${namespace}`, `from-${namespace}`, { ingress: [{ from: [{ namespaceSelector: byName(namespace) }] }] });
  }

  /**
   * Lets the tenant's pods reach a port of another namespace, e.g. a feature store.
   * @param port TCP port of the pods there
   */
  public allowToNamespace(namespace: string, port: number): void {
    this.policy(`To-${namespace}-${port}`, `to-${namespace}-${port}`, {
      egress: [{ to: [{ namespaceSelector: byName(namespace) }], ports: [{ port: String(port), protocol: 'TCP' }] }],
    });
  }

  /** Lets the tenant's pods reach every port of another namespace, e.g. that of another tenant which lets them in. */
  public allowToAllOf(namespace: string): void {
    this.policy(`To-${namespace}`, `to-${namespace}`, { egress: [{ to: [{ namespaceSelector: byName(namespace) }] }] });
  }

  /**
   * Lets the tenant's pods reach addresses outside the cluster, e.g. a database in a peered network.
   * @param cidr e.g. "10.8.0.0/24"
   * @param port TCP port there
   * @throws when the range is not valid or holds the metadata service of the nodes
   */
  public allowToCidr(cidr: string, port: number): void {
    const valid = /^(\d{1,3}\.){3}\d{1,3}\/([89]|[12]\d|3[0-2])$/.test(cidr) && !cidr.startsWith('169.254.');
    if (!valid) {
      throw new ConfigurationError(this.node.path, {
        what: 'range is not valid',
        got: JSON.stringify(cidr),
        allowed: 'an IPv4 range of /8 or smaller outside 169.254.0.0/16, where the nodes get their identity',
        fix: 'name the subnet of the service, e.g. "10.8.0.0/24"',
      });
    }
    this.policy(`To-${cidr.replace(/[./]/g, '-')}-${port}`, `to-${cidr.replace(/[./]/g, '-')}-${port}`, {
      egress: [{ to: [{ ipBlock: { cidr } }], ports: [{ port: String(port), protocol: 'TCP' }] }],
    });
  }

  private policy(
    id: string,
    name: string,
    rules: { readonly ingress?: NetworkPolicyV1SpecIngress[]; readonly egress?: NetworkPolicyV1SpecEgress[] },
  ): void {
    if (this.node.tryFindChild(id)) return; // the same way twice is one way
    const { ingress, egress } = rules;
    new NetworkPolicyV1(this, id, {
      metadata: { name, namespace: this.namespace, labels: this.labels },
      spec: {
        podSelector: {},
        policyTypes: [...(ingress ? ['Ingress'] : []), ...(egress ? ['Egress'] : [])],
        ...(ingress?.length ? { ingress } : {}),
        ...(egress?.length ? { egress } : {}),
      },
    });
  }
}

function byName(namespace: string): { matchLabels: { [key: string]: string } } {
  return { matchLabels: { 'kubernetes.io/metadata.name': namespace } };
}
