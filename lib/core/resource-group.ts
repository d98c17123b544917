import { ResourceGroup as AzurermResourceGroup } from '@cdktf/provider-azurerm/lib/resource-group';
import { Construct, type IConstruct } from 'constructs';
import { Environment } from './environment';
import { statefulLifecycle } from './stateful';

/** A resource group, made here or elsewhere. */
export interface IResourceGroup extends IConstruct {
  /** Its name as a reference to the resource, so that what uses it is made after it. */
  readonly resourceGroupName: string;
  /** Its ARM id, known at synth: for the contract and for scopes. */
  readonly armId: string;
}

export interface ResourceGroupProps {
  /** What the group holds, a word for its name. @default - none: the group of the whole platform */
  readonly purpose?: string;
  /** 1-90 letters, digits, `-._()`. @default - made by the environment's naming */
  readonly resourceGroupName?: string;
}

/** A resource group with the environment's name, location and tags. */
export class ResourceGroup extends Construct implements IResourceGroup {
  /** A group that exists already, in the environment's subscription. */
  public static fromName(scope: Construct, id: string, resourceGroupName: string): IResourceGroup {
    class Imported extends Construct implements IResourceGroup {
      public readonly resourceGroupName = resourceGroupName;
      public readonly armId = Environment.of(this).resourceGroupId(resourceGroupName);
    }
    return new Imported(scope, id);
  }

  public readonly resourceGroupName: string;
  public readonly armId: string;

  constructor(scope: Construct, id: string, props: ResourceGroupProps = {}) {
    super(scope, id);
    const environment = Environment.of(this);
    const named = environment.name(this, 'azurerm_resource_group', props.purpose, props.resourceGroupName);
    const group = new AzurermResourceGroup(this, 'Default', {
      name: named.name,
      location: environment.location,
      tags: named.tags,
      lifecycle: statefulLifecycle(environment),
    });
    this.resourceGroupName = group.name;
    this.armId = environment.resourceGroupId(named.name);
  }
}
