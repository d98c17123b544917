import { describe, expect, test } from 'vitest';
import { armProblems } from '../helpers/arm-schema';
import { testWorkspace } from '../helpers/azure';
import { synth } from '../helpers/synth';

const TYPE = 'Microsoft.MachineLearningServices/workspaces/onlineEndpoints';

function problemsOf(properties: unknown, type = `${TYPE}@2025-06-01`): string[] {
  return armProblems({ resource: { azapi_resource: { X: { type, name: 'oe', body: { properties } } } } });
}

describe('the check against ARM types', () => {
  test('passes what Azure ML takes', () => {
    expect(problemsOf({ authMode: 'AADToken', publicNetworkAccess: 'Disabled', traffic: { blue: 100 } })).toEqual([]);
  });

  test.each([
    ['an unknown property', { authMode: 'AADToken', auth: 'x' }, 'azapi_resource.X.properties.auth is not known'],
    ['a missing property', {}, 'azapi_resource.X.properties: authMode is missing'],
    [
      'a read-only property',
      { authMode: 'AADToken', scoringUri: 'x' },
      'azapi_resource.X.properties.scoringUri: only Azure sets it',
    ],
    [
      'a value that is not allowed',
      { authMode: 'Token' },
      'azapi_resource.X.properties.authMode: "Token" is none of AMLToken, Key, AADToken',
    ],
    [
      'a wrong type',
      { authMode: 'Key', traffic: { blue: 'all' } },
      'azapi_resource.X.properties.traffic.blue: a int is wanted, got "all"',
    ],
  ])('finds %s', (_, properties, problem) => {
    expect(problemsOf(properties)).toEqual([problem]);
  });

  test('looks into the variant that the discriminator names', () => {
    const type = `${TYPE}/deployments@2025-06-01`;
    expect(
      problemsOf({ endpointComputeType: 'Managed', scaleSettings: { scaleType: 'Default', maxInstances: 2 } }, type),
    ).toEqual(['azapi_resource.X.properties.scaleSettings.maxInstances is not known']);
    expect(problemsOf({ endpointComputeType: 'Serverless' }, type)).toEqual([
      'azapi_resource.X.properties: endpointComputeType is none of Kubernetes, Managed',
    ]);
  });

  test('says so when it does not know a type or a version', () => {
    expect(problemsOf({}, 'Microsoft.MachineLearningServices/workspaces/x@2025-06-01')[0]).toMatch(
      /not in test\/fixtures\/facts/,
    );
    expect(problemsOf({}, `${TYPE}@2024-01-01`)[0]).toMatch(/the facts are of 2025-06-01/);
  });

  test('finds nothing in a workspace', () => {
    expect(armProblems(synth(testWorkspace().stack))).toEqual([]);
  });
});
