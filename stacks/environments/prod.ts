import { Environment, Stage } from '../../lib/core';
import { GpuDriver, GpuRequest, GpuSharing, GpuVmSize, MigProfile } from '../../lib/gpu';
import { ComputeVmSize } from '../../lib/workspace';
import type { EnvironmentDescription } from '../environment-description';
import { contoso } from '../organization';

/** What users depend on: A100 cut into MIG instances for the many small models, whole H100 for the large ones. */
export const prod: EnvironmentDescription = {
  environment: new Environment({
    project: contoso.project,
    stage: Stage.PROD,
    location: contoso.location,
    subscriptionId: '30000000-0000-4000-8000-0000000000f0',
    tenantId: contoso.tenantId,
    owner: contoso.owner,
  }),
  platform: {
    addressSpace: '10.42.0.0/16',
    adminGroupObjectIds: ['3a6cb1d2-0000-4000-8000-000000000020'],
    kubernetesVersion: '1.34',
    cpuPools: { cpu: { minCount: 3, maxCount: 12 } },
    gpuPools: {
      a100: {
        vmSize: GpuVmSize.of('Standard_NC24ads_A100_v4'),
        driver: GpuDriver.OPERATOR,
        sharing: GpuSharing.mig({ '3g.40gb': 1, '2g.20gb': 1, '1g.10gb': 2 }),
        zones: ['1', '2'],
        // The autoscaler learns MIG instances from a running node, and models are served from it day and night.
        labels: { 'ml-platform/purpose': 'serving' },
        minCount: 1,
        maxCount: 4,
      },
      h100: {
        vmSize: GpuVmSize.of('Standard_NC40ads_H100_v5'),
        driver: GpuDriver.OPERATOR,
        zones: ['1', '2'],
        maxCount: 4,
      },
    },
    trainingCompute: {
      train: { vmSize: ComputeVmSize.of('Standard_NC24ads_A100_v4'), maxNodes: 8 },
      score: { vmSize: ComputeVmSize.of('Standard_NC16as_T4_v3'), maxNodes: 4 },
    },
    modelAccess: { domain: 'models.prod.contoso.example', audiences: ['api://contoso-ml-prod'] },
    budget: { monthlyAmount: 60_000, startMonth: '2026-12' },
    dataScientistGroups: contoso.dataScientistGroups,
    tenants: [
      {
        name: 'risk',
        owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
        quota: { cpu: 64, memoryGib: 256, gpus: { 'nvidia.com/mig-3g.40gb': 2, 'nvidia.com/mig-1g.10gb': 4 } },
      },
      {
        name: 'search',
        owner: { team: 'search-ml', contact: 'search-ml@contoso.example' },
        quota: { cpu: 160, memoryGib: 1280, gpus: { 'nvidia.com/gpu': 4, 'nvidia.com/mig-2g.20gb': 2 } },
      },
    ],
  },
  workloads: {
    // What changes in prod comes by pull request; teams see it, and act when it alarms.
    access: {
      risk: { readers: [contoso.teams.risk], operators: [contoso.teams.risk] },
      search: { readers: [contoso.teams.search], operators: [contoso.teams.search] },
    },
    canaryPercent: 10,
    trainingGpu: GpuRequest.mig(MigProfile.of('3g.40gb')),
    trainingNodes: 2,
    languageModelGpu: GpuRequest.whole(1, { models: ['H100'] }),
  },
};
