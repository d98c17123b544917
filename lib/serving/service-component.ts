import type { ContainerImage } from '../tenancy';

/** A container of your own beside the model: a transformer or an explainer. It serves on port 8080. */
export interface ServiceComponent {
  readonly image: ContainerImage;
  /** @default - the image's own */
  readonly args?: string[];
  /** Nothing secret. @default - none */
  readonly env?: { [name: string]: string };
  /** @default 1 */
  readonly replicas?: number;
  /** Cores. @default 0.5 */
  readonly cpu?: number;
  /** GiB. @default 1 */
  readonly memoryGib?: number;
}
