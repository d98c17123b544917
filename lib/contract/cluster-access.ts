import { DataAzurermKubernetesCluster } from '@cdktf/provider-azurerm/lib/data-azurerm-kubernetes-cluster';
import { HelmProvider } from '@cdktf/provider-helm/lib/provider';
import { KubernetesProvider } from '@cdktf/provider-kubernetes/lib/provider';
import { Fn, TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import { AzureProvider } from '../core/azure-provider';
import { ConfigurationError } from '../core/configuration-error';
import type { IMlPlatform } from './ml-platform';

/** Entra application of the AKS API server, the same in every tenant. @see https://learn.microsoft.com/azure/aks/kubelogin-authentication */
const AKS_SERVER_APPLICATION = '6dae42f8-4368-4678-94ff-3960e28e3630';
const ID = 'ClusterAccess';

/**
 * The way of a stack into the platform's cluster: address and CA by data source, a token by `kubelogin` for whoever runs
 * Terraform (Azure CLI login by default; `AAD_LOGIN_METHOD` of kubelogin for another). One in a stack; constructs ask for it.
 */
export class ClusterAccess extends Construct {
  /**
   * The access of the stack around `scope`, made on first use.
   * @throws when the stack talks to another platform already
   */
  public static of(scope: Construct, platform: IMlPlatform): ClusterAccess {
    const stack = TerraformStack.of(scope);
    const existing = stack.node.tryFindChild(ID);
    if (!(existing instanceof ClusterAccess)) return new ClusterAccess(stack, platform);
    if (existing.clusterArmId === platform.attributes.cluster.id) return existing;
    throw new ConfigurationError(scope.node.path, {
      what: 'one stack talks to two clusters',
      got: platform.attributes.cluster.id,
      allowed: `${existing.clusterArmId}, which the stack uses already`,
      fix: 'put what belongs to the other platform into a stack of its own',
    });
  }

  private readonly clusterArmId: string;

  private constructor(stack: TerraformStack, platform: IMlPlatform) {
    super(stack, ID);
    const { cluster } = platform.attributes;
    this.clusterArmId = cluster.id;
    AzureProvider.attach(this, platform.environment);
    const data = new DataAzurermKubernetesCluster(this, 'Default', {
      name: cluster.name,
      resourceGroupName: cluster.resourceGroup,
    });
    const config = data.kubeConfig.get(0);
    const connection = {
      host: config.host,
      clusterCaCertificate: Fn.base64decode(config.clusterCaCertificate),
      exec: {
        apiVersion: 'client.authentication.k8s.io/v1',
        command: 'kubelogin',
        args: ['get-token', '--login', 'azurecli', '--server-id', AKS_SERVER_APPLICATION],
      },
    };
    new KubernetesProvider(stack, 'kubernetes', { ...connection, exec: [connection.exec] });
    new HelmProvider(stack, 'helm', { kubernetes: connection });
  }
}
