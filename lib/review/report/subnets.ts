import type { ResourceModel } from '../../guardrails/model/stack-model';
import type { SynthesizedStack } from '../synth-output';
import { compareEnvironments, environmentOf } from './layers';

/** A subnet that a stack makes, where it lies and how much room it has. */
export interface ReportSubnet {
  readonly environment: string;
  /** Range of the network that it is cut from; empty where the network stands elsewhere. */
  readonly addressSpace: string;
  readonly name: string;
  /** e.g. "10.40.4.0/22". */
  readonly addressPrefix: string;
  /** Addresses but for the five that Azure keeps. */
  readonly usableAddresses: number;
}

/** The address plan: subnets of all environments, in the order of their addresses. */
export function readSubnets(stacks: SynthesizedStack[]): ReportSubnet[] {
  const subnets = stacks.flatMap(({ model }) =>
    model.managed
      .filter(({ type }) => type === 'azurerm_subnet')
      .flatMap((subnet) => rangesOf(subnet).map((range) => rowOf(environmentOf(model.name), subnet, range))),
  );
  return subnets.sort(
    (a, b) => compareEnvironments(a.environment, b.environment) || firstAddress(a.addressPrefix) - firstAddress(b.addressPrefix),
  );
}

function rangesOf(subnet: ResourceModel): string[] {
  return subnet.value('address_prefixes').strings.filter((range) => /^\d+(\.\d+){3}\/\d+$/.test(range));
}

function rowOf(environment: string, subnet: ResourceModel, addressPrefix: string): ReportSubnet {
  const network = subnet.stack.targetsOf(subnet.value('virtual_network_name'))[0];
  const name = subnet.value('name').literal;
  return {
    environment,
    addressSpace: network?.value('address_space').strings.join(', ') ?? '',
    name: typeof name === 'string' ? name : subnet.address,
    addressPrefix,
    usableAddresses: 2 ** (32 - Number(addressPrefix.split('/')[1])) - 5,
  };
}

function firstAddress(range: string): number {
  const [address = ''] = range.split('/');
  return address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
}
