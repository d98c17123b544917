import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isObject } from '../../guardrails/model/json';
import { readJsonFile } from './plan-file';

/** The part of a platform contract that a review reads. */
export interface ContractView {
  readonly environment: { readonly stage: string };
  readonly nodePools: PoolView[];
  readonly tenants: TenantView[];
  /** The whole document, for what has no reading of its own. */
  readonly document: Record<string, unknown>;
}

export interface PoolView {
  readonly name: string;
  readonly vmSize: string;
  readonly minCount: number;
  readonly maxCount: number;
  readonly labels: { readonly [key: string]: string };
  readonly taints: string[];
  readonly gpu?: { readonly model: string; readonly count: number; readonly resources: { readonly [name: string]: number } };
}

export interface TenantView {
  readonly name: string;
  readonly owner: string;
  readonly gpus: { readonly [resource: string]: number };
}

/** Contracts that a synth wrote, by stage; none where the folder has none. */
export function readContracts(folder: string, maxMegabytes: number): Map<string, ContractView> {
  const contracts = new Map<string, ContractView>();
  const path = join(folder, 'contracts');
  if (!existsSync(path)) return contracts;
  for (const file of readdirSync(path)
    .filter((name) => name.endsWith('.json'))
    .sort()) {
    const { json } = readJsonFile(join(path, file), maxMegabytes, 'run cdktf synth again');
    if (!isObject(json) || !isObject(json.environment) || typeof json.environment.stage !== 'string') continue;
    contracts.set(json.environment.stage, {
      environment: { stage: json.environment.stage },
      nodePools: list(json.nodePools).map(pool),
      tenants: list(json.tenants).map(tenant),
      document: json,
    });
  }
  return contracts;
}

function pool(value: Record<string, unknown>): PoolView {
  const gpu = isObject(value.gpu) ? value.gpu : undefined;
  return {
    name: String(value.name),
    vmSize: String(value.vmSize),
    minCount: Number(value.minCount) || 0,
    maxCount: Number(value.maxCount) || 0,
    labels: isObject(value.labels)
      ? Object.fromEntries(Object.entries(value.labels).map(([key, one]) => [key, String(one)]))
      : {},
    taints: Array.isArray(value.taints) ? value.taints.map(String) : [],
    gpu: gpu && { model: String(gpu.model), count: Number(gpu.count) || 0, resources: numbers(gpu.resources) },
  };
}

function tenant(value: Record<string, unknown>): TenantView {
  const owner = isObject(value.owner) ? String(value.owner.team) : '';
  return { name: String(value.name), owner, gpus: isObject(value.quota) ? numbers(value.quota.gpus) : {} };
}

function numbers(value: unknown): { [name: string]: number } {
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, Number(one) || 0])) : {};
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}
