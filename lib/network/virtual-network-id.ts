import type { IConstruct } from 'constructs';
import { ConfigurationError } from '../core/configuration-error';

/** What the id of a virtual network says. */
export interface VirtualNetworkParts {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly virtualNetworkName: string;
}

/** @throws when the id is not one of a virtual network */
export function virtualNetworkOf(scope: IConstruct, virtualNetworkId: string): VirtualNetworkParts {
  const match =
    /^\/subscriptions\/([^/]+)\/resourceGroups\/([^/]+)\/providers\/Microsoft\.Network\/virtualNetworks\/([^/]+)$/i.exec(
      virtualNetworkId,
    );
  if (match) return { subscriptionId: match[1] ?? '', resourceGroupName: match[2] ?? '', virtualNetworkName: match[3] ?? '' };
  throw new ConfigurationError(scope.node.path, {
    what: 'not the id of a virtual network',
    got: JSON.stringify(virtualNetworkId),
    allowed: '/subscriptions/<guid>/resourceGroups/<name>/providers/Microsoft.Network/virtualNetworks/<name>',
    fix: 'copy it from `az network vnet show --query id`',
  });
}
