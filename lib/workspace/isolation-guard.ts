import { Fn, type Precondition, Token } from 'cdktf';
import type { Construct } from 'constructs';
import { DataAzapiResource } from '../azapi';
import { ManagedNetworkIsolation } from './managed-network-isolation';

/** From what each isolation can be reached; Azure refuses every other way, hours into an apply. "" is a workspace yet to be made. */
const REACHED_FROM: Readonly<Record<ManagedNetworkIsolation, readonly string[] | undefined>> = {
  [ManagedNetworkIsolation.DISABLED]: ['', ManagedNetworkIsolation.DISABLED],
  [ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND]: [
    '',
    ManagedNetworkIsolation.DISABLED,
    ManagedNetworkIsolation.ALLOW_INTERNET_OUTBOUND,
  ],
  [ManagedNetworkIsolation.ALLOW_ONLY_APPROVED_OUTBOUND]: undefined,
};

/** Stops a plan that would take back what Azure does not take back: reads the isolation that the workspace has now. */
export function isolationPreconditions(
  scope: Construct,
  armId: string,
  isolation: ManagedNetworkIsolation,
): Precondition[] | undefined {
  const allowed = REACHED_FROM[isolation];
  if (!allowed) return undefined;
  const current = new DataAzapiResource(scope, 'CurrentIsolation', {
    type: 'Microsoft.MachineLearningServices/workspaces@2025-06-01',
    resourceId: armId,
    ignoreNotFound: true,
    responseExportValues: ['properties.managedNetwork.isolationMode'],
  });
  const mode = Fn.try([current.output('properties.managedNetwork.isolationMode'), '']);
  return [
    {
      condition: Token.asString(Fn.contains([...allowed], mode)),
      errorMessage:
        `The managed network of this workspace cannot become ${isolation}: Azure neither turns one off nor opens it again. ` +
        'Keep the isolation it has, or make a new workspace.',
    },
  ];
}
