import type { IResourceGroup } from '../core';
import type { IKeyVault, IMlStorage } from '../data';
import type { IApplicationInsights } from '../observability';
import type { IContainerRegistry } from '../registry';

/** What a workspace stands on. */
export interface WorkspaceDependencies {
  readonly resourceGroup: IResourceGroup;
  readonly storage: IMlStorage;
  readonly keyVault: IKeyVault;
  readonly registry: IContainerRegistry;
  readonly applicationInsights: IApplicationInsights;
}
