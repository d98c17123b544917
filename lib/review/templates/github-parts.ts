import { uses } from './actions';

/** Parts of jobs that several jobs on GitHub share. */

export const INSTALL = [
  `      - uses: ${uses('actions/setup-node')}`,
  '        with: { node-version: 22, cache: npm }',
  '      - run: npm ci --ignore-scripts',
];

export const SETUP_TERRAFORM = [
  `      - uses: ${uses('hashicorp/setup-terraform')}`,
  '        with: { terraform_version: 1.11.4, terraform_wrapper: false }',
];

export const AZURE = [
  '      ARM_USE_OIDC: "true"',
  '      ARM_TENANT_ID: ${{ vars.AZURE_TENANT_ID }}',
  '      ARM_SUBSCRIPTION_ID: ${{ vars.AZURE_SUBSCRIPTION_ID }}',
];
