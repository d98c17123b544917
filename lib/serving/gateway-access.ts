import type { ContractGateway, IMlPlatform } from '../contract';
import { ConfigurationError } from '../core/configuration-error';
import type { ServiceAccess } from './service-access';

/** The gateway that a service is reached through; undefined where it is reached inside the cluster only. */
export function gatewayFor(path: string, platform: IMlPlatform, access: ServiceAccess | undefined): ContractGateway | undefined {
  const { serving } = platform.attributes;
  const knative = serving.deploymentMode === 'Knative';
  // Without an answer: the gateway where there is one. Knative makes routes of its own, which know nothing of tokens.
  const kind = access?.kind ?? (serving.gateway && !knative ? 'entra' : 'cluster');
  if (kind === 'cluster') return undefined;
  if (knative || !serving.gateway) {
    throw new ConfigurationError(path, {
      what: knative
        ? 'Knative mode makes routes of its own, which check no token'
        : `${platform.environment.environmentName} has no gateway`,
      got: `ServiceAccess.${kind}()`,
      allowed: 'ServiceAccess.clusterOnly()',
      fix: knative ? 'leave access out' : 'leave access out, or have the platform team add a gateway',
    });
  }
  return serving.gateway;
}
