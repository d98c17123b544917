import { App, TerraformStack } from 'cdktf';
import { describe, expect, test } from 'vitest';
import { CapacityPlanner } from '../../lib/cluster';
import { PlatformContract } from '../../lib/contract';
import { GpuRequest, MigProfile } from '../../lib/gpu';
import { contractAttributes } from '../helpers/contract';
import { synth, testEnvironment } from '../helpers/synth';

const GPU = GpuRequest.mig(MigProfile.of('3g.40gb'));

function twoStacks(overrides = {}) {
  const app = new App();
  const stacks = ['serving', 'training'].map((name) => {
    const stack = new TerraformStack(app, name);
    testEnvironment().attach(stack);
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes(overrides));
    return { stack, platform };
  });
  return stacks as [(typeof stacks)[0], (typeof stacks)[0]];
}

describe('CapacityPlanner', () => {
  test('counts the workloads of all stacks of an app together', () => {
    const [serving, training] = twoStacks();
    CapacityPlanner.of(serving.stack, serving.platform).register({
      name: 'serving/Fraud',
      replicas: 3,
      cpu: 1,
      memoryGib: 4,
      gpu: GPU,
    });
    expect(() => synth(serving.stack, true)).not.toThrow();
    CapacityPlanner.of(training.stack, training.platform).register({
      name: 'training/Tune',
      replicas: 2,
      cpu: 1,
      memoryGib: 4,
      gpu: GPU,
    });
    expect(() => synth(serving.stack, true)).toThrow(/1 of [23] pods without a node.*maxCount of a100/s);
  });

  test('knows the prices, tenants and quotas of the contract', () => {
    const [{ stack, platform }] = twoStacks({ vcpuQuotas: { StandardNCADSA100v4Family: 24 } });
    const planner = CapacityPlanner.of(stack, platform);
    planner.register({ name: 'serving/Fraud', tenant: 'risk', replicas: 3, cpu: 1, memoryGib: 4, gpu: GPU });
    expect(planner.plan.monthlyCostMax).toBeGreaterThan(0);
    expect(() => synth(stack, true)).toThrow(/tenant risk: quota of nvidia.com\/mig-3g.40gb.*too few vCPUs/s);
  });

  test('lets queued work pass and keeps it as a note', () => {
    const [{ stack, platform }] = twoStacks();
    const planner = CapacityPlanner.of(stack, platform);
    planner.register({ name: 'serving/Fraud', replicas: 4, cpu: 1, memoryGib: 4, gpu: GPU });
    planner.register({ name: 'training/Tune', replicas: 2, cpu: 1, memoryGib: 4, gpu: GPU, waits: true });
    expect(() => synth(stack, true)).not.toThrow();
    expect(planner.plan.notes).toHaveLength(1);
  });
});
