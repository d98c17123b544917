import { describe, expect, test } from 'vitest';
import { WorkloadIdentity } from '../../lib/identity';
import { azureStack } from '../helpers/azure';
import { resourcesOf, synthesized } from '../helpers/synth';

const ISSUER = 'https://westeurope.oic.prod-aks.azure.com/t/c/';

function testIdentity() {
  const { stack, resourceGroup } = azureStack();
  return { stack, identity: new WorkloadIdentity(stack, 'Scorer', { resourceGroup, purpose: 'scorer' }) };
}

describe('WorkloadIdentity', () => {
  test('is a user-assigned identity', () => {
    const { stack } = testIdentity();
    expect(synthesized(stack, 'azurerm_user_assigned_identity.Scorer').name).toBe('id-contoso-ml-prod-euw-scorer');
  });

  test('trusts one service account of one cluster', () => {
    const { stack, identity } = testIdentity();
    identity.federateServiceAccount({ issuerUrl: ISSUER, namespace: 'risk', serviceAccount: 'scorer' });
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toEqual([
      expect.objectContaining({
        name: 'risk-scorer',
        parent_id: '${azurerm_user_assigned_identity.Scorer.id}',
        issuer: ISSUER,
        subject: 'system:serviceaccount:risk:scorer',
        audience: ['api://AzureADTokenExchange'],
      }),
    ]);
  });

  test('trusts a GitHub Actions job in one repository and environment', () => {
    const { stack, identity } = testIdentity();
    identity.federateGitHub({ repository: 'contoso/ml-platform', environment: 'prod' });
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toEqual([
      expect.objectContaining({
        name: 'github-contoso-ml-platform-prod',
        issuer: 'https://token.actions.githubusercontent.com',
        subject: 'repo:contoso/ml-platform:environment:prod',
      }),
    ]);
  });

  test('trusts an Azure DevOps service connection', () => {
    const { stack, identity } = testIdentity();
    identity.federateAzureDevOps({
      organizationId: '33333333-3333-3333-3333-333333333333',
      organization: 'contoso',
      project: 'ml platform',
      serviceConnection: 'prod',
    });
    expect(resourcesOf(stack, 'azurerm_federated_identity_credential')).toEqual([
      expect.objectContaining({
        name: 'azure-devops-ml-platform-prod',
        issuer: 'https://vstoken.dev.azure.com/33333333-3333-3333-3333-333333333333',
        subject: 'sc://contoso/ml platform/prod',
      }),
    ]);
  });

  test('refuses a wildcard for a service account: Entra compares subjects letter by letter', () => {
    const { identity } = testIdentity();
    expect(() => identity.federateServiceAccount({ issuerUrl: ISSUER, namespace: 'risk', serviceAccount: '*' })).toThrow(
      /serviceAccount is not a Kubernetes name, got "\*".*wildcards/s,
    );
  });

  test('refuses a repository without its owner', () => {
    const { identity } = testIdentity();
    expect(() => identity.federateGitHub({ repository: 'ml-platform', environment: 'prod' })).toThrow(/<owner>\/<repository>/);
  });

  test('refuses a name that Azure would not take', () => {
    const { identity } = testIdentity();
    const federation = { issuerUrl: ISSUER, namespace: 'risk', serviceAccount: 'scorer' };
    expect(() => identity.federateServiceAccount({ ...federation, name: 'a.b' })).toThrow(/3-120 ASCII/);
  });

  test('holds twenty credentials and no more', () => {
    const { identity } = testIdentity();
    const federate = (number: number) =>
      identity.federateServiceAccount({ issuerUrl: ISSUER, namespace: 'risk', serviceAccount: `scorer-${number}` });
    for (let number = 1; number <= 20; number += 1) federate(number);
    expect(() => federate(21)).toThrow(/too many federated credentials, got 21.*up to 20/s);
  });
});
