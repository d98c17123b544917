/** A toleration as Kubernetes takes it. */
export interface Toleration {
  readonly key: string;
  readonly operator: string;
  readonly value?: string;
  readonly effect: string;
}

/** What a pod must tolerate to run on nodes with these taints ("key=value:Effect"), each once, in order of their keys. */
export function tolerationsFor(taints: string[]): Toleration[] {
  return [...new Set(taints)].sort().map((taint) => {
    const [left = '', effect = ''] = taint.split(':');
    const [key = '', value] = left.split('=');
    // NVIDIA's charts write their own toleration so: whatever value the taint has.
    if (value === undefined || key === 'nvidia.com/gpu') return { key, operator: 'Exists', effect };
    return { key, operator: 'Equal', value, effect };
  });
}
