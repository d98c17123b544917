import type { AttributeValue } from '../model/attribute-value';
import { isObject } from '../model/json';
import type { ResourceModel } from '../model/stack-model';

export const NODE_POOL_TYPES = ['azurerm_kubernetes_cluster', 'azurerm_kubernetes_cluster_node_pool'];

/** An attribute of a pool, whether it stands alone or is the default pool of a cluster. */
export function poolValue(pool: ResourceModel, attribute: string): AttributeValue {
  return pool.value(pool.type === 'azurerm_kubernetes_cluster' ? `default_node_pool.${attribute}` : attribute);
}

/** N-series sizes carry GPUs. */
export function isGpuSize(vmSize: string): boolean {
  return /^standard_n[cdgv]\d/i.test(vmSize);
}

/** Sizes whose GPUs AKS can cut into MIG instances. */
export function isMigSize(vmSize: string): boolean {
  return /_(a100|h100)_v\d$|_h200_v\d$|^standard_nd96asr_v4$|_gb200_v\d$/i.test(vmSize);
}

/** Sizes with a local disk that can hold the OS: a "d" among the letters after the vCPU count, and GPU sizes but NV v4. */
export function fitsEphemeralDisk(vmSize: string): boolean {
  return /^standard_[a-z]+\d+(-\d+)?[a-ce-z]*d[a-z]*_/i.test(vmSize);
}

/** Nodes that a pool keeps when nothing runs: its fixed count, or the minimum of its autoscaler. */
export function standingNodes(pool: ResourceModel): AttributeValue {
  const [least, fixed] = [poolValue(pool, 'min_count'), poolValue(pool, 'node_count')];
  const scales = poolValue(pool, 'auto_scaling_enabled');
  // Without an autoscaler azurerm reads min_count back as 0.
  if (scales.literal === true || fixed.isMissing) return least;
  return scales.isUnresolved ? scales : fixed;
}

/** Whether the labels of a pool say that it serves. */
export function servesModels(pool: ResourceModel): boolean {
  const labels = pool.value('node_labels').literal;
  return isObject(labels) && Object.entries(labels).some((label) => /serving|inference/i.test(label.join('=')));
}

/** Every pool of the cluster that a pool belongs to, other stacks of the app included. */
export function poolsOfSameCluster(pool: ResourceModel): ResourceModel[] {
  const cluster = pool.stack.targetsOf(pool.value('kubernetes_cluster_id'))[0];
  if (!cluster) return [pool];
  return [cluster, ...pool.stack.referrers('azurerm_kubernetes_cluster_node_pool', 'kubernetes_cluster_id', cluster)];
}
