import type { IConstruct } from 'constructs';
import type { IPrincipal, RoleGrant } from '../identity';
import type { ManagedNetworkIsolation } from './managed-network-isolation';

/** An Azure ML workspace, made here or elsewhere. */
export interface IMlWorkspace extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly workspaceId: string;
  /** ARM id known at synth. */
  readonly armId: string;
  readonly workspaceName: string;
  /** What its compute may connect to; undefined where that is not known. */
  readonly isolation?: ManagedNetworkIsolation;
  /** Lets `principal` run jobs and use models and data; not change the workspace or its compute. */
  grantDataScientist(principal: IPrincipal): RoleGrant;
  /** Lets `principal` make, start, stop and delete compute. */
  grantComputeOperator(principal: IPrincipal): RoleGrant;
  /** Lets `principal` make, change and delete endpoints and deployments, as a delivery pipeline does. */
  grantDeployment(principal: IPrincipal): RoleGrant;
  /** Lets `principal` read the secrets of connections. */
  grantConnectionSecrets(principal: IPrincipal): RoleGrant;
  /** Lets `principal` look at everything and change nothing. */
  grantRead(principal: IPrincipal): RoleGrant;
}
