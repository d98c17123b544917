/** "westeurope" for "West Europe": Azure takes both. */
export function locationName(text: string): string {
  return text.toLowerCase().replaceAll(' ', '');
}
