import { App, TerraformStack, Testing } from 'cdktf';
import { DataClassification, Environment, type EnvironmentProps, type Ownership, Stage } from '../../lib/core';

/** Terraform JSON of a stack, as far as tests look into it. */
export interface TerraformJson {
  readonly resource?: Record<string, Record<string, Record<string, unknown>>>;
  readonly data?: Record<string, Record<string, Record<string, unknown>>>;
  readonly provider?: Record<string, Record<string, unknown>[]>;
  readonly terraform?: Record<string, unknown>;
  readonly [section: string]: unknown;
}

export const OWNER: Ownership = {
  team: 'ml-platform',
  contact: 'ml-platform@contoso.example',
  costCenter: 'CC-4711',
  dataClassification: DataClassification.CONFIDENTIAL,
};

/** A valid environment; a test overrides the field it is about. */
export function testEnvironment(overrides: Partial<EnvironmentProps> = {}): Environment {
  return new Environment({
    project: 'contoso-ml',
    stage: Stage.PROD,
    location: 'westeurope',
    subscriptionId: '00000000-0000-0000-0000-000000000001',
    tenantId: '11111111-1111-1111-1111-111111111111',
    owner: OWNER,
    ...overrides,
  });
}

/** An empty stack inside an environment. Its files, if any are written, land in a temporary folder. */
export function testStack(overrides: Partial<EnvironmentProps> = {}, stackName = 'Test'): TerraformStack {
  const app: App = Testing.app();
  const stack = new TerraformStack(app, stackName);
  testEnvironment(overrides).attach(stack);
  return stack;
}

/** The Terraform JSON of a stack after all validations. */
export function synth(stack: TerraformStack, validate = false): TerraformJson {
  return JSON.parse(Testing.synth(stack, validate)) as TerraformJson;
}

/** One resource at its address, e.g. "azurerm_key_vault.Vault"; says which addresses exist when it is not there. */
export function synthesized(stack: TerraformStack, address: string): Record<string, unknown> {
  const [type = '', name = ''] = address.split('.');
  const resources = synth(stack).resource ?? {};
  const found = resources[type]?.[name];
  if (found) return found;
  const addresses = Object.entries(resources).flatMap(([key, named]) => Object.keys(named).map((id) => `${key}.${id}`));
  throw new Error(`no ${address} in the stack, it has:\n${addresses.join('\n')}`);
}

/** All resources of a type, in the order of their logical ids. */
export function resourcesOf(stack: TerraformStack, type: string): Record<string, unknown>[] {
  return Object.values(synth(stack).resource?.[type] ?? {});
}
