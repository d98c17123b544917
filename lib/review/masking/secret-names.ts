const SECRET =
  /passw(?:or)?d|passphrase|secret|token|credential|connection_?string|kube_?config|kube_admin_config|client_certificate|private_?key|(?:^|[._-])sas(?:$|[._-])|[_-]key$|[a-z]Key$|^api_?key|_wo$|sensitive_body|^pwd$|^auth$|signature|webhook_url/i;
/** Names that speak about a secret without holding it. */
const HARMLESS =
  /(?:_|^)(?:name|names|id|ids|ref|refs|reference|type|types|path|file|policy|rotation|provider|enabled|audience|audiences|ttl|expiry|expiration|expires|version|url_path|mount|size|length|algorithm|namespace|permissions|state|status|count|days|hours|minutes|seconds|interval)$|(?:Name|Names|Id|Ids|Ref|Refs|Type|Path|File|Policy|Provider|Enabled|Audience|Expiry|Version|Size|Length|Algorithm|Namespace|Permissions|Class)$|secrets?_provider|secretsStore|csi|^(?:existing|use|generate|create|automount|enable|disable)[A-Z_]|public_?key|encryption_key$|customer_managed_key|^managed_key|sort_key|partition_key|routing_key|^topology_?key|label_?key|_wo_version$|token_mount|kube_config_context|secret_rotation|^external_?secret|^cluster_?secret/i;

/** Whether what stands under this name is a credential. Names of references to one ("secret_name", "key_vault_id") are not. */
export function isSecretName(name: string): boolean {
  const known = cache.get(name);
  if (known !== undefined) return known;
  const answer = SECRET.test(name) && !HARMLESS.test(name);
  if (cache.size < 50_000) cache.set(name, answer);
  return answer;
}

const cache = new Map<string, boolean>();

/** Attributes that hold secrets under harmless names, by type; `[]` stands for any index. */
const BY_TYPE: { readonly [type: string]: readonly string[] } = {
  azurerm_key_vault_secret: ['value'],
  azurerm_app_configuration_key: ['value'],
  azurerm_machine_learning_datastore_blobstorage: ['account_key', 'shared_access_signature'],
  helm_release: ['set_sensitive', 'set_wo', 'repository_password', 'repository_key_file'],
  kubernetes_secret: ['data', 'string_data', 'binary_data', 'data_wo', 'binary_data_wo'],
  kubernetes_secret_v1: ['data', 'string_data', 'binary_data', 'data_wo', 'binary_data_wo'],
  random_password: ['result', 'bcrypt_hash'],
  tls_private_key: ['private_key_pem', 'private_key_openssh', 'private_key_pem_pkcs8'],
};

/** The top-level attributes of a type that are secret as a whole. */
export function secretAttributesOf(type: string): readonly string[] {
  return Object.hasOwn(BY_TYPE, type) ? (BY_TYPE[type] ?? NO_ATTRIBUTES) : NO_ATTRIBUTES;
}

const NO_ATTRIBUTES: readonly string[] = [];

/** Whether an object is a Kubernetes Secret, whose data is secret whatever its keys are. */
export function isKubernetesSecret(object: { readonly [key: string]: unknown }): boolean {
  return object.kind === 'Secret' && typeof object.apiVersion === 'string';
}
