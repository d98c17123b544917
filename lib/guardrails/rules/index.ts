import type { IRule } from '../rule';
import { aiServicesBounded } from './ai-services-bounded';
import { aiServicesNetworkClosed } from './ai-services-network-closed';
import { aiServicesNoKeys } from './ai-services-no-keys';
import { aksApiServerPrivate } from './aks-api-server-private';
import { aksAzurePolicy } from './aks-azure-policy';
import { aksControlPlaneSla } from './aks-control-plane-sla';
import { aksDefender } from './aks-defender';
import { aksEntraRbac } from './aks-entra-rbac';
import { aksLocalAccountsDisabled } from './aks-local-accounts-disabled';
import { aksManagedIdentity } from './aks-managed-identity';
import { aksNetworkPolicy } from './aks-network-policy';
import { aksPoolRotationName } from './aks-pool-rotation-name';
import { aksRiskyFeaturesOff } from './aks-risky-features-off';
import { aksSecretRotation } from './aks-secret-rotation';
import { aksUpgradesPlanned } from './aks-upgrades-planned';
import { aksWorkloadIdentity } from './aks-workload-identity';
import { alertsReachSomebody } from './alerts-reach-somebody';
import { budgetPerResourceGroup } from './budget-per-resource-group';
import { computeInstanceStops } from './compute-instance-stops';
import { connectionsKeyless } from './connections-keyless';
import { customRolesBounded } from './custom-roles-bounded';
import { customerManagedKeys } from './customer-managed-keys';
import { dataRolesForData } from './data-roles-for-data';
import { datastoresKeyless } from './datastores-keyless';
import { deploymentSurvivesANode } from './deployment-survives-a-node';
import { deploymentVersionsFixed } from './deployment-versions-fixed';
import { deploymentWatched } from './deployment-watched';
import { diagnosticsKept } from './diagnostics-kept';
import { endpointEntraAuth } from './endpoint-entra-auth';
import { endpointNetworkClosed } from './endpoint-network-closed';
import { endpointTrafficAddsUp } from './endpoint-traffic-adds-up';
import { federatedCredentialsExact } from './federated-credentials-exact';
import { gpuDriverStated } from './gpu-driver-stated';
import { gpuInstanceFits } from './gpu-instance-fits';
import { gpuPoolFenced } from './gpu-pool-fenced';
import { gpusIdleAtZero } from './gpus-idle-at-zero';
import { helmChartPinned } from './helm-chart-pinned';
import { helmNamespaceOwned } from './helm-namespace-owned';
import { helmNoSecrets } from './helm-no-secrets';
import { imagesPinned } from './images-pinned';
import { kubernetesNamespacesFenced } from './kubernetes-namespaces-fenced';
import { logsClosedAndKept } from './logs-closed-and-kept';
import { mlClusterScalesToZero } from './ml-cluster-scales-to-zero';
import { mlComputeNoLocalAuth } from './ml-compute-no-local-auth';
import { mlComputePrivate } from './ml-compute-private';
import { narrowScopes } from './narrow-scopes';
import { noCredentialsInCode } from './no-credentials-in-code';
import { noImplicitOutbound } from './no-implicit-outbound';
import { noInboundFromInternet } from './no-inbound-from-internet';
import { noOpenManagementPorts } from './no-open-management-ports';
import { noSecretInObjects } from './no-secret-in-objects';
import { noUnconditionalOwner } from './no-unconditional-owner';
import { nodePoolAutoscaling } from './node-pool-autoscaling';
import { nodePoolHostEncryption } from './node-pool-host-encryption';
import { nodePoolNoPublicIp } from './node-pool-no-public-ip';
import { nodePoolZones } from './node-pool-zones';
import { peopleByGroup } from './people-by-group';
import { podsOwnIdentity } from './pods-own-identity';
import { podsRestricted } from './pods-restricted';
import { podsSizedAndProbed } from './pods-sized-and-probed';
import { podsUnprivileged } from './pods-unprivileged';
import { postgresEntraAndBackup } from './postgres-entra-and-backup';
import { privateEndpointResolves } from './private-endpoint-resolves';
import { providerNeverPurges } from './provider-never-purges';
import { registryNetworkClosed } from './registry-network-closed';
import { registryNoSharedAccounts } from './registry-no-shared-accounts';
import { registryResilient } from './registry-resilient';
import { spendHasACeiling } from './spend-has-a-ceiling';
import { spotPoolEvictable } from './spot-pool-evictable';
import { stacksStandApart } from './stacks-stand-apart';
import { stateRemoteAndKeyless } from './state-remote-and-keyless';
import { statefulResourcesProtected } from './stateful-resources-protected';
import { storageEncryptedTransfer } from './storage-encrypted-transfer';
import { storageNetworkClosed } from './storage-network-closed';
import { storageNoAnonymousRead } from './storage-no-anonymous-read';
import { storageNoSharedKeys } from './storage-no-shared-keys';
import { storageReplicated } from './storage-replicated';
import { storageSoftDelete } from './storage-soft-delete';
import { subnetsHaveNsg } from './subnets-have-nsg';
import { systemPoolReserved } from './system-pool-reserved';
import { tagsNameTheOwner } from './tags-name-the-owner';
import { teamNamespacesBounded } from './team-namespaces-bounded';
import { vaultByRoles } from './vault-by-roles';
import { vaultItemsExpire } from './vault-items-expire';
import { vaultNetworkClosed } from './vault-network-closed';
import { vaultRecoverable } from './vault-recoverable';
import { workspaceNetworkClosed } from './workspace-network-closed';
import { workspaceOutboundRestricted } from './workspace-outbound-restricted';
import { workspaceOwnIdentity } from './workspace-own-identity';
import { workspacePrivateEndpoint } from './workspace-private-endpoint';

/** Every rule, in the order of the catalogue. */
export const ALL_RULES: IRule[] = [
  aksLocalAccountsDisabled,
  aksEntraRbac,
  aksApiServerPrivate,
  aksNetworkPolicy,
  aksWorkloadIdentity,
  aksManagedIdentity,
  aksAzurePolicy,
  aksSecretRotation,
  aksControlPlaneSla,
  aksUpgradesPlanned,
  aksRiskyFeaturesOff,
  aksDefender,
  aksPoolRotationName,
  nodePoolNoPublicIp,
  nodePoolHostEncryption,
  nodePoolZones,
  systemPoolReserved,
  nodePoolAutoscaling,
  gpuPoolFenced,
  gpuDriverStated,
  gpuInstanceFits,
  spotPoolEvictable,
  workspaceNetworkClosed,
  workspaceOutboundRestricted,
  workspacePrivateEndpoint,
  workspaceOwnIdentity,
  mlComputeNoLocalAuth,
  mlComputePrivate,
  mlClusterScalesToZero,
  computeInstanceStops,
  datastoresKeyless,
  endpointEntraAuth,
  endpointNetworkClosed,
  deploymentSurvivesANode,
  deploymentVersionsFixed,
  endpointTrafficAddsUp,
  deploymentWatched,
  connectionsKeyless,
  registryNoSharedAccounts,
  registryNetworkClosed,
  registryResilient,
  storageEncryptedTransfer,
  storageNoAnonymousRead,
  storageNetworkClosed,
  storageNoSharedKeys,
  storageSoftDelete,
  storageReplicated,
  vaultRecoverable,
  vaultByRoles,
  vaultNetworkClosed,
  vaultItemsExpire,
  customerManagedKeys,
  noOpenManagementPorts,
  noInboundFromInternet,
  subnetsHaveNsg,
  privateEndpointResolves,
  noImplicitOutbound,
  noUnconditionalOwner,
  narrowScopes,
  dataRolesForData,
  customRolesBounded,
  federatedCredentialsExact,
  peopleByGroup,
  aiServicesNoKeys,
  aiServicesNetworkClosed,
  aiServicesBounded,
  postgresEntraAndBackup,
  diagnosticsKept,
  logsClosedAndKept,
  alertsReachSomebody,
  kubernetesNamespacesFenced,
  teamNamespacesBounded,
  podsUnprivileged,
  podsRestricted,
  podsSizedAndProbed,
  imagesPinned,
  podsOwnIdentity,
  noSecretInObjects,
  helmChartPinned,
  helmNoSecrets,
  helmNamespaceOwned,
  stateRemoteAndKeyless,
  statefulResourcesProtected,
  noCredentialsInCode,
  providerNeverPurges,
  stacksStandApart,
  tagsNameTheOwner,
  budgetPerResourceGroup,
  gpusIdleAtZero,
  spendHasACeiling,
];
