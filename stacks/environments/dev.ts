import { Environment, Stage } from '../../lib/core';
import { GpuDriver, GpuRequest, GpuSharing, GpuVmSize } from '../../lib/gpu';
import { ComputeVmSize } from '../../lib/workspace';
import type { EnvironmentDescription } from '../environment-description';
import { contoso } from '../organization';

/** For trying things out: spot T4, each shared by four, all of it down to nothing when nobody works. */
export const dev: EnvironmentDescription = {
  environment: new Environment({
    project: contoso.project,
    stage: Stage.DEV,
    location: contoso.location,
    subscriptionId: '30000000-0000-4000-8000-0000000000d0',
    tenantId: contoso.tenantId,
    owner: contoso.owner,
  }),
  platform: {
    addressSpace: '10.40.0.0/18',
    adminGroupObjectIds: ['3a6cb1d2-0000-4000-8000-000000000020'],
    cpuPools: { cpu: { maxCount: 3 } },
    gpuPools: {
      t4: {
        vmSize: GpuVmSize.of('Standard_NC16as_T4_v3'),
        driver: GpuDriver.OPERATOR,
        sharing: GpuSharing.timeSlicing(4),
        spot: true,
        maxCount: 2,
      },
    },
    trainingCompute: { train: { vmSize: ComputeVmSize.of('Standard_NC16as_T4_v3'), lowPriority: true, maxNodes: 2 } },
    modelAccess: { domain: 'models.dev.contoso.example', audiences: ['api://contoso-ml-dev'] },
    budget: { monthlyAmount: 4_000, startMonth: '2026-12' },
    dataScientistGroups: contoso.dataScientistGroups,
    tenants: [
      {
        name: 'risk',
        owner: { team: 'risk-ml', contact: 'risk-ml@contoso.example' },
        quota: { cpu: 16, memoryGib: 64, gpus: { 'nvidia.com/gpu': 4 } },
      },
      {
        name: 'search',
        owner: { team: 'search-ml', contact: 'search-ml@contoso.example' },
        quota: { cpu: 8, memoryGib: 32, gpus: { 'nvidia.com/gpu': 4 } },
      },
    ],
  },
  workloads: {
    access: {
      risk: { developers: [contoso.teams.risk], operators: [contoso.teams.risk] },
      search: { developers: [contoso.teams.search], operators: [contoso.teams.search] },
    },
    canaryPercent: 50,
    trainingGpu: GpuRequest.slice(),
    trainingNodes: 2,
  },
};
