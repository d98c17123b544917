/**
 * What a private endpoint can lead to: the sub-resource to ask for and the DNS zones that must answer for it.
 *
 * Sources: MicrosoftDocs private-endpoint-dns; Azure/terraform-azurerm-avm-ptn-network-private-link-private-dns-zones
 * variables.tf @7579464f.
 * @see https://learn.microsoft.com/azure/private-link/private-endpoint-dns
 */
export class PrivateService {
  /** Azure AI Search. */
  public static readonly AI_SEARCH = new PrivateService('Microsoft.Search/searchServices', 'searchService', [
    'privatelink.search.windows.net',
  ]);
  /** Azure OpenAI and other AI services. */
  public static readonly AI_SERVICES = new PrivateService('Microsoft.CognitiveServices/accounts', 'account', [
    'privatelink.cognitiveservices.azure.com',
    'privatelink.openai.azure.com',
    'privatelink.services.ai.azure.com',
  ]);
  /** Azure Batch account. */
  public static readonly BATCH = new PrivateService('Microsoft.Batch/batchAccounts', 'batchAccount', [
    'privatelink.batch.azure.com',
  ]);
  /** Container registry, its regional data endpoints too. */
  public static readonly CONTAINER_REGISTRY = new PrivateService('Microsoft.ContainerRegistry/registries', 'registry', [
    'privatelink.azurecr.io',
  ]);
  /** Event Hubs namespace. */
  public static readonly EVENT_HUBS = new PrivateService('Microsoft.EventHub/namespaces', 'namespace', [
    'privatelink.servicebus.windows.net',
  ]);
  /** Azure Managed Grafana. */
  public static readonly GRAFANA = new PrivateService('Microsoft.Dashboard/grafana', 'grafana', [
    'privatelink.grafana.azure.com',
  ]);
  /** Key vault. */
  public static readonly KEY_VAULT = new PrivateService('Microsoft.KeyVault/vaults', 'vault', [
    'privatelink.vaultcore.azure.net',
  ]);
  /** API server of AKS. AKS makes its endpoint itself; the zone is what one brings. */
  public static readonly KUBERNETES = new PrivateService('Microsoft.ContainerService/managedClusters', 'management', [
    'privatelink.{region}.azmk8s.io',
  ]);
  /** Managed HSM. */
  public static readonly MANAGED_HSM = new PrivateService('Microsoft.KeyVault/managedHSMs', 'managedhsm', [
    'privatelink.managedhsm.azure.net',
  ]);
  /** Azure Managed Redis. */
  public static readonly MANAGED_REDIS = new PrivateService('Microsoft.Cache/RedisEnterprise', 'redisEnterprise', [
    'privatelink.redis.azure.net',
  ]);
  /** Azure ML registry. */
  public static readonly ML_REGISTRY = new PrivateService('Microsoft.MachineLearningServices/registries', 'amlregistry', [
    'privatelink.api.azureml.ms',
  ]);
  /** Azure ML workspace. */
  public static readonly ML_WORKSPACE = new PrivateService('Microsoft.MachineLearningServices/workspaces', 'amlworkspace', [
    'privatelink.api.azureml.ms',
    'privatelink.notebooks.azure.net',
  ]);
  /** Azure Monitor private link scope: Log Analytics, Application Insights. */
  public static readonly MONITOR_PRIVATE_LINK_SCOPE = new PrivateService('Microsoft.Insights/privateLinkScopes', 'azuremonitor', [
    'privatelink.monitor.azure.com',
    'privatelink.oms.opinsights.azure.com',
    'privatelink.ods.opinsights.azure.com',
    'privatelink.agentsvc.azure-automation.net',
    'privatelink.blob.core.windows.net',
  ]);
  /** Queries to an Azure Monitor workspace (managed Prometheus). */
  public static readonly MONITOR_WORKSPACE = new PrivateService('Microsoft.Monitor/accounts', 'prometheusMetrics', [
    'privatelink.{region}.prometheus.monitor.azure.com',
  ]);
  /** Azure Database for PostgreSQL flexible server. */
  public static readonly POSTGRESQL = new PrivateService('Microsoft.DBforPostgreSQL/flexibleServers', 'postgresqlServer', [
    'privatelink.postgres.database.azure.com',
  ]);
  /** Azure Cache for Redis. */
  public static readonly REDIS_CACHE = new PrivateService('Microsoft.Cache/Redis', 'redisCache', [
    'privatelink.redis.cache.windows.net',
  ]);
  /** Blobs of a storage account. */
  public static readonly STORAGE_BLOB = new PrivateService('Microsoft.Storage/storageAccounts', 'blob', [
    'privatelink.blob.core.windows.net',
  ]);
  /** Data Lake endpoint of a storage account; goes with the one for blobs. */
  public static readonly STORAGE_DFS = new PrivateService('Microsoft.Storage/storageAccounts', 'dfs', [
    'privatelink.dfs.core.windows.net',
  ]);
  /** File shares of a storage account. */
  public static readonly STORAGE_FILE = new PrivateService('Microsoft.Storage/storageAccounts', 'file', [
    'privatelink.file.core.windows.net',
  ]);
  /** Queues of a storage account; Azure ML batch endpoints need them. */
  public static readonly STORAGE_QUEUE = new PrivateService('Microsoft.Storage/storageAccounts', 'queue', [
    'privatelink.queue.core.windows.net',
  ]);
  /** Tables of a storage account; Azure ML batch endpoints need them. */
  public static readonly STORAGE_TABLE = new PrivateService('Microsoft.Storage/storageAccounts', 'table', [
    'privatelink.table.core.windows.net',
  ]);
  /** Static web site of a storage account. */
  public static readonly STORAGE_WEB = new PrivateService('Microsoft.Storage/storageAccounts', 'web', [
    'privatelink.web.core.windows.net',
  ]);

  private constructor(
    /** ARM type of the resource, e.g. "Microsoft.KeyVault/vaults". */
    public readonly resourceType: string,
    /** The sub-resource, also called group id, e.g. "vault". */
    public readonly subresource: string,
    private readonly zones: string[],
  ) {}

  /** Names of the private DNS zones, in a region where the name holds one. */
  public zoneNames(location: string): string[] {
    return this.zones.map((zone) => zone.replace('{region}', location));
  }
}
