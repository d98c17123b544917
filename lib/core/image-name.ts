/** A digest as registries and Kubernetes write it. */
export const DIGEST = /^sha256:[0-9a-f]{64}$/;

/** Whether a text is "<registry>/<repository>:<tag>", the registry spelled out: what locks and the library's table list. */
export function isImage(image: string): boolean {
  return /^[a-z0-9.-]+(\.[a-z0-9-]+|:\d+)\/[a-z0-9._/-]+:[\w.-]+$/.test(image);
}
