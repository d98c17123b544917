import type { IConstruct } from 'constructs';
import type { IResourceGroup } from '../core';
import type { Egress } from './egress';
import type { IPrivateAccess } from './private-access';
import type { PrivateDns } from './private-dns';
import type { ISubnet } from './subnet';
import type { SubnetRole } from './subnet-role';

/** The network of a platform, made here or elsewhere. */
export interface IMlNetwork extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly virtualNetworkId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly virtualNetworkName: string;
  /** How nodes get out, in the words of AKS (`outbound_type`). */
  readonly outboundType: string;
  /** Private endpoints and their DNS. */
  readonly privateAccess: IPrivateAccess;
  /** The roles that have a subnet. */
  readonly roles: SubnetRole[];
  /**
   * The subnet of a role.
   * @throws when the network has none; the message lists those it has
   */
  subnet(role: SubnetRole): ISubnet;
}

/** A network that exists, with the subnets that the platform may use. */
export interface MlNetworkAttributes {
  /** ARM id of the virtual network. */
  readonly virtualNetworkId: string;
  /** Map from subnet role, e.g. "gpu-nodes", to ARM id; "private-endpoints" must be among them. One subnet may serve several roles. */
  readonly subnetIds: { [roleName: string]: string };
  /** Group of the private endpoints, and of the zones where the platform owns them. */
  readonly resourceGroup: IResourceGroup;
  /** How the network lets traffic out. @default - a route of its owner (`userDefinedRouting`) */
  readonly egress?: Egress;
  /** @default PrivateDns.owned() */
  readonly dns?: PrivateDns;
}
