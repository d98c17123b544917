import { VmPrice } from '../../gpu/vm-price';
import { evaluate } from '../../guardrails/evaluation';
import type { Finding } from '../../guardrails/finding';
import type { GuardrailPack } from '../../guardrails/guardrail-pack';
import { isObject } from '../../guardrails/model/json';
import type { ResourceModel } from '../../guardrails/model/stack-model';
import type { SynthOutput } from '../synth-output';
import type { ReportCapacity } from './capacity';
import { environmentOf, layerOf } from './layers';
import { type ReportPool, readPools } from './node-pools';
import { type ReportSubnet, readSubnets } from './subnets';

export interface ReportFindingCounts {
  readonly error: number;
  readonly warning: number;
  readonly note: number;
  /** Known at apply only. */
  readonly unresolved: number;
  readonly acknowledged: number;
}

export interface ReportStack {
  readonly name: string;
  readonly environment: string;
  readonly layer: string;
  /** dev, staging or prod: how strict the guardrails were. */
  readonly strictness: string;
  readonly dependencies: string[];
  readonly resources: number;
  readonly data: number;
  readonly findings: ReportFindingCounts;
}

export interface ReportConstruct {
  readonly stack: string;
  /** Path in the construct tree, the stack included. */
  readonly path: string;
  readonly resources: { readonly type: string; readonly address: string }[];
}

export interface ReportFinding {
  readonly stack: string;
  readonly id: string;
  readonly title: string;
  readonly severity: string;
  readonly level: string;
  readonly status: string;
  readonly constructPath: string;
  readonly address: string;
  readonly attribute: string;
  readonly seen: string;
  readonly what?: string;
  readonly allowed?: string;
  readonly fix: string;
  readonly remark?: string;
  readonly acknowledgement?: {
    readonly reason: string;
    readonly owner: string;
    readonly expires: string;
    readonly ticket?: string;
  };
}

/** All that the reports show. Additive within a major schema version; no time stamps: same input, same bytes. */
export interface Report {
  readonly schemaVersion: string;
  readonly pack: string;
  readonly stacks: ReportStack[];
  readonly constructs: ReportConstruct[];
  readonly pools: ReportPool[];
  readonly price: { readonly currency: string; readonly kind: string; readonly date: string };
  /** Where each subnet lies. */
  readonly subnets: ReportSubnet[];
  /** Capacity of the environments whose workloads are planned. */
  readonly capacity: ReportCapacity[];
  readonly findings: ReportFinding[];
}

export const REPORT_SCHEMA_VERSION = '1.0';

/** Puts the report together; pure, but for the date that acknowledgements are held against. */
export function buildReport(output: SynthOutput, pack: GuardrailPack, today: string, capacity: ReportCapacity[] = []): Report {
  const evaluations = output.stacks.map((stack) => evaluate(stack.model, pack, { today }));
  const stacks = output.stacks.map(({ model, dependencies }, index): ReportStack => {
    const managed = model.managed.filter(hasAddress);
    return {
      name: model.name,
      environment: environmentOf(model.name),
      layer: layerOf(model.name),
      strictness: evaluations[index]?.strictness ?? 'prod',
      dependencies: [...dependencies].sort(),
      resources: managed.length,
      data: model.resources.filter((resource) => resource.type.startsWith('data.')).length,
      findings: countFindings(evaluations[index]?.findings ?? []),
    };
  });
  return {
    schemaVersion: REPORT_SCHEMA_VERSION,
    pack: pack.packName,
    stacks,
    constructs: output.stacks.flatMap(({ model }) => constructsOf(model.name, model.managed.filter(hasAddress))),
    pools: readPools(output.stacks, output.contracts),
    price: { currency: 'USD', kind: 'list price, Linux, pay as you go', date: VmPrice.DATE },
    subnets: readSubnets(output.stacks),
    capacity,
    findings: evaluations.flatMap((evaluation) => evaluation.findings.map(reportFinding)),
  };
}

export function countFindings(findings: readonly Finding[]): ReportFindingCounts {
  const open = (level: string) => findings.filter((finding) => finding.status === 'open' && finding.level === level).length;
  const withStatus = (status: string) => findings.filter((finding) => finding.status === status).length;
  return {
    error: open('error'),
    warning: open('warning'),
    note: open('note'),
    unresolved: withStatus('unresolved'),
    acknowledged: withStatus('acknowledged'),
  };
}

export function reportFinding(finding: Finding): ReportFinding {
  const { rule, acknowledgement, sourceLocation, ...rest } = finding;
  return {
    ...rest,
    title: rule.title,
    severity: rule.severity,
    ...(acknowledgement
      ? {
          acknowledgement: {
            reason: acknowledgement.reason,
            owner: acknowledgement.owner,
            expires: acknowledgement.expires,
            ticket: acknowledgement.ticket,
          },
        }
      : {}),
  };
}

function hasAddress(resource: ResourceModel): boolean {
  // Objects that travel in the values of a release have no address of their own.
  return !resource.address.includes('/');
}

function constructsOf(stack: string, resources: ResourceModel[]): ReportConstruct[] {
  const groups = new Map<string, { type: string; address: string }[]>();
  for (const resource of resources) {
    const path = ownerPath(resource, stack);
    const group = groups.get(path) ?? [];
    group.push({ type: resource.type, address: resource.address });
    groups.set(path, group);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([path, members]) => ({ stack, path, resources: members.sort((a, b) => (a.address < b.address ? -1 : 1)) }));
}

/** The construct that made the resource: the path without its last part. */
function ownerPath(resource: ResourceModel, stack: string): string {
  const comment = resource.attributes['//'];
  const metadata = isObject(comment) && isObject(comment.metadata) ? comment.metadata : {};
  const path = typeof metadata.path === 'string' ? metadata.path : '';
  return path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : stack;
}
