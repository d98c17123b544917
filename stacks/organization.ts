import { DataClassification, type Ownership } from '../lib/core';
import type { PlatformBudget } from '../lib/platform';

/** What all environments of the company have in common. Replace the ids with your own. */
export interface Organization {
  /** Part of every name. */
  readonly project: string;
  readonly location: string;
  readonly tenantId: string;
  /** Subscription of what the environments share. */
  readonly sharedSubscriptionId: string;
  readonly owner: Ownership;
  /** What the shared resources may cost. */
  readonly sharedBudget: PlatformBudget;
  /** Object ids of the Entra groups of the teams that are tenants. */
  readonly teams: { readonly risk: string; readonly search: string };
  /** Object ids of the Entra groups of people who train models, by name. */
  readonly dataScientistGroups: { [name: string]: string };
  /** Where `cdktf deploy` runs: the state store is reached from there only. */
  readonly buildAgents: BuildAgents;
}

export interface BuildAgents {
  /** ARM id of the subnet that gets the state store's private endpoint. */
  readonly subnetId: string;
  /** ARM id of the zone privatelink.blob.core.windows.net that the agents resolve names with. */
  readonly blobDnsZoneId: string;
  /** Object id of the Entra group of those who may read and write state. */
  readonly groupObjectId: string;
}

const CONNECTIVITY = '/subscriptions/10000000-0000-4000-8000-000000000000/resourceGroups/rg-contoso-connectivity';

const TEAMS = { risk: '3a6cb1d2-0000-4000-8000-000000000031', search: '3a6cb1d2-0000-4000-8000-000000000032' };

export const contoso: Organization = {
  project: 'contoso-ml',
  location: 'westeurope',
  tenantId: '1c0a7d5e-0000-4000-8000-000000000001',
  sharedSubscriptionId: '20000000-0000-4000-8000-000000000000',
  owner: {
    team: 'ml-platform',
    contact: 'ml-platform@contoso.example',
    costCenter: 'CC-4711',
    dataClassification: DataClassification.CONFIDENTIAL,
  },
  sharedBudget: { monthlyAmount: 300, startMonth: '2026-12' },
  teams: TEAMS,
  dataScientistGroups: { 'risk-ml': TEAMS.risk, 'search-ml': TEAMS.search },
  buildAgents: {
    subnetId: `${CONNECTIVITY}/providers/Microsoft.Network/virtualNetworks/vnet-contoso-hub/subnets/snet-build-agents`,
    blobDnsZoneId: `${CONNECTIVITY}/providers/Microsoft.Network/privateDnsZones/privatelink.blob.core.windows.net`,
    groupObjectId: '3a6cb1d2-0000-4000-8000-000000000010',
  },
};
