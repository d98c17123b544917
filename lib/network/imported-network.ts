import { Construct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';
import type { IMlNetwork, MlNetworkAttributes } from './network-reference';
import { type IPrivateAccess, PrivateAccess } from './private-access';
import { type ISubnet, Subnet } from './subnet';
import { SubnetRole } from './subnet-role';

/** A network by its attributes. Makes nothing but the endpoints and zones that it is asked for. */
export class ImportedNetwork extends Construct implements IMlNetwork {
  public readonly virtualNetworkId: string;
  public readonly armId: string;
  public readonly virtualNetworkName: string;
  public readonly outboundType: string;
  public readonly privateAccess: IPrivateAccess;
  public readonly roles: SubnetRole[];
  private readonly subnets = new Map<string, ISubnet>();

  constructor(scope: Construct, id: string, attributes: MlNetworkAttributes) {
    super(scope, id);
    this.virtualNetworkId = attributes.virtualNetworkId;
    this.armId = attributes.virtualNetworkId;
    this.virtualNetworkName = attributes.virtualNetworkId.slice(attributes.virtualNetworkId.lastIndexOf('/') + 1);
    this.outboundType = attributes.egress?.outboundType ?? 'userDefinedRouting';
    for (const [roleName, subnetId] of Object.entries(attributes.subnetIds)) {
      this.subnets.set(roleName, Subnet.fromId(this, roleName, subnetId));
    }
    const known = SubnetRole.all();
    this.roles = [...this.subnets.keys()].map(
      (name) => known.find(({ roleName }) => roleName === name) ?? SubnetRole.custom(name, 29),
    );
    this.privateAccess = new PrivateAccess(this, 'PrivateAccess', {
      resourceGroup: attributes.resourceGroup,
      subnet: this.subnet(SubnetRole.PRIVATE_ENDPOINTS),
      virtualNetworkId: attributes.virtualNetworkId,
      dns: attributes.dns,
    });
  }

  public subnet(role: SubnetRole): ISubnet {
    const found = this.subnets.get(role.roleName);
    if (found) return found;
    throw new ConfigurationError(this.node.path, {
      what: 'the network has no subnet of this role',
      got: role.roleName,
      allowed: [...this.subnets.keys()].join(', '),
      fix: `add ${JSON.stringify(role.roleName)} to subnetIds`,
    });
  }
}
