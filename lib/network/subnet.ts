import { Construct, type IConstruct } from 'constructs';

/** A subnet, made here or elsewhere. */
export interface ISubnet extends IConstruct {
  /** ARM id as a reference to the resource. */
  readonly subnetId: string;
  /** ARM id known at synth. */
  readonly armId: string;
}

/** A subnet that exists already. */
export class Subnet {
  public static fromId(scope: Construct, id: string, subnetId: string): ISubnet {
    class Imported extends Construct implements ISubnet {
      public readonly subnetId = subnetId;
      public readonly armId = subnetId;
    }
    return new Imported(scope, id);
  }

  private constructor() {}
}
