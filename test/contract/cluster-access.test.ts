import { TerraformStack, Testing } from 'cdktf';
import { Construct } from 'constructs';
import { describe, expect, test } from 'vitest';
import { ClusterAccess, PlatformContract } from '../../lib/contract';
import { contractAttributes } from '../helpers/contract';
import { synth } from '../helpers/synth';

describe('ClusterAccess', () => {
  test('reads the address of the cluster and logs in with kubelogin, never with a key', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    ClusterAccess.of(stack, PlatformContract.fromAttributes(stack, 'Platform', contractAttributes()));
    const { data, provider } = synth(stack);
    expect(data?.azurerm_kubernetes_cluster?.ClusterAccess).toMatchObject({ name: 'aks-contoso-ml-prod-euw' });
    const [helm] = provider?.helm ?? [];
    const [kubernetes] = provider?.kubernetes ?? [];
    const exec = { command: 'kubelogin', args: expect.arrayContaining(['get-token', '6dae42f8-4368-4678-94ff-3960e28e3630']) };
    expect(kubernetes).toMatchObject({
      host: '${data.azurerm_kubernetes_cluster.ClusterAccess.kube_config[0].host}',
      exec: [exec],
    });
    expect(helm).toMatchObject({ kubernetes: { exec } });
    expect(JSON.stringify(provider)).not.toMatch(/client_key|client_certificate|password|"token"/);
  });

  test('is one in a stack, however many constructs ask', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const platform = PlatformContract.fromAttributes(stack, 'Platform', contractAttributes());
    expect(ClusterAccess.of(new Construct(stack, 'A'), platform)).toBe(ClusterAccess.of(new Construct(stack, 'B'), platform));
  });

  test('refuses two clusters in one stack', () => {
    const stack = new TerraformStack(Testing.app(), 'App');
    const { cluster } = contractAttributes();
    ClusterAccess.of(stack, PlatformContract.fromAttributes(stack, 'One', contractAttributes()));
    const other = PlatformContract.fromAttributes(
      stack,
      'Two',
      contractAttributes({ cluster: { ...cluster, id: `${cluster.id}-2` } }),
    );
    expect(() => ClusterAccess.of(stack, other)).toThrow(/one stack talks to two clusters.*stack of its own/s);
  });
});
