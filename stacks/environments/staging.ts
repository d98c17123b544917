import { Environment, Stage } from '../../lib/core';
import { GpuDriver, GpuRequest, GpuVmSize } from '../../lib/gpu';
import { ComputeVmSize } from '../../lib/workspace';
import type { EnvironmentDescription } from '../environment-description';
import { contoso } from '../organization';

/** A rehearsal of production: whole T4 and one A100. */
export const staging: EnvironmentDescription = {
  environment: new Environment({
    project: contoso.project,
    stage: Stage.STAGING,
    location: contoso.location,
    subscriptionId: '30000000-0000-4000-8000-0000000000e0',
    tenantId: contoso.tenantId,
    owner: contoso.owner,
  }),
  platform: {
    addressSpace: '10.41.0.0/16',
    adminGroupObjectIds: ['3a6cb1d2-0000-4000-8000-000000000020'],
    kubernetesVersion: '1.34',
    cpuPools: { cpu: { minCount: 1, maxCount: 5 } },
    gpuPools: {
      t4: { vmSize: GpuVmSize.of('Standard_NC8as_T4_v3'), driver: GpuDriver.OPERATOR, zones: ['1'], maxCount: 3 },
      a100: { vmSize: GpuVmSize.of('Standard_NC24ads_A100_v4'), driver: GpuDriver.OPERATOR, zones: ['1'], maxCount: 1 },
    },
    trainingCompute: { train: { vmSize: ComputeVmSize.of('Standard_NC24ads_A100_v4'), maxNodes: 2 } },
    modelAccess: { domain: 'models.staging.contoso.example', audiences: ['api://contoso-ml-staging'] },
    budget: { monthlyAmount: 12_000, startMonth: '2026-12' },
    dataScientistGroups: contoso.dataScientistGroups,
    tenants: [
      {
        name: 'risk',
        owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
        quota: { cpu: 32, memoryGib: 128, gpus: { 'nvidia.com/gpu': 2 } },
      },
      {
        name: 'search',
        owner: { team: 'search-ml', contact: 'search-ml@contoso.example' },
        quota: { cpu: 32, memoryGib: 256, gpus: { 'nvidia.com/gpu': 2 } },
      },
    ],
  },
  workloads: {
    access: {
      risk: { developers: [contoso.teams.risk], operators: [contoso.teams.risk] },
      search: { developers: [contoso.teams.search], operators: [contoso.teams.search] },
    },
    canaryPercent: 20,
    trainingGpu: GpuRequest.whole(1, { models: ['T4'] }),
    trainingNodes: 2,
  },
};
