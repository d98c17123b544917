import type { NetworkSecurityRule } from './network-security-group';
import type { SubnetRole } from './subnet-role';

/** One subnet that differs from the default, or that is made beside the default ones. */
export interface SubnetOptions {
  readonly role: SubnetRole;
  /** A range of your own. @default - planned from the address space */
  readonly addressPrefix?: string;
  /** A size of your own, e.g. 24. @default - by role and address space */
  readonly prefixLength?: number;
  /** 1-80 characters. @default - made by the environment's naming */
  readonly subnetName?: string;
  /** Network rules beside those that the role brings. @default - none */
  readonly rules?: NetworkSecurityRule[];
  /** Service that the subnet is given to, e.g. "Microsoft.DBforPostgreSQL/flexibleServers". @default - none */
  readonly delegation?: string;
  /** e.g. ["Microsoft.Storage"]. @default - none: private endpoints serve better */
  readonly serviceEndpoints?: string[];
  /** Whether traffic leaves by the network's egress. @default - true, but for private endpoints, ingress and firewall */
  readonly egress?: boolean;
}
