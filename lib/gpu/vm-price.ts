import table from './data/vm-prices.json';

const PRICES: Readonly<Record<string, Readonly<Record<string, number>>>> = table.prices;

/**
 * List prices of Linux VMs, pay as you go, before any discount. A price in a region does not say that the size can be had there.
 */
export class VmPrice {
  /** Day on which the prices were taken, e.g. "2026-06-18". */
  public static readonly DATE: string = table.generatedAt;
  /** Hours that a month has in list prices. */
  public static readonly HOURS_PER_MONTH = 730;

  /**
   * USD for an hour of one VM; undefined when the table has no price for it.
   * @param vmSize ARM name, e.g. "Standard_NC4as_T4_v3"
   * @param region ARM name, e.g. "westeurope"
   */
  public static hourly(vmSize: string, region: string): number | undefined {
    return PRICES[vmSize]?.[region];
  }

  /** USD for a month of one VM; undefined when the table has no price for it. */
  public static monthly(vmSize: string, region: string): number | undefined {
    const hourly = VmPrice.hourly(vmSize, region);
    return hourly === undefined ? undefined : hourly * VmPrice.HOURS_PER_MONTH;
  }

  private constructor() {}
}
