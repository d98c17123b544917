import { armKeyOfId } from '../../guardrails/model/arm-id';
import { isObject } from '../../guardrails/model/json';
import type { Dependents } from '../model/review';
import { type RawChange, type StackInput, withoutIndex } from '../plan/stack-input';

const MOST_SHOWN = 5;
const MOST_WALKED = 500;
/** The contract of an environment carries ids of these: all stacks that are deployed after rely on them. */
const IN_CONTRACT = new Set([
  'azurerm_kubernetes_cluster',
  'azurerm_kubernetes_cluster_node_pool',
  'azurerm_container_registry',
  'azurerm_machine_learning_workspace',
  'azurerm_virtual_network',
  'azurerm_subnet',
  'azurerm_storage_account',
  'azurerm_key_vault',
  'azurerm_log_analytics_workspace',
  'azurerm_user_assigned_identity',
  'azurerm_resource_group',
]);

/** Shared by all that nothing depends on. */
export const NO_DEPENDENTS: Dependents = { nearest: [], total: 0, stacks: [] };

/** A resource, and what refers to it. */
interface Referred {
  readonly address: string;
  readonly by: Referred[];
  met: number;
}

/** What refers to what, read backwards, in each stack and across them by ARM id. */
export class BlastRadius {
  private readonly dependents = new Map<string, Map<string, Referred>>();
  /** Number of the walk under way: what bears it was met already. */
  private walk = 0;
  private readonly usersOfId = new Map<string, Set<string>>();
  private readonly followers = new Map<string, string[]>();

  constructor(private readonly inputs: readonly StackInput[]) {
    for (const input of inputs) {
      const reverse = new Map<string, Referred>();
      const at = (address: string) => {
        let found = reverse.get(address);
        if (!found) {
          found = { address, by: [], met: 0 };
          reverse.set(address, found);
        }
        return found;
      };
      input.references.forEach((references, address) => {
        const own = at(address);
        for (let index = 0; index < references.length; index += 1) at(references[index] ?? '').by.push(own);
      });
      this.dependents.set(input.stack, reverse);
      for (const dependency of input.dependencies) {
        this.followers.set(dependency, [...(this.followers.get(dependency) ?? []), input.stack]);
      }
    }
    // Alone, a stack has no users in others.
    if (inputs.length > 1) for (const input of inputs) this.indexIds(input);
  }

  public of(change: RawChange, input: StackInput): Dependents {
    const start = this.dependents.get(input.stack)?.get(withoutIndex(change.address));
    const queue = start ? [start] : [];
    this.walk += 1;
    if (start) start.met = this.walk;
    for (let at = 0; at < queue.length && queue.length < MOST_WALKED; at += 1) {
      const by = queue[at]?.by ?? [];
      for (let index = 0; index < by.length; index += 1) {
        const next = by[index];
        if (!next || next.met === this.walk) continue;
        next.met = this.walk;
        queue.push(next);
      }
    }
    const stacks = this.stacksOf(change, input);
    if (queue.length <= 1 && stacks.length === 0) return NO_DEPENDENTS;
    const nearest = queue.slice(1, MOST_SHOWN + 1).map(({ address }) => address);
    return { nearest, total: Math.max(0, queue.length - 1), stacks };
  }

  private stacksOf(change: RawChange, input: StackInput): string[] {
    if (this.usersOfId.size === 0 && this.followers.size === 0) return [];
    const stacks = new Set(this.usersByIdOf(change, input.stack));
    if (IN_CONTRACT.has(change.type)) for (const follower of this.followersOf(input.stack)) stacks.add(follower);
    return [...stacks].sort();
  }

  /** Stacks that are deployed after a stack, directly or not. */
  private followersOf(stack: string): Set<string> {
    const found = new Set<string>();
    const open = [stack];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      for (const follower of this.followers.get(next) ?? []) {
        if (found.has(follower)) continue;
        found.add(follower);
        open.push(follower);
      }
    }
    return found;
  }

  private usersByIdOf(change: RawChange, stack: string): string[] {
    const id = isObject(change.before) ? change.before.id : undefined;
    const key = typeof id === 'string' ? armKeyOfId(id) : undefined;
    const known = key ?? this.inputs.find((one) => one.stack === stack)?.headModel?.find(withoutIndex(change.address))?._armKey;
    return known === undefined ? [] : [...(this.usersOfId.get(known) ?? [])].filter((user) => user !== stack);
  }

  /** ARM ids that a stack names in clear: of what stands in other stacks, among others. */
  private indexIds(input: StackInput): void {
    for (const resource of input.headModel?.managed ?? []) {
      for (const id of idsIn(resource.attributes)) {
        const key = armKeyOfId(id);
        if (key === undefined) continue;
        const users = this.usersOfId.get(key);
        if (users) users.add(input.stack);
        else this.usersOfId.set(key, new Set([input.stack]));
      }
    }
  }
}

function idsIn(root: unknown): string[] {
  const found: string[] = [];
  const open = [root];
  while (open.length > 0) {
    const current = open.pop();
    if (typeof current === 'string') {
      if (current.startsWith('/subscriptions/')) found.push(current);
    } else if (typeof current === 'object' && current !== null) open.push(...Object.values(current));
  }
  return found;
}
