import type { ContractTenant, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';

/** Namespaces that belong to the cluster or to the platform's controllers. */
const RESERVED =
  /^((kube|aks|azure|gatekeeper)-.*|default|gatekeeper|argo|airflow|cert-manager|calico-system|envoy-(ai-)?gateway-system|inference-extension|external-secrets|gpu-operator|istio-(system|ingress)|jobset-system|keda|knative-.*|kserve|kubeflow-system|kueue-system|kyverno|lws-system|mlflow|monitoring|network-operator|tigera-operator|velero)$/;

/** Refuses what Kubernetes or the platform refuses as a tenant's namespace. */
export function checkNamespace(path: string, namespace: string): void {
  const valid = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace);
  if (valid && !RESERVED.test(namespace)) return;
  throw new ConfigurationError(path, {
    what: valid ? 'namespace belongs to the cluster or to a controller of the platform' : 'namespace is not valid',
    got: JSON.stringify(namespace),
    allowed: '1-63 lower-case letters, digits and hyphens, none of the namespaces that controllers use (kube-system, kserve, …)',
    fix: 'name it after the team, e.g. "risk"',
  });
}

/** Refuses a quota that the pools could not serve, however large they grow: it promises what nobody can have. */
export function checkQuota(path: string, platform: IMlPlatform, { name, quota }: ContractTenant): void {
  const pools = platform.attributes.nodePools;
  const sum = (of: (pool: (typeof pools)[number]) => number) =>
    pools.reduce((total, pool) => total + pool.maxCount * of(pool), 0);
  const dimensions: [string, number, number][] = [
    ['CPU cores', quota.cpu, sum((pool) => pool.vcpus)],
    ['GiB of memory', quota.memoryGib, sum((pool) => pool.memoryGib)],
    ...Object.entries(quota.gpus).map(([resource, count]): [string, number, number] => [
      resource,
      count,
      sum((pool) => pool.gpu?.resources[resource] ?? 0),
    ]),
  ];
  const over = dimensions.filter(([, asked, there]) => asked > there);
  if (over.length === 0) return;
  throw new ConfigurationError(path, {
    what: `quota of tenant ${name} exceeds all pools at their largest`,
    got: over.map(([what, asked]) => `${asked} ${what}`).join(', '),
    allowed: over.map(([what, , there]) => `${there} ${what}`).join(', '),
    fix: 'lower the quota, or raise maxCount of a pool that offers it',
  });
}
