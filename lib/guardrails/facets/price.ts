import table from '../../gpu/data/vm-prices.json';
import { VmPrice } from '../../gpu/vm-price';
import { locationName } from './location';

/** Azure ML writes sizes in capitals. */
const NAMES = new Map(Object.keys(table.prices).map((size) => [size.toLowerCase(), size]));

/** List price of a VM in USD an hour; undefined where the table has none. */
export function hourlyPrice(vmSize: string, location: string): number | undefined {
  return VmPrice.hourly(NAMES.get(vmSize.toLowerCase()) ?? vmSize, locationName(location));
}
