import { TerraformStack, Testing } from 'cdktf';
import { PlatformContract, type PlatformContractAttributes } from '../../lib/contract';
import {
  InferenceService,
  type InferenceServiceProps,
  ModelFormat,
  ModelServer,
  type ModelServerProps,
  ModelSource,
} from '../../lib/serving';
import { ContainerImage } from '../../lib/tenancy';
import { contractAttributes, fullContract } from '../helpers/contract';

export const DIGEST = `sha256:${'1f2e3d4c'.repeat(8)}`;
export const OTHER_DIGEST = `sha256:${'a0b1c2d3'.repeat(8)}`;
export const IMAGE = ContainerImage.of(`crcontoso.azurecr.io/risk/churn@${DIGEST}`);
export const RISK_OWNER = { team: 'risk-ml', contact: 'risk-ml@contoso.example' };

/** A stack of an app team, and a platform that offers all there is. */
export function appStack(overrides: Partial<PlatformContractAttributes> = {}) {
  const stack = new TerraformStack(Testing.app(), 'risk-prod');
  // As it comes from a file: what is undefined is not there.
  const attributes = JSON.parse(JSON.stringify(fullContract(overrides))) as PlatformContractAttributes;
  const platform = PlatformContract.fromAttributes(stack, 'Platform', attributes);
  return { stack, platform };
}

/** The same in Knative mode. */
export function knativeContract(): Partial<PlatformContractAttributes> {
  return { serving: { ...contractAttributes().serving, deploymentMode: 'Knative' } };
}

/** A platform that has this model server of KServe by digest, and no other. */
export function offering(runtime: string): Partial<PlatformContractAttributes> {
  return { serving: { ...fullContract().serving, runtimes: { [runtime]: 'digest' } } };
}

export function fraud(
  props: Partial<InferenceServiceProps> = {},
  attributes: Partial<PlatformContractAttributes> = {},
): InferenceService {
  const { stack, platform } = appStack(attributes);
  return new InferenceService(stack, 'Fraud', {
    platform,
    tenant: 'risk',
    model: ModelSource.azureBlob('models', 'fraud/7', ModelFormat.SKLEARN),
    owner: RISK_OWNER,
    ...props,
  });
}

export function churn(props: Partial<ModelServerProps> = {}, attributes: Partial<PlatformContractAttributes> = {}): ModelServer {
  const { stack, platform } = appStack(attributes);
  return new ModelServer(stack, 'Churn', { platform, tenant: 'risk', image: IMAGE, owner: RISK_OWNER, ...props });
}
