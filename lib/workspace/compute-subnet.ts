import { ConfigurationError } from '../core/configuration-error';
import type { ISubnet } from '../network';
import { ManagedNetworkIsolation } from './managed-network-isolation';
import type { IMlWorkspace } from './workspace-reference';

/** @throws when compute names a subnet although the workspace has a managed network, or none although it has not */
export function checkSubnet(path: string, workspace: IMlWorkspace, subnet: ISubnet | undefined): void {
  if (workspace.isolation === undefined) return;
  const managed = workspace.isolation !== ManagedNetworkIsolation.DISABLED;
  if (managed === (subnet === undefined)) return;
  throw new ConfigurationError(path, {
    what: managed
      ? 'compute of a managed network cannot have a subnet of its own'
      : 'compute without a public address needs a subnet',
    got: managed ? `isolation ${workspace.isolation} and a subnet` : 'isolation Disabled and no subnet',
    allowed: 'a subnet where isolation is Disabled, none elsewhere',
    fix: managed ? 'drop subnet' : 'give subnet: network.subnet(SubnetRole.COMPUTE)',
  });
}
