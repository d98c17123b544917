import type { IRole } from './role';

/**
 * Azure's built-in roles that the platform grants, by id: names get renamed, ids do not.
 * @see https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
 */
export class BuiltInRole implements IRole {
  public static readonly ACR_PULL = new BuiltInRole('AcrPull', '7f951dda-4ed3-4680-a7ca-43fe172d538d');
  public static readonly ACR_PUSH = new BuiltInRole('AcrPush', '8311e382-0749-4cb8-b61a-304f252e45ec');
  public static readonly AKS_CLUSTER_USER = new BuiltInRole(
    'Azure Kubernetes Service Cluster User Role',
    '4abbcc35-e782-43d8-92c5-2d3f1bd2253f',
  );
  public static readonly AKS_RBAC_CLUSTER_ADMIN = new BuiltInRole(
    'Azure Kubernetes Service RBAC Cluster Admin',
    'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b',
  );
  public static readonly AKS_RBAC_READER = new BuiltInRole(
    'Azure Kubernetes Service RBAC Reader',
    '7f6c6a51-bcf8-42ba-9220-52d62157d7db',
  );
  public static readonly AKS_RBAC_WRITER = new BuiltInRole(
    'Azure Kubernetes Service RBAC Writer',
    'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
  );
  public static readonly AZURE_AI_ADMINISTRATOR = new BuiltInRole(
    'Azure AI Administrator',
    'b78c5d69-af96-48a3-bf8d-a8b4d589de94',
  );
  public static readonly AZURE_AI_ENTERPRISE_NETWORK_CONNECTION_APPROVER = new BuiltInRole(
    'Azure AI Enterprise Network Connection Approver',
    'b556d68e-0be0-4f35-a333-ad7ee1ce17ea',
  );
  public static readonly AZUREML_COMPUTE_OPERATOR = new BuiltInRole(
    'AzureML Compute Operator',
    'e503ece1-11d0-4e8e-8e2c-7a6c3bf38815',
  );
  public static readonly AZUREML_DATA_SCIENTIST = new BuiltInRole(
    'AzureML Data Scientist',
    'f6c7c914-8db3-469d-8ca1-694a8f32e121',
  );
  public static readonly AZUREML_METRICS_WRITER = new BuiltInRole(
    'AzureML Metrics Writer (preview)',
    '635dd51f-9968-44d3-b7fb-6d9a6bd613ae',
  );
  public static readonly AZUREML_WORKSPACE_CONNECTION_SECRETS_READER = new BuiltInRole(
    'Azure Machine Learning Workspace Connection Secrets Reader',
    'ea01e6af-a1c1-4350-9563-ad00f8c72ec5',
  );
  public static readonly COGNITIVE_SERVICES_OPENAI_USER = new BuiltInRole(
    'Cognitive Services OpenAI User',
    '5e0bd9bd-7b93-4f28-af87-19fc36ad61bd',
  );
  public static readonly AZUREML_REGISTRY_USER = new BuiltInRole('AzureML Registry User', '1823dd4f-9b8c-4ab6-ab4e-7397a3684615');
  public static readonly KEY_VAULT_ADMINISTRATOR = new BuiltInRole(
    'Key Vault Administrator',
    '00482a5a-887f-4fb3-b363-3b7fe8e74483',
  );
  public static readonly KEY_VAULT_CRYPTO_SERVICE_ENCRYPTION_USER = new BuiltInRole(
    'Key Vault Crypto Service Encryption User',
    'e147488a-f6f5-4113-8e2d-b22465e65bf6',
  );
  public static readonly KEY_VAULT_SECRETS_OFFICER = new BuiltInRole(
    'Key Vault Secrets Officer',
    'b86a8fe4-44ce-4948-aee5-eccb2c155cd7',
  );
  public static readonly KEY_VAULT_SECRETS_USER = new BuiltInRole(
    'Key Vault Secrets User',
    '4633458b-17de-408a-b874-0445c86b69e6',
  );
  public static readonly GRAFANA_ADMIN = new BuiltInRole('Grafana Admin', '22926164-76b3-42b3-bc55-97df8dab3e41');
  public static readonly GRAFANA_EDITOR = new BuiltInRole('Grafana Editor', 'a79a5197-3a5c-4973-a920-486035ffd60f');
  public static readonly GRAFANA_VIEWER = new BuiltInRole('Grafana Viewer', '60921a7e-fef1-4a43-9b16-a26c52ad4769');
  public static readonly MANAGED_IDENTITY_OPERATOR = new BuiltInRole(
    'Managed Identity Operator',
    'f1a07417-d97a-45cb-824c-7a7467783830',
  );
  public static readonly MONITORING_DATA_READER = new BuiltInRole(
    'Monitoring Data Reader',
    'b0d8363b-8ddd-447d-831f-62ca05bff136',
  );
  public static readonly LOG_ANALYTICS_READER = new BuiltInRole('Log Analytics Reader', '73c42c96-874c-492b-b04d-ab87d138a893');
  public static readonly MONITORING_READER = new BuiltInRole('Monitoring Reader', '43d0d8ad-25c7-4714-9337-8ba259a9fe05');
  public static readonly MONITORING_METRICS_PUBLISHER = new BuiltInRole(
    'Monitoring Metrics Publisher',
    '3913510d-42f4-4e42-8a64-420c390055eb',
  );
  public static readonly NETWORK_CONTRIBUTOR = new BuiltInRole('Network Contributor', '4d97b98b-1d4f-4787-a291-c67834d212e7');
  public static readonly PRIVATE_DNS_ZONE_CONTRIBUTOR = new BuiltInRole(
    'Private DNS Zone Contributor',
    'b12aa53e-6015-4669-85d0-8515ebb3ae7f',
  );
  public static readonly READER = new BuiltInRole('Reader', 'acdd72a7-3385-48ef-bd42-f606fba81ae7');
  public static readonly STORAGE_BLOB_DATA_CONTRIBUTOR = new BuiltInRole(
    'Storage Blob Data Contributor',
    'ba92f5b4-2d11-453d-a403-e96b0029c9fe',
  );
  public static readonly STORAGE_BLOB_DATA_OWNER = new BuiltInRole(
    'Storage Blob Data Owner',
    'b7e6dc6d-f1e8-4753-8033-0f276bb0955b',
  );
  public static readonly STORAGE_BLOB_DATA_READER = new BuiltInRole(
    'Storage Blob Data Reader',
    '2a2b9908-6ea1-4ae2-8e65-a410df84e7d1',
  );
  public static readonly STORAGE_FILE_DATA_PRIVILEGED_CONTRIBUTOR = new BuiltInRole(
    'Storage File Data Privileged Contributor',
    '69566ab7-960f-475b-8e7c-b3118f30c6bd',
  );

  private constructor(
    public readonly roleName: string,
    /** GUID of the role definition. */
    public readonly roleId: string,
  ) {}
}
