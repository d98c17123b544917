import { ConfigurationError } from '../core/configuration-error';
import { nearest } from '../core/nearest';

/** What a subnet is for. It fixes the subnet's name, size, network rules and way out. */
export class SubnetRole {
  /** Nodes that run the cluster's own components. */
  public static readonly SYSTEM_NODES = new SubnetRole('system-nodes', 6, 27);
  /** CPU nodes for workloads. */
  public static readonly USER_NODES = new SubnetRole('user-nodes', 4, 27);
  /** GPU nodes. */
  public static readonly GPU_NODES = new SubnetRole('gpu-nodes', 4, 27);
  /** Pods, where they take addresses of the virtual network instead of an overlay. Made only when asked for. */
  public static readonly PODS = new SubnetRole('pods', 2, 28);
  /** Private endpoints of the platform's services. */
  public static readonly PRIVATE_ENDPOINTS = new SubnetRole('private-endpoints', 8, 27);
  /** Azure ML compute in the customer's network; unused while the workspace has a managed network. */
  public static readonly COMPUTE = new SubnetRole('compute', 6, 27);
  /** Frontends of internal load balancers. */
  public static readonly INGRESS = new SubnetRole('ingress', 8, 27);
  /** The Azure Firewall, which wants a subnet of this very name. Made with `Egress.firewall()`. */
  public static readonly FIREWALL = new SubnetRole('firewall', 10, 26, 'AzureFirewallSubnet');
  /** Management traffic of a firewall of tier Basic. */
  public static readonly FIREWALL_MANAGEMENT = new SubnetRole('firewall-management', 10, 26, 'AzureFirewallManagementSubnet');

  /** The roles that the library knows, in the order in which they take their place in an address space. */
  public static all(): SubnetRole[] {
    return [
      SubnetRole.USER_NODES,
      SubnetRole.GPU_NODES,
      SubnetRole.SYSTEM_NODES,
      SubnetRole.COMPUTE,
      SubnetRole.PRIVATE_ENDPOINTS,
      SubnetRole.INGRESS,
      SubnetRole.FIREWALL,
      SubnetRole.FIREWALL_MANAGEMENT,
      SubnetRole.PODS,
    ];
  }

  /**
   * A role by its name, e.g. "gpu-nodes".
   * @throws when the library knows none of that name
   */
  public static of(roleName: string): SubnetRole {
    const found = SubnetRole.all().find((role) => role.roleName === roleName);
    if (found) return found;
    const known = SubnetRole.all().map((role) => role.roleName);
    throw new ConfigurationError('SubnetRole.of', {
      what: 'subnet role is not known',
      got: JSON.stringify(roleName),
      allowed: nearest(roleName, known, known.length).join(', '),
      fix: `use SubnetRole.custom(${JSON.stringify(roleName)}, 26) for a subnet of your own`,
    });
  }

  /**
   * A subnet of your own, e.g. for databases.
   * @param roleName 2-20 lower-case letters, digits and single hyphens, letter first
   * @param prefixLength its size, e.g. 26 for 64 addresses, of which Azure keeps five
   */
  public static custom(roleName: string, prefixLength: number): SubnetRole {
    if (!/^(?=.{2,20}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(roleName)) {
      throw new ConfigurationError('SubnetRole.custom', {
        what: 'role name is not valid',
        got: JSON.stringify(roleName),
        allowed: '2-20 lower-case letters, digits and single hyphens, letter first',
        fix: 'e.g. "databases"',
      });
    }
    if (!Number.isInteger(prefixLength) || prefixLength < 8 || prefixLength > 29) {
      throw new ConfigurationError('SubnetRole.custom', {
        what: `prefix length of ${roleName} is not valid`,
        got: String(prefixLength),
        allowed: '8-29; Azure takes no subnet smaller than /29',
        fix: 'e.g. 26',
      });
    }
    return new SubnetRole(roleName, 0, prefixLength);
  }

  private constructor(
    /** As it appears in names and in the platform contract, e.g. "gpu-nodes". */
    public readonly roleName: string,
    /** By how many bits the subnet is smaller than the address space it is cut from. */
    private readonly bits: number,
    /** The smallest size that still works. */
    private readonly longestPrefix: number,
    /** The name that Azure insists on, if any. */
    public readonly fixedName?: string,
  ) {}

  /** Size of the subnet in an address space of a given size. */
  public prefixLengthIn(spacePrefixLength: number): number {
    return this.bits === 0 ? this.longestPrefix : Math.min(spacePrefixLength + this.bits, this.longestPrefix);
  }

  /** The largest prefix length, so the smallest subnet, that works for the role. */
  public get smallestPrefixLength(): number {
    return this.bits === 0 ? 29 : this.longestPrefix;
  }
}
