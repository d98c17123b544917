import { expectThat } from '../checks';
import { isArmType, ML } from '../facets/azapi';
import type { AttributeValue } from '../model/attribute-value';
import { type IRule, RuleEnforcement, RuleSeverity } from '../rule';
import { Verdict } from '../verdict';

export const deploymentVersionsFixed: IRule = {
  id: 'MLP-END-004',
  title: 'deployments name exact versions of model, environment and image',
  severity: RuleSeverity.HIGH,
  enforcement: RuleEnforcement.PROD,
  resourceTypes: ['azapi_resource'],
  why: 'What "latest" means changes without a commit: nobody can say which model answered yesterday.',
  fix: 'write model and environmentId as .../versions/7, images with a digest or a tag that is no "latest"',
  mappings: { azurePolicy: ['ML_OnlyDeployAllowedRegistryModels'] },
  check: (resource) => {
    if (isArmType(resource, ML.environmentVersion)) {
      const image = resource.value('body.properties.image');
      return image.isMissing
        ? []
        : [
            expectThat(image, { finding: 'image' }).holds(() => isFixedImage(image.text), 'a digest or a fixed tag', [
              'acme.azurecr.io/base:latest',
            ]),
          ];
    }
    if (!isArmType(resource, ML.onlineDeployment, ML.batchDeployment)) return [];
    const [model, environment] = [resource.value('body.properties.model'), resource.value('body.properties.environmentId')];
    const modelId = model.keys.length > 0 ? model.value('assetId') : model;
    return [
      ...(model.isMissing ? [] : [version(modelId, 'model')]),
      ...(environment.isMissing ? [] : [version(environment, 'environment')]),
    ];
  },
};

function version(id: AttributeValue, finding: string): Verdict {
  // The version resource that azapi makes is exact by itself.
  if (id.isReference) return Verdict.pass(id);
  return expectThat(id, { finding }).holds(
    () => /(\/versions\/|:)(?!latest$)[\w.-]+$/.test(id.text) && !id.text.includes('@latest'),
    '.../versions/<n>',
    ['azureml://registries/acme/models/fraud@latest'],
  );
}

function isFixedImage(image: string): boolean {
  return /@sha256:[0-9a-f]{64}$/.test(image) || (/:[\w.-]+$/.test(image) && !image.endsWith(':latest'));
}
