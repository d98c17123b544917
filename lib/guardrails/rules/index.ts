import type { IRule } from '../rule';
import { aksLocalAccountsDisabled } from './aks-local-accounts-disabled';
import { helmChartPinned } from './helm-chart-pinned';
import { registryNoSharedAccounts } from './registry-no-shared-accounts';
import { storageNetworkClosed } from './storage-network-closed';
import { tagsNameTheOwner } from './tags-name-the-owner';

/** Every rule, in the order of the catalogue. */
export const ALL_RULES: IRule[] = [
  aksLocalAccountsDisabled,
  registryNoSharedAccounts,
  storageNetworkClosed,
  helmChartPinned,
  tagsNameTheOwner,
];
